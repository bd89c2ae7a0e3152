from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('warehouse', '0006_shares'),
    ]

    operations = [
        migrations.AddField(
            model_name='inspection',
            name='serials',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
