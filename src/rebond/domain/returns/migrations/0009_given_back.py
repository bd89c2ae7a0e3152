from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('returns', '0008_donations'),
    ]

    operations = [
        migrations.AddField(
            model_name='returnline',
            name='is_given_back',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
