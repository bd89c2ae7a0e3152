"""Every table keeps the rules that let shops be moved apart and money be believed."""

import uuid

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from tests.house import schema

from rebond.domain.shops.models import Shop

# Tables that are not one shop's, each with its reason.
NOT_OF_A_SHOP = {
    "kernel.Job": "workers take what is due, whoever it is for",
    "kernel.Schedule": "one row per function that runs by the clock",
    "shops.Shop": "is the shop",
    "sign_in.OuterIdentity": "who somebody is at the provider of the house, whatever the shop",
    "sign_in.DeskSession": "a browser is logged in for all shops of a person",
    "sign_in.Factor": "a second factor is a person's, whatever the shop",
    "sign_in.RecoveryCode": "the same",
    "sign_in.SignInTries": "who tries a password has not said for which shop",
    "shops.User": "one login may work in several shops",
}
# Keys that do not begin with the shop, each with its reason.
LOOKED_UP_ACROSS_SHOPS = {
    "ledger.Hold: hold_to_expire": "the clock asks for every hold whose time is over",
    "ledger.Lot: lot_cash_to_expire": "the clock asks for all value whose time is over",
    "ledger.Lot: lot_bonus_to_expire": "the same, for bonus",
    "refunds.ProviderEvent: provider_event_to_try": "the clock asks for every message that waits",
    "refunds.Refund: refund_to_check": "the clock asks for every refund whose check is due",
    "shops.Staff: staff_by_user": "the shops a person works in are found by the person",
}
TABLES = [model for model in apps.get_models() if model.__module__.startswith("rebond.")]
OF_A_SHOP = [model for model in TABLES if model._meta.label not in NOT_OF_A_SHOP]


def test_every_table_belongs_to_a_shop_or_says_why_not():
    assert schema.rows_without_shop(OF_A_SHOP) == []
    assert {model._meta.label for model in TABLES} >= set(NOT_OF_A_SHOP)


def test_every_key_begins_with_the_shop():
    known = tuple(LOOKED_UP_ACROSS_SHOPS)
    found = [f for f in schema.keys_not_led_by_shop(OF_A_SHOP) if not f.startswith(known)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "rule",
    [
        schema.ids_not_made_by_us,
        schema.money_not_in_minor_units,
        schema.money_without_check,
        schema.money_that_cascades,
    ],
    ids=lambda rule: rule.__name__,
)
def test_every_table_of_a_shop_keeps_the_rule(rule):
    findings = rule(OF_A_SHOP)
    assert not findings, "\n".join(findings)


# --- each rule bites ----------------------------------------------------------------------


def shop_column() -> models.Field:
    return models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)


@isolate_apps("rebond.kernel")
def test_a_table_without_shop_is_found():
    class Lonely(models.Model):
        class Meta:
            app_label = "kernel"

    class Undecided(models.Model):
        shop_id = models.UUIDField(null=True)

        class Meta:
            app_label = "kernel"

    assert schema.rows_without_shop([Lonely, Undecided]) == [
        "kernel.Lonely has no shop",
        "kernel.Undecided has no shop",
    ]


@isolate_apps("rebond.kernel")
def test_keys_across_shops_are_found():
    class Gift(models.Model):
        shop = shop_column()
        code = models.CharField(max_length=9, unique=True)
        colour = models.CharField(max_length=9, db_index=True)
        paper = models.ForeignKey("self", models.PROTECT)

        class Meta:
            app_label = "kernel"
            constraints = [
                models.UniqueConstraint(fields=["code", "shop"], name="wrong"),
                models.UniqueConstraint(fields=["shop", "code"], name="right"),
            ]
            indexes = [
                models.Index(fields=["-colour"], name="wrong_too"),
                models.Index(fields=["shop", "colour"], name="right_too"),
            ]

    assert [f.split(": ")[1] for f in schema.keys_not_led_by_shop([Gift])] == [
        "wrong does not begin with the shop",
        "unique code does not begin with the shop",
        "wrong_too does not begin with the shop",
        "index of colour does not begin with the shop",
        "index of paper does not begin with the shop",
    ]


@isolate_apps("rebond.kernel")
def test_counted_ids_are_found():
    class Counted(models.Model):
        shop = shop_column()

        class Meta:
            app_label = "kernel"

    class Unnamed(models.Model):
        id = models.UUIDField(primary_key=True)
        shop = shop_column()

        class Meta:
            app_label = "kernel"
            constraints = [models.UniqueConstraint(fields=["shop", "id"], name="x")]

    class Sound(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        shop = shop_column()

        class Meta:
            app_label = "kernel"
            constraints = [models.UniqueConstraint(fields=["shop", "id"], name="y")]

    assert len(schema.ids_not_made_by_us([Counted])) == 2
    assert len(schema.ids_not_made_by_us([Unnamed])) == 1
    assert schema.ids_not_made_by_us([Sound]) == []


@isolate_apps("rebond.kernel")
def test_loose_money_is_found():
    class Purse(models.Model):
        shop = shop_column()
        weight = models.FloatField()
        price = models.DecimalField(max_digits=9, decimal_places=2)
        tax_rate = models.DecimalField(max_digits=9, decimal_places=2)
        fee_minor = models.IntegerField()

        class Meta:
            app_label = "kernel"

    assert schema.money_not_in_minor_units([Purse]) == [
        "kernel.Purse.weight is a float",
        "kernel.Purse.price is money, so it ends in _minor",
        "kernel.Purse.fee_minor is not a BigIntegerField",
        "kernel.Purse has money without a currency",
    ]


@isolate_apps("rebond.kernel")
def test_unchecked_and_cascading_money_is_found():
    class Purse(models.Model):
        currency = models.CharField(max_length=3)
        paid_minor = models.BigIntegerField()
        kept_minor = models.BigIntegerField()

        class Meta:
            app_label = "kernel"
            constraints = [models.CheckConstraint(condition=models.Q(paid_minor__gte=0), name="z")]

    class Coin(models.Model):
        purse = models.ForeignKey(Purse, models.CASCADE)

        class Meta:
            app_label = "kernel"

    assert schema.money_not_in_minor_units([Purse]) == []
    assert schema.money_without_check([Purse]) == ["kernel.Purse.kept_minor has no CHECK"]
    assert schema.money_that_cascades([Purse, Coin]) == ["kernel.Coin.purse cascades"]
