import django.db.models.deletion
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("warehouse", "0001_initial")]

    initial = True

    dependencies = [
        ("returns", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inspection",
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
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="returns.returnline",
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("a", "a"),
                            ("b", "b"),
                            ("c", "c"),
                            ("d", "d"),
                            ("missing", "missing"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("restock", "restock"),
                            ("refurbish", "refurbish"),
                            ("resell", "resell"),
                            ("donate", "donate"),
                            ("recycle", "recycle"),
                            ("destroy", "destroy"),
                            ("return_to_vendor", "return_to_vendor"),
                            ("quarantine", "quarantine"),
                            ("missing", "missing"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_accepted", models.BooleanField()),
                ("kept_percent", models.PositiveSmallIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=1000)),
                (
                    "photo",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="returns.photo",
                    ),
                ),
                ("by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "line"], name="inspection_by_line")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="warehouse_inspection_of_shop"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="inspection_some_piece"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept_percent__lte", 100)), name="inspection_kept_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                        related_name="receipts",
                        to="returns.return",
                    ),
                ),
                ("counts", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=500)),
                ("by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "rma"], name="receipt_by_return")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="warehouse_receipt_of_shop")
                ],
            },
        ),
    ]
