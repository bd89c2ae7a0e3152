"""Articles that stay with the customer in the demo: kept for less, or given to a charity."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from rebond.domain.orders.models import Order
from rebond.domain.policies.facts import DONATE
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import keep_with_discount
from rebond.domain.refunds.discounts import ORIGIN, discounts_of
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.queries import preview_of
from rebond.domain.returns.actions import prove_donation, request_return
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Donation
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now

KEEPING_RULES = [
    {
        "id": "small things stay",
        "kind": "keep_it",
        "below_minor": 2_000,
        "parcel_cost_minor": 350,
        "when": {"reasons": ["damaged"]},
    },
    {
        "id": "given to a charity",
        "kind": "donate",
        "charity": ["Ressourcerie du Port", "4 quai des Belges", "69002 Lyon"],
        "donation_proof": "photo",
    },
    {
        "id": "a discount for keeping it",
        "kind": "keep_discount",
        "percent": 20,
        "cap_minor": 1_500,
        "when": {"reasons": ["colour", "quality", "not_as_described"]},
    },
]
"""What the demo's policy says of articles that stay where they are."""


def play_discount(shop: Shop, orders: list[Order]) -> None:
    """Somebody keeps an article for less; nothing where one has, or the policy offers none.

    ``orders`` are those that can still come back; the last but one is taken.
    """
    if len(orders) < 2 or Settlement.objects.filter(shop=shop, origin=ORIGIN).exists():
        return
    order, moment = orders[-2], now()
    line = order.lines.filter(total_minor__gt=0).order_by("position").first()
    if line is None:
        return
    policy, wishes = policy_for(order, moment), [Wish(line.pk, 1, "colour")]
    asked = preview_of(order, wishes, policy=policy, asked_at=moment)
    shown = sum(discounts_of(order, asked.decision).values())
    if shown:
        keep_with_discount(
            order.pk, wishes, policy=policy, asked_at=moment, shown_minor=shown, by="shopper"
        )


def play_donations(shop: Shop, orders: list[Order]) -> None:
    """Two customers give an article away, one of them has shown it; nothing where some have.

    ``orders`` are those that can still come back; two before the last two are taken.
    """
    if len(orders) < 4 or Donation.objects.filter(shop=shop).exists():
        return
    for place, order in enumerate(orders[-4:-2]):
        moment = now()
        policy = policy_for(order, moment)
        line = order.lines.filter(total_minor__gt=0).order_by("position").first()
        if line is None:
            continue
        wishes = [Wish(line.pk, 1, "changed_mind", outcome=DONATE)]
        asked = preview_of(order, wishes, policy=policy, asked_at=moment)
        if not asked.decision.terms.charities:
            return
        rma = request_return(
            order,
            wishes,
            policy=policy,
            asked_at=moment,
            language="fr",
            by="shopper",
        )
        if place and asked.is_immediate:
            note, slip = "Déposé ce matin, le reçu est en photo.", clean_image(_receipt())
            prove_donation(rma.pk, note, [slip], by="shopper")


def _receipt() -> bytes:
    """A drawn slip of paper that stands for the photo of a receipt."""
    image = Image.new("RGB", (480, 640), "#f4f1ea")
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 40, 420, 600), fill="white", outline="#999999", width=2)
    for row, width in enumerate((260, 200, 300, 240, 280, 160)):
        pen.rectangle((90, 100 + row * 70, 90 + width, 118 + row * 70), fill="#444444")
    held = BytesIO()
    image.save(held, "PNG")
    return held.getvalue()
