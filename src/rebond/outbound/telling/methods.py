"""Where money goes, in words that a shopper knows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

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


def method_word(method: str) -> str:
    """Where money goes that is paid back to the payment ``method``."""
    text = METHODS.get(method)
    return _(text) if text else _("the means of payment used for the order")
