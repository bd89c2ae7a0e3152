import django.db.models.deletion
import rebond.kernel.ids
import rebond.outbound.webhooks.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('shops', '0002_logo'),
    ]

    operations = [
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=500)),
                ('types', models.JSONField(default=list)),
                ('is_active', models.BooleanField(default=True)),
                ('why_off', models.CharField(blank=True, max_length=10)),
                ('generation', models.PositiveIntegerField(default=1)),
                ('rotated_at', models.DateTimeField(null=True)),
                ('made_by', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.UUIDField()),
                ('subject', models.UUIDField()),
                ('sequence', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('dead', 'dead')], default=rebond.outbound.webhooks.models.DeliveryState['WAITING'], max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('last_status', models.PositiveSmallIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
                ('endpoint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='webhooks.endpoint')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('milliseconds', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
                ('delivery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='webhooks.delivery')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['shop', 'delivery', 'at'], name='attempt_by_delivery')],
                'constraints': [models.UniqueConstraint(fields=('shop', 'id'), name='webhooks_attempt_of_shop')],
            },
        ),
        migrations.AddIndex(
            model_name='endpoint',
            index=models.Index(fields=['shop', 'made_at'], name='endpoint_by_date'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.UniqueConstraint(fields=('shop', 'id'), name='webhooks_endpoint_of_shop'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_active', True), ('why_off', '')), models.Q(('is_active', False), models.Q(('why_off', ''), _negated=True)), _connector='OR'), name='endpoint_off_with_a_reason'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['shop', 'endpoint', 'subject', 'sequence'], name='delivery_in_line'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['shop', 'next_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['shop', 'endpoint', '-made_at', '-id'], name='delivery_newest'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('shop', 'id'), name='webhooks_delivery_of_shop'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('shop', 'endpoint', 'event_id'), name='delivery_once'),
        ),
    ]
