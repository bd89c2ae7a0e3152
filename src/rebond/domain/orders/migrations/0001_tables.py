import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("orders", "0001_initial"), ("orders", "0002_disputed_payments")]

    initial = True

    dependencies = [
        ("products", "0001_tables"),
        ("shoppers", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=200)),
                ("rows_done", models.BigIntegerField(default=0)),
                ("is_finished", models.BooleanField(default=False)),
                ("figures", models.JSONField(default=dict)),
                (
                    "started_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="orders_importrun_of_shop"),
                    models.UniqueConstraint(fields=("shop", "fingerprint"), name="import_run_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("number_key", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=40)),
                (
                    "shopper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="shoppers.shopper",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("channel", models.CharField(default="web", max_length=30)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("postcode_key", models.CharField(blank=True, max_length=20)),
                ("ordered_at", models.DateTimeField()),
                ("currency", models.CharField(max_length=3)),
                ("prices_include_tax", models.BooleanField(default=True)),
                ("total_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("invoice_number", models.CharField(blank=True, max_length=40)),
                ("invoice_date", models.DateField(null=True)),
                ("derived", models.JSONField(default=list)),
                (
                    "imported_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "-ordered_at", "-id"], name="order_newest"),
                    models.Index(fields=["shop", "shopper"], name="order_by_shopper"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="orders_order_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "number_key"),
                        name="order_number_once",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tax_minor__gte", 0), ("tax_minor__lte", models.F("total_minor"))
                        ),
                        name="order_tax_within_total",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="orders.order",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("carrier", models.CharField(blank=True, max_length=60)),
                ("tracking_number", models.CharField(blank=True, max_length=80)),
                ("dispatched_on", models.DateField(null=True)),
                ("delivered_on", models.DateField(null=True)),
                ("derived", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="orders_delivery_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "order", "position"), name="delivery_position"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderCharge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="orders.order",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("shipping", "Shipping"), ("fee", "Fee")], max_length=10
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("amount_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("tax_rate", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="orders_ordercharge_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "order", "position"), name="order_charge_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("tax_minor__gte", 0), ("tax_minor__lte", models.F("amount_minor"))
                            ),
                            models.Q(
                                ("tax_minor__gte", models.F("amount_minor")), ("tax_minor__lte", 0)
                            ),
                            _connector="OR",
                        ),
                        name="order_charge_tax_within_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.order",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.product",
                    ),
                ),
                ("sku", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("quantity", models.PositiveIntegerField()),
                ("delivered_quantity", models.PositiveIntegerField()),
                ("returned_quantity", models.PositiveIntegerField(default=0)),
                ("unit_price", models.CharField(max_length=20)),
                ("discount_minor", models.BigIntegerField(default=0)),
                ("total_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("taxes", models.JSONField(default=list)),
                ("is_returnable", models.BooleanField(default=True)),
                ("is_final_sale", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["shop", "sku"],
                        name="order_line_by_sku",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="orders_orderline_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "order", "position"), name="order_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tax_minor__gte", 0),
                            ("tax_minor__lte", models.F("total_minor")),
                            ("discount_minor__gte", 0),
                        ),
                        name="order_line_tax_within_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_quantity__lte", models.F("delivered_quantity"))
                        ),
                        name="order_line_returned_at_most_delivered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delivered_quantity__lte", models.F("quantity"))),
                        name="order_line_delivered_at_most_ordered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="orders.order",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("provider", models.CharField(max_length=30)),
                ("method", models.CharField(max_length=30)),
                ("reference", models.CharField(max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("captured_minor", models.BigIntegerField()),
                ("refund_reserved_minor", models.BigIntegerField(default=0)),
                ("refunded_outside_minor", models.BigIntegerField(default=0)),
                ("can_refund", models.BooleanField(default=True)),
                ("can_refund_partly", models.BooleanField(default=True)),
                ("is_disputed", models.BooleanField(default=False)),
                ("paid_at", models.DateTimeField(null=True)),
                ("derived", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "provider", "reference"], name="payment_by_ref")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="orders_payment_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "order", "position"), name="payment_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refund_reserved_minor__gte", 0),
                            ("refund_reserved_minor__lte", models.F("captured_minor")),
                        ),
                        name="payment_refunds_at_most_captured",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refunded_outside_minor__gte", 0)),
                        name="payment_outside_not_negative",
                    ),
                ],
            },
        ),
    ]
