import django.db.models.deletion
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [("bank_transfers", "0001_initial")]

    initial = True

    dependencies = [
        ("shoppers", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
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
                    "shopper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_accounts",
                        to="shoppers.shopper",
                    ),
                ),
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("given_by", models.CharField(max_length=120)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "shopper"], name="bank_account_by_shopper")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="bank_transfers_bankaccount_of_shop"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnAccount",
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
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("changed_by", models.CharField(max_length=120)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="bank_transfers_ownaccount_of_shop"
                    ),
                    models.UniqueConstraint(fields=("shop",), name="own_account_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferFile",
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
                ("message_id", models.CharField(max_length=35)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("made", "made"),
                            ("released", "released"),
                            ("dropped", "dropped"),
                        ],
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("transfers_count", models.PositiveIntegerField()),
                ("sum_minor", models.BigIntegerField()),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "released_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "made_at", "id"], name="transfer_file_by_date")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="bank_transfers_transferfile_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "message_id"), name="transfer_file_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sum_minor__gt", 0)), name="transfer_file_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(
                                ("released_by__isnull", False),
                                models.Q(("released_by", models.F("made_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_file_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                ("refund_id", models.UUIDField()),
                ("payment_reference", models.CharField(max_length=120)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="bank_transfers.bankaccount",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("end_to_end_id", models.CharField(max_length=35)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("in_file", "in_file"),
                            ("at_bank", "at_bank"),
                            ("paid", "paid"),
                            ("returned", "returned"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "transfer_file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="bank_transfers.transferfile",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60)),
                ("bank_reference", models.CharField(blank=True, max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "state", "asked_at"], name="transfer_by_state"),
                    models.Index(fields=["shop", "payment_reference"], name="transfer_by_payment"),
                    models.Index(fields=["shop", "transfer_file"], name="transfer_by_file"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="bank_transfers_transfer_of_shop"
                    ),
                    models.UniqueConstraint(fields=("shop", "refund_id"), name="transfer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="transfer_positive"
                    ),
                ],
            },
        ),
    ]
