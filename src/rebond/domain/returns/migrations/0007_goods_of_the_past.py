"""Returns of the past whose terms promised that nothing is sent back."""

from django.db import migrations


def mark(apps, schema_editor):
    """Write down that their goods stay with the shopper."""
    returns = apps.get_model("returns", "Return").objects.using(schema_editor.connection.alias)
    returns.filter(terms__terms__keeps_goods=True).update(goods="kept")


class Migration(migrations.Migration):
    """The rows; the column came with 0006."""

    dependencies = [("returns", "0006_goods")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
