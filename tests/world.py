"""Builders for one small shop: what a test arranges, in the words of the trade."""

from collections.abc import Sequence
from datetime import timedelta

from rebond.domain.orders.actions import enter_order
from rebond.domain.orders.models import Order
from rebond.domain.orders.new import NewCharge, NewLine, NewOrder, NewPayment, NewShopper
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import request_return, set_up_reasons
from rebond.domain.returns.default_reasons import DEFAULT_REASONS
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.access import Role
from rebond.domain.shops.actions import add_staff, open_shop
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.warehouse.actions import Finding, receive_return
from rebond.domain.warehouse.grades import USUAL_DISPOSITION, Grade
from rebond.kernel.clock import now, today
from rebond.kernel.worker import Worker

EMAIL = "camille@client.example"
NAME = "Camille Œuvrard"
STREET = "3 rue du Puits"
POSTCODE = "75005"
PASSWORD = "a long enough password"
LAMP = NewLine("LAMP-01", "Paper lamp", 3, 10000)
MUG = NewLine("MUG-07", "Blue mug", 2, 2590, tax_rate="0.055")
BOWL = NewLine("BOWL-02", "Wooden bowl", 1, 4500, is_final_sale=True)


def small_shop(slug: str = "galerie", *, policy: dict | None = None) -> Shop:
    """A shop in Lyon with reasons and a policy of 30 days."""
    shop = open_shop(
        slug,
        slug.title(),
        email=f"bonjour@{slug}.example",
        by="test",
        languages=["fr", "en"],
        legal={
            "legal_name": f"{slug.title()} SARL",
            "address": ["12 rue des Lices", "69000 Lyon"],
            "siren": "732829320",
            "vat_number": "FR44732829320",
        },
        return_address=[slug.title(), "12 rue des Lices", "69000 Lyon"],
    )
    set_up_reasons(shop, DEFAULT_REASONS)
    publish_policy(shop, policy or GENEROUS, note="", by="test")
    return shop


def staff_of(shop: Shop, role: Role = Role.OWNER, *, name: str = "Ana Lopes") -> Staff:
    """Somebody who works in ``shop`` and logs in with ``PASSWORD``."""
    email = f"{name.split()[0].lower()}@{shop.slug}.example"
    return add_staff(shop, email=email, name=name, role=role, password=PASSWORD, by="test")


def order_of(
    shop: Shop,
    *,
    number: str = "1001",
    lines: Sequence[NewLine] = (LAMP, MUG),
    shipping_minor: int = 490,
    provider: str = "paper",
    days_since_delivery: int = 5,
    invoice: str | None = None,
    email: str = EMAIL,
    name: str = NAME,
    method: str = "card",
    derived: tuple[str, ...] = (),
) -> Order:
    """An order that was delivered some days ago and paid in full through ``provider``."""
    bought = now() - timedelta(days=days_since_delivery + 3)
    charges = (NewCharge("Shipping", shipping_minor),) if shipping_minor else ()
    total = sum(line.total_minor for line in lines) + shipping_minor
    told = NewOrder(
        number=number,
        ordered_at=bought,
        currency="EUR",
        shopper=NewShopper(
            email=email,
            name=name,
            address=(STREET, "75005 Paris"),
            postcode=POSTCODE,
            country="FR",
        ),
        lines=tuple(lines),
        charges=charges,
        payments=(NewPayment(provider, method, f"pay_{shop.slug}_{number}", total),),
        delivered_on=today(shop.time_zone) - timedelta(days=days_since_delivery),
        invoice_number=f"FA-{number}" if invoice is None else invoice,
        invoice_date=bought.date() if invoice is None or invoice else None,
        derived=derived,
    )
    return enter_order(shop, told, source="test", by="test")


def requested_return(
    order: Order, wanted: dict[str, int] | None = None, *, reason: str = "changed_mind"
) -> Return:
    """A return of ``wanted`` pieces by stock code (one of each line where None)."""
    lines = list(order.lines.order_by("position"))
    wishes = [
        Wish(line.pk, wanted[line.sku] if wanted else 1, reason)
        for line in lines
        if wanted is None or line.sku in wanted
    ]
    return request_return(
        order,
        wishes,
        policy=policy_for(order, now()),
        asked_at=now(),
        language="fr",
        by="shopper",
    )


def received_return(order: Order, wanted: dict[str, int] | None = None) -> Return:
    """A return whose goods are all in the warehouse."""
    rma = requested_return(order, wanted)
    receive_return(
        rma.pk, {line.pk: line.quantity for line in rma.lines.all()}, note="", by="staff:Karim"
    )
    rma.refresh_from_db()
    return rma


def findings(rma: Return, grade: Grade = Grade.A, *, kept_percent: int = 0) -> list[Finding]:
    """Every piece that arrived, in the same state, accepted."""
    return [
        Finding(
            line.pk,
            line.received_quantity,
            grade,
            USUAL_DISPOSITION[grade],
            is_accepted=True,
            kept_percent=kept_percent,
        )
        for line in rma.lines.all()
        if line.received_quantity
    ]


def run_jobs() -> int:
    """Do all background work that is due, and what follows from it; returns how many jobs."""
    return Worker(threads=1, schedule={}).run_until_idle()
