"""What the pages about balances say: kinds, movements, origins, lines of the report."""

from datetime import date

from babel.dates import format_date
from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.ledger.kinds import POINTS_CURRENCY
from rebond.kernel import formats
from rebond.web.ui.words import active_language, amount

register = template.Library()

HOLDERS = {
    "store_credit": N_("Store credit"),
    "gift_card": N_("Gift card"),
    "points": N_("Points"),
}
MOVEMENTS = {
    "issued": N_("Given"),
    "topped_up": N_("Topped up"),
    "used": N_("Used"),
    "restored": N_("Given back"),
    "expired": N_("Expired"),
    "cashed_out": N_("Paid out"),
    "taken_back": N_("Taken back"),
}
ORIGINS = {
    "refund": N_("Refund kept as credit"),
    "bonus": N_("Bonus"),
    "hand": N_("Given by hand"),
    "top_up": N_("Top-up"),
    "order": N_("Order"),
    "no_receipt": N_("Goods without a receipt"),
}
LINES = {
    "opening": N_("Owed at the beginning"),
    "issued_cash": N_("Given: money kept"),
    "issued_bonus": N_("Given: bonus and gestures"),
    "topped_up": N_("Topped up"),
    "restored": N_("Given back after returns"),
    "used": N_("Used for purchases"),
    "expired": N_("Expired"),
    "cashed_out": N_("Paid out"),
    "taken_back": N_("Taken back"),
    "closing": N_("Owed at the end"),
}


@register.filter
def worth(minor: int, currency: str) -> str:
    """An amount of money, or a number of points."""
    return amount(minor, currency)


@register.filter
def signed(minor: int, currency: str) -> str:
    """The same with its sign; what goes has a minus, what comes a plus."""
    if currency == POINTS_CURRENCY:
        return f"{minor:+d}".replace("-", "\u2212")
    sign = "+" if minor > 0 else "\u2212" if minor < 0 else ""
    return sign + formats.money(abs(minor), currency, active_language())


@register.filter
def holder(kind: str) -> str:
    """What kind of balance it is."""
    return _(HOLDERS[kind]) if kind in HOLDERS else kind


@register.filter
def movement(kind: str) -> str:
    """What happened to a balance."""
    return _(MOVEMENTS[kind]) if kind in MOVEMENTS else kind


@register.filter
def origin(name: str) -> str:
    """Where a lot comes from."""
    return _(ORIGINS[name]) if name in ORIGINS else name


@register.filter
def report_line(name: str) -> str:
    """The name of a line of the liability report."""
    return _(LINES[name])


@register.filter
def month(value: date) -> str:
    """A month in short, such as “nov.”."""
    return str(format_date(value, "LLL", locale=active_language()))
