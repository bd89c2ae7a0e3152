from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0002_order_batches'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderline',
            name='guaranteed_until',
            field=models.DateField(null=True),
        ),
    ]
