"""Where money goes, in words that a shopper knows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.refunds.models import Refund

METHODS = {
    "card": N_("your card"),
    "bank_transfer": N_("your bank account, by transfer"),
    "paypal": N_("your PayPal account"),
    "gift_card": N_("your gift card"),
    "cash": N_("cash at the shop"),
    "store_credit": N_("your store credit"),
    "wallet": N_("your wallet"),
    "voucher": N_("your voucher"),
    "exchange": N_("your exchange"),
}
WAYS = {
    "store_credit": N_("your store credit"),
    "gift_card": N_("a new gift card, its code by e-mail"),
    "exchange": N_("the article you get instead"),
    "bank_transfer": N_("your bank account, by transfer"),
}


def way_word(way: str) -> str:
    """Where money goes by a way that the shopper chose."""
    text = WAYS.get(way)
    return _(text) if text else _("another way that we find with you")


def place_word(refund: Refund) -> str:
    """Where the money of ``refund`` goes: the way it came, or the chosen one."""
    if refund.takes_another_way and refund.provider in WAYS:
        return way_word(refund.provider)
    return method_word(refund.payment.method)


def method_word(method: str) -> str:
    """Where money goes that is paid back to the payment ``method``."""
    text = METHODS.get(method)
    return _(text) if text else _("the means of payment used for the order")
