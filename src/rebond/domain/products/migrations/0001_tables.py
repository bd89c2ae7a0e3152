import django.db.models.deletion
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("products", "0001_initial")]

    initial = True

    dependencies = [
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Product",
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
                ("sku", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("category", models.CharField(blank=True, max_length=80)),
                ("image", models.CharField(blank=True, max_length=200)),
                ("is_returnable", models.BooleanField(default=True)),
                ("is_final_sale", models.BooleanField(default=False)),
                ("weight_grams", models.PositiveIntegerField(null=True)),
                ("derived", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "category", "sku"], name="product_by_category")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="products_product_of_shop"),
                    models.UniqueConstraint(fields=("shop", "sku"), name="product_sku_once"),
                ],
            },
        ),
    ]
