"""Open a shop, let somebody work in one, or say which sites may show its return form.

  rebond shop open galerie "Ma Galerie" --email bonjour@example.com --owner you@example.com
  rebond shop staff galerie ana@example.com agent --name "Ana Lopes"
  rebond shop sites galerie https://www.example.com https://shop.example.com
Passwords are asked for, or read from standard input when it is no terminal.
"""

import argparse
import getpass
import sys
from importlib import import_module
from typing import Any

from rebond.cli.boot import set_up
from rebond.domain.shops.access import Role


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    opening = verbs.add_parser("open", help="open a shop with its owner")
    opening.add_argument("slug", help="short name in addresses: small letters, digits, hyphens")
    opening.add_argument("name")
    opening.add_argument("--email", required=True, help="where shoppers write to")
    opening.add_argument("--owner", required=True, help="the owner's e-mail address")
    opening.add_argument("--currency", default="EUR")
    opening.add_argument("--languages", default="fr,en", help="the shop's own first (fr,en)")
    opening.add_argument("--return-address", default="", help="lines separated by |")
    staff = verbs.add_parser("staff", help="let somebody work in a shop")
    staff.add_argument("slug")
    staff.add_argument("email")
    staff.add_argument("role", choices=[role.value for role in Role])
    staff.add_argument("--name", default="")
    sites = verbs.add_parser("sites", help="the sites that may show the return form; none: nobody")
    sites.add_argument("slug")
    sites.add_argument("addresses", nargs="*", metavar="https://HOST")


def run(args: argparse.Namespace) -> int:
    """Open the shop or add the person."""
    set_up()
    if args.verb == "open":
        return _open(args)
    shop = import_module("rebond.domain.shops.models").Shop.objects.filter(slug=args.slug).first()
    if shop is None:
        print(f"There is no shop {args.slug!r}.", file=sys.stderr)
        return 1
    if args.verb == "sites":
        return _allow(shop, args.addresses)
    _add(shop, args.email, args.name or args.email, Role(args.role))
    return 0


def _open(args: argparse.Namespace) -> int:
    shop = import_module("rebond.domain.shops.actions").open_shop(
        args.slug,
        args.name,
        email=args.email,
        by="console",
        currency=args.currency.upper(),
        languages=[tag.strip() for tag in args.languages.split(",") if tag.strip()],
        return_address=[line.strip() for line in args.return_address.split("|") if line.strip()],
        legal={"legal_name": args.name},
    )
    reasons = import_module("rebond.domain.returns.default_reasons").DEFAULT_REASONS
    import_module("rebond.domain.returns.actions").set_up_reasons(shop, reasons)
    _add(shop, args.owner, args.owner, Role.OWNER)
    address = import_module("rebond.domain.shops.addresses").home_of(shop)
    print(f"{shop.name} is open: {address}")
    return 0


def _allow(shop: Any, addresses: list[str]) -> int:
    refused = import_module("rebond.kernel.errors").RebondError
    try:
        held = import_module("rebond.domain.shops.actions").allow_origins(
            shop, addresses, by="console"
        )
    except refused as refusal:
        print(f"rebond shop: {refusal.code} {refusal.facts['origin']}", file=sys.stderr)
        return 1
    print("\n".join(held.embed_origins) or "no site may show the form")
    return 0


def _add(shop: object, email: str, name: str, role: Role) -> None:
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    import_module("rebond.domain.shops.actions").add_staff(
        shop, email=email, name=name, role=role, password=password, by="console"
    )
    print(f"{email} works in {shop} as {role.value}.")
