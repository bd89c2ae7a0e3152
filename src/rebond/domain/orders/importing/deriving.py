"""What is made up, always the same, for orders whose source lacks it.  (pure)

Explained for people in docs/guides/real-orders.md. A value from here is always flagged as derived
on the row that carries it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import blake2b

EMAIL_DOMAIN = "client.example"
"""A domain that can never receive mail (RFC 2606, section 2)."""

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK EU"
EU = frozenset(_EU.split())
"""Members in 2009-2011; EU itself stands for "somewhere in it"."""

_UK_STANDARD_RATES = (
    (date(2011, 1, 4), "0.20"),
    (date(2010, 1, 1), "0.175"),
    (date(2008, 12, 1), "0.15"),
)

# The first row with a word that stands in the description wins.
_CATEGORIES = (
    ("christmas", "christmas xmas advent reindeer snowflake santa snowman bauble"),
    ("jewellery", "necklace bracelet earring earrings ring brooch bangle jewel jewellery hairclip"),
    ("lights & candles", "light lights candle candles lantern t-light lamp holder incense"),
    ("bags", "bag bags shopper purse satchel backpack suitcase wallet"),
    ("kitchen", "mug cup plate bowl tea teapot cake lunch bottle jar kitchen apron spoon napkins"),
    ("kitchen", "napkin baking tin tins cutlery glass jug coaster tray bread egg jam cookie"),
    ("stationery", "card cards paper pen pencil pencils notebook book stickers wrap tape chalk"),
    ("toys", "toy toys doll game puzzle playhouse skipping dominoes spinning bear soldiers"),
    ("garden", "garden plant pot watering bird feeder thermometer gnome herb flower flowers"),
    ("home", "sign frame clock cushion hook drawer knob door hanging heart wall mirror mat towel"),
    ("home", "box cabinet doormat bunting decoration rack bath soap"),
)
_CATEGORY_OF: dict[str, tuple[int, str]] = {}
for _rank, (_name, _words) in enumerate(_CATEGORIES):
    for _word in _words.split():
        _CATEGORY_OF.setdefault(_word, (_rank, _name))


def email_of(customer: str, number: str) -> str:
    """An address for the ``customer`` with that key, or for the guest of order ``number``."""
    local = f"client-{customer}" if customer else f"commande-{number}"
    return f"{local.lower()}@{EMAIL_DOMAIN}"


def uk_vat_rate(country: str, on: date) -> str:
    """The British standard rate on ``on`` for GB and the EU, "0" for a sale outside the EU.

    ``country`` is an ISO code; "" is taken as at home. Whether a buyer in another member state
    was a business, and so paid none, cannot be known.
    Source: VAT rates of HMRC: 15 % from 2008-12-01, 17.5 % from 2010-01-01, 20 % from 2011-01-04.
    """
    if country not in EU and country not in {"GB", ""}:
        return "0"
    return next((rate for since, rate in _UK_STANDARD_RATES if on >= since), "0.175")


def delivered_on(number: str, country: str, ordered_on: date) -> date:
    """The day of delivery: 2 or 3 days after the order at home, 3 to 5 in the EU, 4 to 6 beyond.

    Which of them the order's number decides. A Sunday becomes the Monday after it.
    """
    least, spread = (2, 2) if country in {"GB", ""} else (3, 3) if country in EU else (4, 3)
    day = ordered_on + timedelta(days=least + _draw(f"delivery:{number}", spread))
    return day + timedelta(days=1) if day.isoweekday() == 7 else day


def pays_by_transfer(number: str) -> bool:
    """Whether this order is one of the fifth that was paid by bank transfer."""
    return _draw(f"payment:{number}", 5) == 0


def category_of(description: str) -> str:
    """The category whose word stands in ``description``, "other" where none does."""
    found = [
        _CATEGORY_OF[word]
        for word in re.findall(r"[a-z-]+", description.lower())
        if word in _CATEGORY_OF
    ]
    return min(found)[1] if found else "other"


def _draw(text: str, sides: int) -> int:
    """A die with ``sides`` sides that falls the same way for the same ``text``: 0 to sides - 1."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % sides
