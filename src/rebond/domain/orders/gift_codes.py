"""The code of a gift receipt: eight signs that follow from the order, and from our secret."""

import hmac
from hashlib import sha256

from django.conf import settings

from rebond.domain.orders.models import Order

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SIGNS = 8


def gift_code(order: Order) -> str:
    """The code as it is printed: ``ABCD-EFGH``. It opens the order to who got it as a present."""
    code = _drawn(order, settings.SECRET_KEY)
    return f"{code[:4]}-{code[4:]}"


def is_gift_code(order: Order, typed: str) -> bool:
    """Whether ``typed`` is the order's code, under the present key or one used before."""
    plain = "".join(sign for sign in typed.upper() if sign in ALPHABET)
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any([hmac.compare_digest(_drawn(order, str(key)), plain) for key in keys])


def _drawn(order: Order, secret: str) -> str:
    text = f"rebond gift code {order.shop_id} {order.pk}".encode()
    number = int.from_bytes(hmac.new(secret.encode(), text, sha256).digest(), "big")
    signs = []
    for _ in range(SIGNS):
        number, digit = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[digit])
    return "".join(signs)
