from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('returns', '0010_split_from'),
    ]

    operations = [
        migrations.AddField(
            model_name='reason',
            name='is_in_transit',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
