"""Many processes redeem one card at the same instant; run by test_storm.py.

Reads from its standard input the shop, the code and how many; prints one line of JSON with what
became of each. Every child is a process with a connection of its own.
"""

import json
import os
import sys
import time
from importlib import import_module

from rebond.cli.boot import set_up

TOOK, REFUSED, BROKE = 0, 3, 4


class Parts:
    """What a child needs of the house, which can be imported only when Django is set up."""

    def __init__(self) -> None:
        self.redeem = import_module("rebond.domain.gift_cards.actions").redeem_card
        self.refusal = import_module("rebond.domain.ledger.errors").InsufficientBalance
        self.shop = import_module("rebond.domain.shops.models").Shop
        self.money = import_module("rebond.kernel.money").Money


def main() -> None:
    set_up()
    parts = Parts()  # imported once, before the children are born
    wish = json.load(sys.stdin)
    start = time.time() + 0.2 + wish["processes"] / 400
    children = [_child(parts, wish, number, start) for number in range(wish["processes"])]
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    print(json.dumps({"took": codes.count(TOOK), "refused": codes.count(REFUSED), "all": codes}))


def _child(parts: Parts, wish: dict, number: int, start: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = BROKE
    try:
        code = _redeem(parts, wish, number, start)
    finally:
        os._exit(code)


def _redeem(parts: Parts, wish: dict, number: int, start: float) -> int:
    shop = parts.shop.objects.get(slug=wish["shop"])
    time.sleep(max(0.0, start - time.time()))
    amount = parts.money(wish["minor"], "EUR")
    try:
        parts.redeem(shop, wish["code"], amount, reference=f"cart-{number}", by="checkout")
    except parts.refusal:
        return REFUSED
    return TOOK


if __name__ == "__main__":
    main()
