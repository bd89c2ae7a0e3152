import django.db.models.deletion
import django.db.models.expressions
import rebond.kernel.ids
from django.db import migrations, models


from rebond.kernel.append_only import only_grows


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_tables'),
        ('products', '0002_families_prices_stock'),
        ('returns', '0001_tables'),
        ('shops', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
                ('rma', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='returns.return')),
                ('state', models.CharField(choices=[('agreed', 'agreed'), ('unpaid', 'unpaid'), ('settled', 'settled'), ('released', 'released'), ('lapsed', 'lapsed'), ('cancelled', 'cancelled')], max_length=12)),
                ('currency', models.CharField(max_length=3)),
                ('channel', models.CharField(max_length=10)),
                ('given_by', models.CharField(max_length=254)),
                ('agreed_by', models.CharField(max_length=120)),
                ('agreed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('sale_minor', models.BigIntegerField(null=True)),
                ('applied_minor', models.BigIntegerField(null=True)),
                ('due_minor', models.BigIntegerField(null=True)),
                ('due_way', models.CharField(blank=True, max_length=30)),
                ('due_reference', models.CharField(blank=True, max_length=120)),
                ('new_order', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='made_by_exchange', to='orders.order')),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['shop', 'rma'], name='exchange_by_return'), models.Index(condition=models.Q(('state__in', ['agreed', 'unpaid'])), fields=['shop', 'expires_at'], name='exchange_to_lapse')],
                'constraints': [models.UniqueConstraint(fields=('shop', 'id'), name='exchanges_exchange_of_shop'), models.UniqueConstraint(condition=models.Q(('state__in', ['lapsed', 'cancelled']), _negated=True), fields=('shop', 'rma'), name='exchange_one_for_each_return'), models.UniqueConstraint(fields=('shop', 'new_order'), name='exchange_order_once'), models.CheckConstraint(condition=models.Q(('sale_minor', None), models.Q(('applied_minor__gte', 0), ('due_minor__gte', 0), ('sale_minor', django.db.models.expressions.CombinedExpression(models.F('applied_minor'), '+', models.F('due_minor')))), _connector='OR'), name='exchange_adds_up')],
            },
        ),
        migrations.CreateModel(
            name='ExchangeLine',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
                ('exchange', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='exchanges.exchange')),
                ('position', models.PositiveIntegerField()),
                ('return_line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='returns.returnline')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.product')),
                ('sku', models.CharField(max_length=64)),
                ('title', models.CharField(max_length=200)),
                ('quantity', models.PositiveIntegerField()),
                ('is_even', models.BooleanField(default=False)),
                ('unit_minor', models.BigIntegerField(default=0)),
                ('tax_rate', models.CharField(max_length=12)),
                ('settled_quantity', models.PositiveIntegerField(null=True)),
                ('gross_minor', models.BigIntegerField(null=True)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('shop', 'id'), name='exchanges_exchangeline_of_shop'), models.UniqueConstraint(fields=('shop', 'exchange', 'position'), name='exchange_line_position'), models.UniqueConstraint(fields=('shop', 'exchange', 'return_line'), name='exchange_line_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('unit_minor__gte', 0)), name='exchange_line_positive'), models.CheckConstraint(condition=models.Q(('settled_quantity', None), ('settled_quantity__lte', models.F('quantity')), _connector='OR'), name='exchange_line_at_most_agreed'), models.CheckConstraint(condition=models.Q(('gross_minor', None), ('gross_minor__gte', 0), _connector='OR'), name='exchange_line_gross_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='ExchangePayment',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
                ('exchange', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='exchanges.exchange')),
                ('refund_id', models.UUIDField()),
                ('payment_reference', models.CharField(max_length=120)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['shop', 'exchange'], name='exchange_payment_by_exchange'), models.Index(fields=['shop', 'payment_reference'], name='exchange_payment_by_ref')],
                'constraints': [models.UniqueConstraint(fields=('shop', 'id'), name='exchanges_exchangepayment_of_shop'), models.UniqueConstraint(fields=('shop', 'refund_id'), name='exchange_paid_once'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='exchange_payment_positive')],
            },
        ),
        migrations.CreateModel(
            name='SaleDocument',
            fields=[
                ('id', models.UUIDField(default=rebond.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
                ('exchange', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='exchanges.exchange')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('series', models.CharField(max_length=20)),
                ('number', models.PositiveBigIntegerField()),
                ('label', models.CharField(max_length=40)),
                ('language', models.CharField(max_length=10)),
                ('currency', models.CharField(max_length=3)),
                ('net_minor', models.BigIntegerField()),
                ('tax_minor', models.BigIntegerField()),
                ('gross_minor', models.BigIntegerField()),
                ('content', models.JSONField()),
                ('issued_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('shop', 'id'), name='exchanges_saledocument_of_shop'), models.UniqueConstraint(fields=('shop', 'series', 'number'), name='sale_document_number'), models.UniqueConstraint(fields=('shop', 'exchange'), name='sale_document_once'), models.CheckConstraint(condition=models.Q(('gross_minor__gte', 0), ('number__gt', 0), ('gross_minor', django.db.models.expressions.CombinedExpression(models.F('net_minor'), '+', models.F('tax_minor')))), name='sale_document_adds_up')],
            },
        ),
        only_grows("exchanges_exchangepayment"),
        only_grows("exchanges_saledocument"),
    ]
