from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('warehouse', '0002_stock'),
    ]

    operations = [
        migrations.AlterField(
            model_name='batch',
            name='disposition',
            field=models.CharField(choices=[('restock', 'restock'), ('refurbish', 'refurbish'), ('resell', 'resell'), ('donate', 'donate'), ('recycle', 'recycle'), ('destroy', 'destroy'), ('return_to_vendor', 'return_to_vendor'), ('quarantine', 'quarantine'), ('repair', 'repair'), ('missing', 'missing')], max_length=16),
        ),
        migrations.AlterField(
            model_name='inspection',
            name='disposition',
            field=models.CharField(choices=[('restock', 'restock'), ('refurbish', 'refurbish'), ('resell', 'resell'), ('donate', 'donate'), ('recycle', 'recycle'), ('destroy', 'destroy'), ('return_to_vendor', 'return_to_vendor'), ('quarantine', 'quarantine'), ('repair', 'repair'), ('missing', 'missing')], max_length=16),
        ),
        migrations.AlterField(
            model_name='unit',
            name='disposition',
            field=models.CharField(choices=[('restock', 'restock'), ('refurbish', 'refurbish'), ('resell', 'resell'), ('donate', 'donate'), ('recycle', 'recycle'), ('destroy', 'destroy'), ('return_to_vendor', 'return_to_vendor'), ('quarantine', 'quarantine'), ('repair', 'repair'), ('missing', 'missing')], max_length=16),
        ),
        migrations.AlterField(
            model_name='unit',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('in_work', 'in_work'), ('quarantine', 'quarantine'), ('placed', 'placed'), ('gone', 'gone'), ('given_back', 'given_back')], max_length=10),
        ),
    ]
