import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import rebond.domain.returns.states
import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("returns", "0001_initial")]

    initial = True

    dependencies = [
        ("orders", "0001_tables"),
        ("shoppers", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reason",
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
                ("code", models.CharField(max_length=40)),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("product", "Product"),
                            ("experience", "Experience"),
                            ("personal", "Personal"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="returns.reason",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("labels", models.JSONField(default=dict)),
                ("codes", models.JSONField(default=dict)),
                ("categories", models.JSONField(default=list)),
                ("needs_photo", models.BooleanField(default=False)),
                ("is_our_fault", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="returns_reason_of_shop"),
                    models.UniqueConstraint(fields=("shop", "code"), name="reason_code_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
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
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="orders.order",
                    ),
                ),
                (
                    "shopper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="shoppers.shopper",
                    ),
                ),
                ("origin", models.CharField(default="shopper", max_length=10)),
                (
                    "request_state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("needs_info", "needs_info"),
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("cancelled", "cancelled"),
                            ("expired", "expired"),
                            ("closed", "closed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "parcel_state",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("announced", "announced"),
                            ("in_transit", "in_transit"),
                            ("delivered", "delivered"),
                            ("received", "received"),
                            ("lost", "lost"),
                        ],
                        default=rebond.domain.returns.states.ParcelState["NONE"],
                        max_length=14,
                    ),
                ),
                (
                    "inspection_state",
                    models.CharField(
                        choices=[
                            ("awaiting", "awaiting"),
                            ("received", "received"),
                            ("compliant", "compliant"),
                            ("non_compliant", "non_compliant"),
                        ],
                        default=rebond.domain.returns.states.InspectionState["AWAITING"],
                        max_length=14,
                    ),
                ),
                (
                    "money_state",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("planned", "planned"),
                            ("sent", "sent"),
                            ("pending", "pending"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                        ],
                        default=rebond.domain.returns.states.MoneyState["NONE"],
                        max_length=14,
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=10)),
                ("comment", models.TextField(blank=True)),
                ("terms", models.JSONField(default=dict)),
                ("decline_reason", models.CharField(blank=True, max_length=40)),
                ("decline_note", models.TextField(blank=True)),
                ("requested_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "-requested_at", "-id"], name="return_newest"),
                    models.Index(
                        fields=["shop", "request_state", "-requested_at", "-id"],
                        name="return_by_state",
                    ),
                    models.Index(
                        fields=["shop", "money_state", "-requested_at", "-id"],
                        name="return_by_money",
                    ),
                    models.Index(fields=["shop", "order"], name="return_by_order"),
                    models.Index(fields=["shop", "shopper"], name="return_by_shopper"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="returns_return_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "number_key"),
                        name="return_number_once",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                    "rma",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="returns.return",
                    ),
                ),
                ("text", models.TextField()),
                ("by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "rma", "at"], name="note_by_return")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="returns_note_of_shop")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
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
                    "rma",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="returns.return",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "order_line",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_lines",
                        to="orders.orderline",
                    ),
                ),
                ("sku", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("quantity", models.PositiveIntegerField()),
                (
                    "reason",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="returns.reason",
                    ),
                ),
                ("outcome", models.CharField(default="refund", max_length=16)),
                ("comment", models.TextField(blank=True)),
                ("received_quantity", models.PositiveIntegerField(default=0)),
                ("accepted_quantity", models.PositiveIntegerField(null=True)),
                ("credited_minor", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "order_line"], name="return_line_by_order_line"),
                    models.Index(
                        fields=["shop", "sku"],
                        name="return_line_by_sku",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="returns_returnline_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "rma", "position"), name="return_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="return_line_some_piece"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited_minor", None), ("credited_minor__gte", 0), _connector="OR"
                        ),
                        name="return_line_credit_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnLink",
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
                    "rma",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="returns.return",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "rma"], name="return_link_by_return")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="returns_returnlink_of_shop"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
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
                    "rma",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="returns.return",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="returns.returnline",
                    ),
                ),
                ("file", models.CharField(max_length=200)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("taken_by", models.CharField(max_length=12)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "rma"], name="photo_by_return")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="returns_photo_of_shop")
                ],
            },
        ),
    ]
