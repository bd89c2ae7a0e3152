import django.db.models.deletion
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("machines", "0001_initial")]

    initial = True

    dependencies = [
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
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
                ("title", models.CharField(max_length=80)),
                ("secret_hash", models.CharField(max_length=64)),
                ("scopes", models.JSONField(default=list)),
                ("made_by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "made_at"], name="api_key_by_date")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="machines_apikey_of_shop")
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenAnswer",
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
                    "api_key",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="machines.apikey",
                    ),
                ),
                ("route", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(blank=True)),
                ("content_type", models.CharField(blank=True, max_length=60)),
                ("token", models.UUIDField()),
                ("busy_until", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "made_at"], name="given_answer_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="machines_givenanswer_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "api_key", "route", "key"), name="given_answer_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", True),
                            models.Q(("status__gte", 200), ("status__lt", 600)),
                            _connector="OR",
                        ),
                        name="given_answer_status",
                    ),
                ],
            },
        ),
    ]
