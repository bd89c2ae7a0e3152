"""Work under way at the demo's desk: a talk, a note that names somebody, lists, a template."""

from __future__ import annotations

from rebond.domain.conversations.actions import keep_template, write_to_shop, write_to_shopper
from rebond.domain.conversations.models import ConversationMessage
from rebond.domain.enquiries.actions import NewEnquiry, answer_enquiry, receive_enquiry
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.steps import PUT_AWAY
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.work.actions import assign_return, save_view, write_note

TEMPLATES = (
    (
        "Excuses",
        "fr",
        "Bonjour {name}, nous sommes désolés pour votre commande {order}. Nous nous occupons de "
        "votre retour {number} en priorité.",
    ),
    (
        "Apology",
        "en",
        "Hello {name}, we are sorry about your order {order}. We look after your return {number} "
        "first.",
    ),
)


def play_desk(shop: Shop) -> None:
    """Let the team have begun its day; nothing where it has before."""
    if ConversationMessage.objects.filter(shop=shop).exists():
        return
    for title, language, text in TEMPLATES:
        keep_template(shop, None, title=title, language=language, text=text)
    team = list(Staff.objects.filter(shop=shop).select_related("user").order_by("user__name"))
    standing = Return.objects.filter(shop=shop).exclude(request_state__in=list(PUT_AWAY))
    returns = list(standing.exclude(origin="import").order_by("-requested_at", "-id")[:4])
    for rma, colleague in zip(returns, team, strict=False):
        assign_return(rma.pk, colleague.pk, by="demo")
    for colleague in team:
        save_view(colleague, "Plus de 3 jours", {"view": "review", "days": "3"})
    _let_people_ask(shop)
    if not returns or not team:
        return
    first = returns[0]
    name = team[0].user.name
    write_note(first.pk, f"@{name.split()[0].lower()} ?", by=f"staff:{team[-1].user.name}")
    if first.shopper is not None:
        asks = first.request_state == RequestState.REQUESTED
        write_to_shopper(first.pk, TEMPLATES[0][2], by=f"staff:{name}", asks=asks)
        write_to_shop(first.pk, "Merci ! Faut-il renvoyer aussi la boîte ?", by="shopper")


def _let_people_ask(shop: Shop) -> None:
    """Two questions without a return: one names an order, one was answered."""
    order = Order.objects.filter(shop=shop, returns=None).exclude(shopper__email="").first()
    if order is not None:
        line = order.lines.order_by("position").first()
        title = line.title if line is not None else "…"
        told = NewEnquiry(
            email=order.shopper.email,
            text=f"Bonjour, je voudrais renvoyer « {title} ». Comment faire ?",
            language="fr",
            name=order.shopper.name,
            order_number=order.number,
        )
        receive_enquiry(shop, told, by="visitor")
    told = NewEnquiry(
        email="zoe.martin@client.example",
        text="Do you take back presents?",
        language="en",
        name="Zoé Martin",
    )
    asked = receive_enquiry(shop, told, by="visitor")
    answer_enquiry(asked.pk, "Yes: open “It was a gift to me” on our returns page.", by="demo")
