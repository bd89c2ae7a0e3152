import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

import rebond.kernel.ids
from rebond.kernel.append_only import only_grows

FUNCTION = """
CREATE FUNCTION rebond_entries_balance() RETURNS trigger AS $$
BEGIN
    IF (SELECT sum(amount_minor) FROM ledger_entry
        WHERE shop_id = NEW.shop_id AND transaction_id = NEW.transaction_id) <> 0 THEN
        RAISE EXCEPTION 'the entries of transaction % do not sum to zero', NEW.transaction_id;
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rebond_entries_balance();
"""


def demand_balance(apps, editor):
    """At commit, on PostgreSQL; SQLite has no such triggers and relies on `books.book` alone."""
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION, params=None)
        editor.execute(TRIGGER, params=None)


def forget_balance(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER ledger_entry_balances ON ledger_entry", params=None)
        editor.execute("DROP FUNCTION rebond_entries_balance()", params=None)


class Migration(migrations.Migration):
    replaces = [("ledger", "0001_initial"), ("ledger", "0002_books_only_grow")]

    initial = True

    dependencies = [
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("store_credit", "store_credit"),
                            ("gift_card", "gift_card"),
                            ("points", "points"),
                            ("funding", "funding"),
                            ("promotion", "promotion"),
                            ("sales", "sales"),
                            ("breakage", "breakage"),
                            ("payout", "payout"),
                        ],
                        max_length=14,
                    ),
                ),
                ("owner", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("balance_minor", models.BigIntegerField(default=0)),
                ("held_minor", models.BigIntegerField(default=0)),
                ("blocked_at", models.DateTimeField(null=True)),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "owner"], name="ledger_account_by_owner"),
                    models.Index(
                        fields=["shop", "kind", "-opened_at", "-id"], name="ledger_newest"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="ledger_account_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "kind", "owner", "currency"), name="ledger_account_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_minor__gte", 0), ("held_minor__lte", models.F("balance_minor"))
                        ),
                        name="ledger_account_never_below_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditTerms",
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
                ("bonus_percent", models.PositiveSmallIntegerField(default=0)),
                ("bonus_days", models.PositiveIntegerField(null=True)),
                ("cash_days", models.PositiveIntegerField(null=True)),
                ("card_days", models.PositiveIntegerField(null=True)),
                ("points_per_unit", models.PositiveIntegerField(default=0)),
                ("points_days", models.PositiveIntegerField(null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="ledger_creditterms_of_shop"
                    ),
                    models.UniqueConstraint(fields=("shop",), name="credit_terms_once"),
                    models.CheckConstraint(
                        condition=models.Q(("bonus_percent__lte", 100)),
                        name="credit_terms_bonus_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
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
                        related_name="holds",
                        to="ledger.account",
                    ),
                ),
                ("reference", models.CharField(max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("captured_minor", models.BigIntegerField(default=0)),
                ("released_minor", models.BigIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "account", "made_at"], name="hold_by_account"),
                    models.Index(
                        condition=models.Q(
                            (
                                "amount_minor__gt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("captured_minor"), "+", models.F("released_minor")
                                ),
                            )
                        ),
                        fields=["expires_at"],
                        name="hold_to_expire",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="ledger_hold_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "reference"), name="hold_reference_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__gt", 0),
                            ("captured_minor__gte", 0),
                            ("released_minor__gte", 0),
                            (
                                "amount_minor__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("captured_minor"), "+", models.F("released_minor")
                                ),
                            ),
                        ),
                        name="hold_within_what_was_set_aside",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
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
                        related_name="lots",
                        to="ledger.account",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("origin", models.CharField(max_length=20)),
                ("source", models.CharField(blank=True, max_length=120)),
                ("cash_minor", models.BigIntegerField(default=0)),
                ("bonus_minor", models.BigIntegerField(default=0)),
                ("cash_left_minor", models.BigIntegerField(default=0)),
                ("bonus_left_minor", models.BigIntegerField(default=0)),
                ("cash_held_minor", models.BigIntegerField(default=0)),
                ("bonus_held_minor", models.BigIntegerField(default=0)),
                ("is_bonus_given", models.BooleanField(default=False)),
                ("cash_expires_at", models.DateTimeField(null=True)),
                ("bonus_expires_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["shop", "account", "opened_at", "id"], name="lot_first_in"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("cash_expires_at__isnull", False), ("cash_left_minor__gt", 0)
                        ),
                        fields=["cash_expires_at"],
                        name="lot_cash_to_expire",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("bonus_expires_at__isnull", False), ("bonus_left_minor__gt", 0)
                        ),
                        fields=["bonus_expires_at"],
                        name="lot_bonus_to_expire",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="ledger_lot_of_shop"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cash_held_minor__gte", 0),
                            ("cash_held_minor__lte", models.F("cash_left_minor")),
                            ("cash_left_minor__lte", models.F("cash_minor")),
                        ),
                        name="lot_cash_within_what_came_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bonus_held_minor__gte", 0),
                            ("bonus_held_minor__lte", models.F("bonus_left_minor")),
                            ("bonus_left_minor__lte", models.F("bonus_minor")),
                        ),
                        name="lot_bonus_within_what_came_in",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transaction",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("issued", "issued"),
                            ("topped_up", "topped_up"),
                            ("used", "used"),
                            ("restored", "restored"),
                            ("expired", "expired"),
                            ("cashed_out", "cashed_out"),
                            ("taken_back", "taken_back"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transactions",
                        to="ledger.account",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("cause", models.CharField(max_length=160)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "reverses",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="ledger.transaction",
                    ),
                ),
                ("actor", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "account", "-at", "-id"], name="ledger_statement"),
                    models.Index(fields=["shop", "reference"], name="ledger_by_reference"),
                    models.Index(fields=["shop", "at"], name="ledger_by_time"),
                    models.Index(fields=["shop", "reverses"], name="ledger_by_reversed"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="ledger_transaction_of_shop"
                    ),
                    models.UniqueConstraint(fields=("shop", "cause"), name="ledger_cause_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)),
                        name="ledger_transaction_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
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
                    "transaction",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.transaction",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.account",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.lot",
                    ),
                ),
                (
                    "part",
                    models.CharField(choices=[("cash", "cash"), ("bonus", "bonus")], max_length=5),
                ),
                (
                    "restores",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restored_by",
                        to="ledger.entry",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "transaction"], name="entry_by_transaction"),
                    models.Index(fields=["shop", "account", "at"], name="entry_by_account"),
                    models.Index(fields=["shop", "lot"], name="entry_by_lot"),
                    models.Index(fields=["shop", "restores"], name="entry_by_restored"),
                    models.Index(fields=["shop", "at"], name="entry_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="ledger_entry_of_shop"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True),
                        name="entry_not_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldPart",
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
                    "hold",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="ledger.hold",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hold_parts",
                        to="ledger.lot",
                    ),
                ),
                (
                    "part",
                    models.CharField(choices=[("cash", "cash"), ("bonus", "bonus")], max_length=5),
                ),
                ("position", models.PositiveIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                ("gone_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "lot"], name="hold_part_by_lot")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="ledger_holdpart_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "hold", "position"), name="hold_part_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__gt", 0),
                            ("gone_minor__gte", 0),
                            ("gone_minor__lte", models.F("amount_minor")),
                        ),
                        name="hold_part_within_its_amount",
                    ),
                ],
            },
        ),
        only_grows("ledger_transaction"),
        only_grows("ledger_entry"),
        migrations.RunPython(demand_balance, forget_balance),
    ]
