import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("shoppers", "0001_initial")]

    initial = True

    dependencies = [
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shopper",
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
                ("key", models.CharField(max_length=80)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("name_key", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("email_key", models.CharField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("address", models.JSONField(default=list)),
                ("postcode", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("is_business", models.BooleanField(default=False)),
                ("vat_number", models.CharField(blank=True, max_length=20)),
                ("derived", models.JSONField(default=list)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["shop", "email_key"],
                        name="shopper_by_email",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    ),
                    models.Index(
                        fields=["shop", "name_key"],
                        name="shopper_by_name",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="shoppers_shopper_of_shop"),
                    models.UniqueConstraint(fields=("shop", "key"), name="shopper_key_once"),
                ],
            },
        ),
    ]
