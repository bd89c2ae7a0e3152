from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('machines', '0001_tables'),
        ('shops', '0002_logo'),
    ]

    operations = [
        migrations.AddField(
            model_name='apikey',
            name='networks',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='apikey',
            name='per_minute',
            field=models.PositiveIntegerField(default=600),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('per_minute__gte', 1)), name='api_key_some_request'),
        ),
    ]
