from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0005_guarantee_of_each_piece'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderline',
            name='serials',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
