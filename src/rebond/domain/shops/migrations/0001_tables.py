import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("shops", "0001_initial"), ("shops", "0002_tender_order")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Shop",
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
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("domain", models.CharField(max_length=253, null=True, unique=True)),
                ("email", models.EmailField(max_length=254)),
                ("country", models.CharField(default="FR", max_length=2)),
                ("languages", models.JSONField(default=list)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("time_zone", models.CharField(default="Europe/Paris", max_length=60)),
                ("colours", models.JSONField(default=dict)),
                ("legal", models.JSONField(default=dict)),
                ("return_address", models.JSONField(default=list)),
                ("credit_note_series", models.CharField(default="AV", max_length=10)),
                ("fiscal_year_starts_in", models.PositiveSmallIntegerField(default=1)),
                ("payment_provider", models.CharField(default="paper", max_length=30)),
                ("tender_order", models.JSONField(default=list)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fiscal_year_starts_in__range", (1, 12))),
                        name="shop_fiscal_month",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Staff",
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
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("manager", "manager"),
                            ("agent", "agent"),
                            ("warehouse", "warehouse"),
                            ("accountant", "accountant"),
                            ("read_only", "read_only"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["user"], name="staff_by_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="shops_staff_of_shop"),
                    models.UniqueConstraint(fields=("shop", "user"), name="staff_once_per_shop"),
                ],
            },
        ),
    ]
