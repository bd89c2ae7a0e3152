import django.db.models.deletion
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("loyalty", "0001_initial")]

    initial = True

    dependencies = [
        ("ledger", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderPoints",
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
                ("order_number", models.CharField(max_length=120)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_points",
                        to="ledger.account",
                    ),
                ),
                ("earned", models.PositiveIntegerField(default=0)),
                ("burned", models.PositiveIntegerField(default=0)),
                (
                    "burn",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.transaction",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "account"], name="order_points_by_account")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="loyalty_orderpoints_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "order_number"), name="order_points_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsReturn",
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
                    "points",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="loyalty.orderpoints",
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("currency", models.CharField(max_length=3)),
                ("returned_minor", models.BigIntegerField()),
                ("due", models.PositiveIntegerField()),
                ("taken_back", models.PositiveIntegerField()),
                ("given_back", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "points"], name="points_return_by_order")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="loyalty_pointsreturn_of_shop"
                    ),
                    models.UniqueConstraint(fields=("shop", "key"), name="points_return_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_minor__gte", 0), ("taken_back__lte", models.F("due"))
                        ),
                        name="points_taken_at_most_due",
                    ),
                ],
            },
        ),
    ]
