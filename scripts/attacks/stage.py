"""What the attacks are fired at: one installation with two shops, as in production behind TLS."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scripts.attacks.rows import must_be
from scripts.attacks.visitor import Visitor
from scripts.faults.installation import Installation, free_port

ATTACKER, VICTIM = "attacker", "victim"


class Production(Installation):
    """An installation whose base address is https: a proxy with TLS stands before it."""

    @property
    def env(self) -> dict[str, str]:
        """The environment of its processes."""
        return super().env | {"REBOND_BASE_URL": self.outside}

    @property
    def outside(self) -> str:
        """The address that people see."""
        return f"https://127.0.0.1:{self.web_port}"


class Stage:
    """The installation, what is in it, and clients that come from addresses of their own."""

    def __init__(self) -> None:
        self.here = Production()
        self._networks = itertools.count(1)
        self._desk: dict[tuple[str, str], Visitor] = {}
        self.facts: dict[str, Any] = {}

    def __enter__(self) -> Stage:
        try:
            self._build()
        except BaseException:
            self.here.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.here.close()

    def ask(self, function: str, **wish: Any) -> Any:
        """What a function of ``scripts.faults.inside.two_shops`` tells."""
        return self.here.inside(f"two_shops.{function}", **wish).made

    def anybody(self) -> Visitor:
        """Somebody new, from an address of their own."""
        n = next(self._networks)
        return Visitor(self.here.address, f"198.18.{n // 250}.{n % 250 + 1}")

    def staff(self, shop: str, role: str) -> Visitor:
        """Somebody of ``shop``, logged in with their password."""
        if (shop, role) not in self._desk:
            who = self.anybody()
            first = self.facts["names"][role].split()[0].lower()
            email = f"{first}@{shop}.example"
            answer = who.post("/desk/login/", {"email": email, "password": self.facts["password"]})
            must_be(answer.status, 302, f"log-in of {email}")
            self._desk[shop, role] = who
        return self._desk[shop, role]

    def new_staff(self, shop: str, role: str) -> Visitor:
        """The same person in another browser, logged in anew."""
        self._desk.pop((shop, role), None)
        return self.staff(shop, role)

    def forget_staff(self, shop: str, role: str) -> None:
        """Let the next one of that place log in anew."""
        self._desk.pop((shop, role), None)

    def machine(self, shop: str, scope: str = "") -> Visitor:
        """A key of ``shop`` with one scope; with all of them where none is named."""
        of_shop = self.facts[shop]
        who = self.anybody()
        who.key = of_shop["scoped"][scope] if scope else of_shop["key"]
        return who

    def shopper(self, shop: str, order: str) -> Visitor:
        """Somebody who found ``order`` with its postcode."""
        who = self.anybody()
        answer = who.post(f"/s/{shop}/", {"number": order, "proof": "75005"})
        must_be(answer.status, 302, f"finding {order}")
        return who

    def of(self, shop: str) -> dict[str, Any]:
        """What stands in ``shop``."""
        found: dict[str, Any] = self.facts[shop]
        return found

    def _build(self) -> None:
        here = self.here
        here.inside("scenes.blank").made  # noqa: B018  (raises where it failed)
        provider = here.provider()
        self.facts = self.ask("build")
        for reference, captured in self.facts["payments"].items():
            provider.opens(reference, captured)
        here.live().made  # noqa: B018
        for shop in (ATTACKER, VICTIM):
            self.facts[shop] |= self.ask("known", slug=shop)
        self.pages = self.ask("pages")
        self.rights = self.ask("rights")
        self.web_pid = here.web()


@contextmanager
def canary() -> Iterator[list[str]]:
    """A listener on loopback; whatever it hears is a leak. Yields what it heard, and its port."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    heard.append(str(server.server_port))
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
