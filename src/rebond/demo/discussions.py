"""Two customers of the demo who were shown a worn article: one is asked, one has agreed."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from rebond.domain.discussions.actions import (
    Point,
    Proposal,
    answer_discussion,
    open_discussion,
)
from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.states import Reply
from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.edits import EditGround, ground_words
from rebond.domain.returns.actions import approve_return, request_return
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import InspectionState, MoneyState, RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import receive_return
from rebond.kernel.clock import now

KARIM, ANA = "staff:Karim Benali", "staff:Ana Lopes"
FOUND = "L’émail est ébréché sur le bord et l’article porte des traces d’utilisation."


def play_discussions(shop: Shop, orders: list[Order]) -> None:
    """Show two customers a chipped article; nothing where that was done, or is not possible."""
    if len(orders) < 10 or Discussion.objects.filter(shop=shop).exists():
        return
    for place, order in enumerate(orders[-10:-8]):
        rma = _received(order)
        if rma is None:
            continue
        line = rma.lines.get()
        proposal = Proposal(
            points=(Point(line.pk, 1, 40),),
            text=FOUND,
            clause=ground_words(EditGround.LOSS_OF_VALUE, rma.language, rma.country),
            days=5,
        )
        open_discussion(rma.pk, proposal, [clean_image(chipped_bowl())], by=ANA)
        if place:
            answer_discussion(rma.pk, Reply.ACCEPT, "C’est juste, désolée.", by="shopper")


def _received(order: Order) -> Return | None:
    line = order.lines.filter(total_minor__gt=0).order_by("position").first()
    if line is None:
        return None
    moment = now()
    rma = request_return(
        order,
        [Wish(line.pk, 1, "changed_mind")],
        policy=policy_for(order, moment),
        asked_at=moment,
        language="fr",
        by="shopper",
    )
    if rma.request_state == RequestState.REQUESTED:
        approve_return(rma.pk, by=ANA)
    receive_return(rma.pk, {rma.lines.get().pk: 1}, note="", by=KARIM)
    rma.refresh_from_db()
    is_here = rma.inspection_state == InspectionState.RECEIVED
    return rma if is_here and rma.money_state == MoneyState.NONE else None


def chipped_bowl() -> bytes:
    """A drawing in the place of a photo."""
    picture = Image.new("RGB", (640, 480), "#e9e4da")
    pen = ImageDraw.Draw(picture)
    pen.pieslice((120, 60, 520, 420), 0, 180, fill="#4f7f78")
    pen.ellipse((120, 210, 520, 270), fill="#6fa39b")
    pen.polygon(((440, 236), (478, 222), (470, 262)), fill="#f6f1e7")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
