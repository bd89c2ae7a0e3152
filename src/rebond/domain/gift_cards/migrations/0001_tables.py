import django.db.models.deletion
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("gift_cards", "0001_initial")]

    initial = True

    dependencies = [
        ("ledger", "0001_tables"),
        ("shoppers", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="GiftCard",
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
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="ledger.account",
                    ),
                ),
                ("code_hash", models.CharField(max_length=64)),
                ("last_four", models.CharField(max_length=4)),
                (
                    "shopper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gift_cards",
                        to="shoppers.shopper",
                    ),
                ),
                ("refund_id", models.UUIDField(null=True)),
                ("issued_by", models.CharField(max_length=120)),
                ("issued_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "last_four"], name="gift_card_by_last_four"),
                    models.Index(fields=["shop", "shopper"], name="gift_card_by_shopper"),
                    models.Index(fields=["shop", "-issued_at", "-id"], name="gift_card_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="gift_cards_giftcard_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "code_hash"), name="gift_card_code_once"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "account"), name="gift_card_account_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("refund_id__isnull", False)),
                        fields=("shop", "refund_id"),
                        name="gift_card_once_per_refund",
                    ),
                ],
            },
        ),
    ]
