"""Two customers of the demo who see a grade differently: one waits, one was right."""

from __future__ import annotations

from rebond.demo.discussions import chipped_bowl
from rebond.demo.warehouse import answers_for
from rebond.domain.contests.actions import answer_contest, contest_grade
from rebond.domain.contests.models import Contest
from rebond.domain.contests.queries import findings_of
from rebond.domain.contests.states import ContestOutcome
from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import add_photo, approve_return, request_return
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.warehouse.actions import Finding, inspect_return, receive_return
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.kernel.clock import now

BY, ANA = "staff:Karim Benali", "staff:Ana Lopes"
WORDS = (
    "La trace que vous voyez était là quand je l’ai reçu, je ne m’en suis pas servi.",
    "Je l’ai seulement sorti du carton pour le regarder.",
)


def play_contests(shop: Shop, orders: list[Order]) -> None:
    """Grade two returns severely and let their customers contest it; nothing where some have."""
    if len(orders) < 8 or Contest.objects.filter(shop=shop).exists():
        return
    for order, words in zip(orders[-8:-6], WORDS, strict=True):
        line = order.lines.filter(total_minor__gt=0).order_by("position").first()
        if line is None:
            continue
        rma = _graded(order, Wish(line.pk, 1, "changed_mind"))
        contest_grade(rma.pk, words, by="shopper")
        ana = Staff.objects.filter(shop=shop, user__name="Ana Lopes").first()
        if words == WORDS[1] and ana is not None:
            chosen = [one.inspection_id for one in findings_of(rma)]
            answer_contest(
                rma.pk,
                ContestOutcome.CORRECTED,
                "Vous avez raison : l’article est comme neuf. Veuillez nous excuser.",
                staff=ana,
                by=ANA,
                corrected=chosen,
            )


def _graded(order: Order, wish: Wish) -> Return:
    moment = now()
    rma = request_return(
        order,
        [wish],
        policy=policy_for(order, moment),
        asked_at=moment,
        language="fr",
        by="shopper",
    )
    if rma.request_state == RequestState.REQUESTED:
        approve_return(rma.pk, by=ANA)
    line = rma.lines.get()
    receive_return(rma.pk, {line.pk: 1}, note="", by=BY)
    photo = add_photo(
        rma.pk, clean_image(chipped_bowl()), line_id=line.pk, taken_by="warehouse", by=BY
    )
    found = Finding(
        line.pk,
        1,
        Grade.C,
        Disposition.RESELL,
        is_accepted=True,
        kept_percent=30,
        note="Trace",
        photo_id=photo.pk,
        answers=answers_for(Grade.C),
    )
    inspect_return(rma.pk, [found], by=BY)
    return rma
