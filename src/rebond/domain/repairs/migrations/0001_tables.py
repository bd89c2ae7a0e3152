import django.db.models.deletion
import rebond.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('returns', '0009_given_back'),
        ('shops', '0002_logo'),
    ]

    operations = [
        migrations.CreateModel(
            name='Repair',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('awaited', 'awaited'), ('in_repair', 'in_repair'), ('repaired', 'repaired'), ('failed', 'failed'), ('refused', 'refused'), ('sent_back', 'sent_back'), ('turned', 'turned'), ('over', 'over')], max_length=10)),
                ('asked_on', models.DateField()),
                ('carrier', models.CharField(blank=True, max_length=60)),
                ('tracking_number', models.CharField(blank=True, max_length=80)),
                ('sent_back_at', models.DateTimeField(null=True)),
                ('guaranteed_until', models.DateField(null=True)),
                ('money_asked_at', models.DateTimeField(null=True)),
                ('turned_into', models.CharField(blank=True, choices=[('replacement', 'replacement'), ('refund', 'refund')], max_length=12)),
                ('turned_ground', models.CharField(blank=True, choices=[('impossible', 'impossible'), ('too_dear', 'too_dear'), ('agreed', 'agreed')], max_length=12)),
                ('turned_note', models.TextField(blank=True)),
                ('since', models.DateTimeField()),
                ('rma', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='repairs', to='returns.return')),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['shop', 'state', 'since'], name='repair_by_state')],
                'constraints': [models.UniqueConstraint(fields=('shop', 'id'), name='repairs_repair_of_shop'), models.UniqueConstraint(fields=('shop', 'rma'), name='repair_once'), models.CheckConstraint(condition=models.Q(('state__in', ['awaited', 'in_repair', 'repaired', 'failed', 'refused', 'sent_back', 'turned', 'over'])), name='repair_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent_back'), models.Q(('sent_back_at', None), _negated=True)), models.Q(models.Q(('state', 'sent_back'), _negated=True), ('sent_back_at', None)), _connector='OR'), name='repair_sent_back_with_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'turned'), models.Q(('turned_into', ''), _negated=True), models.Q(('turned_ground', ''), _negated=True)), models.Q(models.Q(('state', 'turned'), _negated=True), ('turned_ground', ''), ('turned_into', '')), _connector='OR'), name='repair_turned_into_something')],
            },
        ),
    ]
