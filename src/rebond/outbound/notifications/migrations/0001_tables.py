import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("notifications", "0001_initial"), ("notifications", "0002_messages_to_the_shop")]

    initial = True

    dependencies = [
        ("returns", "0001_tables"),
        ("shoppers", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="returns.return",
                    ),
                ),
                (
                    "shopper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shoppers.shopper",
                    ),
                ),
                ("to_address", models.EmailField(blank=True, max_length=254)),
                ("channel", models.CharField(default="email", max_length=20)),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("attachments", models.JSONField(default=list)),
                ("cause", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("undeliverable", "Undeliverable"),
                        ],
                        default="queued",
                        max_length=14,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=300)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "rma"], name="message_by_return")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="notifications_message_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "cause", "kind", "channel"), name="message_once_per_event"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shopper__isnull", False),
                            models.Q(("to_address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="message_to_somebody",
                    ),
                ],
            },
        ),
    ]
