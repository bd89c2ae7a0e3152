from django.db import migrations, models


def carry_over(apps, schema_editor):
    """Until now a repair was of one piece, and its new end stood on the whole line."""
    lines = apps.get_model("orders", "OrderLine").objects.using(schema_editor.connection.alias)
    for line in lines.exclude(guaranteed_until=None).only("guaranteed_until").iterator():
        lines.filter(pk=line.pk).update(piece_guarantees=[line.guaranteed_until.isoformat()])


class Migration(migrations.Migration):
    """The old column stays in the table, empty on new rows, for processes of the old version."""

    dependencies = [
        ('orders', '0004_how_a_sale_is_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderline',
            name='piece_guarantees',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='orderline', name='guaranteed_until'),
            ],
        ),
    ]
