import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import rebond.domain.returns.states
import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("shipping", "0001_initial"), ("shipping", "0002_parcel_moments")]

    initial = True

    dependencies = [
        ("returns", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Parcel",
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
                        related_name="parcels",
                        to="returns.return",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("carrier", models.CharField(max_length=30)),
                ("carrier_name", models.CharField(blank=True, max_length=60)),
                ("tracking_number", models.CharField(blank=True, max_length=80)),
                ("tracking_key", models.CharField(blank=True, max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("announced", "announced"),
                            ("in_transit", "in_transit"),
                            ("delivered", "delivered"),
                            ("received", "received"),
                            ("lost", "lost"),
                        ],
                        default=rebond.domain.returns.states.ParcelState["ANNOUNCED"],
                        max_length=14,
                    ),
                ),
                (
                    "announced_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("handed_in_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["shop", "tracking_key"],
                        name="parcel_by_tracking",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="shipping_parcel_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "rma", "position"), name="parcel_position"
                    ),
                ],
            },
        ),
    ]
