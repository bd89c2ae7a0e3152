import django.db.models.deletion
import django.db.models.expressions
import rebond.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_tables'),
        ('shops', '0002_logo'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderBatch',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('total', models.PositiveIntegerField()),
                ('entered', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('made_by', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OrderBatchRow',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('told', models.JSONField(default=dict)),
                ('code', models.CharField(blank=True, max_length=60)),
                ('facts', models.JSONField(default=dict)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='orders.orderbatch')),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='orderbatch',
            index=models.Index(fields=['shop', '-made_at', '-id'], name='order_batch_newest'),
        ),
        migrations.AddConstraint(
            model_name='orderbatch',
            constraint=models.UniqueConstraint(fields=('shop', 'id'), name='orders_orderbatch_of_shop'),
        ),
        migrations.AddConstraint(
            model_name='orderbatch',
            constraint=models.CheckConstraint(condition=models.Q(('total__gte', django.db.models.expressions.CombinedExpression(models.F('entered'), '+', models.F('refused')))), name='order_batch_adds_up'),
        ),
        migrations.AddIndex(
            model_name='orderbatchrow',
            index=models.Index(fields=['shop', 'batch', 'code', 'position'], name='batch_row_waiting'),
        ),
        migrations.AddConstraint(
            model_name='orderbatchrow',
            constraint=models.UniqueConstraint(fields=('shop', 'id'), name='orders_orderbatchrow_of_shop'),
        ),
        migrations.AddConstraint(
            model_name='orderbatchrow',
            constraint=models.UniqueConstraint(fields=('shop', 'batch', 'position'), name='batch_row_once'),
        ),
    ]
