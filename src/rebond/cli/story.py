"""The story of one return: two lines of an order, one of them damaged."""

from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from rebond.domain.credit_notes.files import pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.orders.actions import enter_order
from rebond.domain.orders.models import Order
from rebond.domain.orders.new import NewCharge, NewLine, NewOrder, NewPayment, NewShopper
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.actions import approve_return, request_return, set_up_reasons
from rebond.domain.returns.default_reasons import DEFAULT_REASONS
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.actions import open_shop
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import Finding, inspect_return, receive_return
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.flows.schedule import SCHEDULE
from rebond.kernel import formats
from rebond.kernel.clock import now, today
from rebond.kernel.models import Event
from rebond.kernel.worker import Worker
from rebond.outbound.notifications.models import Message
from rebond.web.ui.words import event_sentence, word


def play(language: str) -> None:
    """Play it and print it in ``language``."""
    with translation.override(language):
        shop = _shop()
        order = _order(shop)
        teller = Teller(language)
        teller.scene(_("An order from last week: {number}").format(number=order.number))
        for line in order.lines.all():
            teller.say(
                _("{quantity} × {title}: {amount}").format(
                    quantity=line.quantity,
                    title=line.title,
                    amount=formats.money(line.total_minor, order.currency, language),
                )
            )
        rma = _ask(shop, order, language)
        teller.scene(_("The shopper asks to return two of them"))
        teller.tell(rma)
        if rma.request_state == "requested":
            approve_return(rma.pk, by="staff:Ana")
            teller.scene(_("Ana has looked at it and says yes"))
            teller.tell(rma)
        _work()
        receive_return(
            rma.pk, {line.pk: line.quantity for line in rma.lines.all()}, note="", by="staff:Dock"
        )
        _work()
        teller.scene(_("The parcel arrives"))
        teller.tell(rma)
        inspect_return(rma.pk, _findings(rma), by="staff:Ana")
        _work()
        teller.scene(_("Every piece is looked at, and the amount is fixed"))
        teller.tell(rma)
        _explain(rma, teller, language)
        refund = Refund.objects.get(settlement__rma=rma)
        pay_by_hand(
            refund.pk, reference="VIR-2026-0042", paid_on=today(shop.time_zone), by="staff:Ana"
        )
        _work()
        teller.scene(_("Ana pays, and says so: who, when and under which reference"))
        teller.tell(rma)
        _documents(rma, teller, language)


class Teller:
    """Prints scenes and the events that are new since the last one."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.told = 0
        self.scenes = 0

    def scene(self, title: str) -> None:
        """Begin a scene."""
        self.scenes += 1
        print(f"\n{self.scenes}. {title}")

    def say(self, text: str) -> None:
        """One line of the scene."""
        print(f"   {text}")

    def tell(self, rma: Return) -> None:
        """What happened to ``rma`` since the last time."""
        rma.refresh_from_db()
        for row in Event.objects.filter(subject=rma.pk, sequence__gt=self.told).order_by(
            "sequence"
        ):
            self.told = row.sequence
            self.say(f"{row.name:<22} {event_sentence(row)}")
        tracks = _(
            "request: {request} · parcel: {parcel} · inspection: {inspection} · money: {money}"
        )
        self.say(
            tracks.format(
                request=word("request", rma.request_state),
                parcel=word("parcel", rma.parcel_state),
                inspection=word("inspection", rma.inspection_state),
                money=word("money", rma.money_state),
            )
        )


def _shop() -> Shop:
    shop = open_shop(
        "galerie-rebond",
        "Galerie Rebond",
        email="bonjour@galerie-rebond.example",
        by="system",
        languages=["fr", "en"],
        legal={
            "legal_name": "Galerie Rebond SARL",
            "address": ["12 rue des Lices", "69000 Lyon"],
            "siren": "000 000 000",
            "vat_number": "FR00 000000000",
        },
        return_address=["Galerie Rebond, retours", "12 rue des Lices", "69000 Lyon", "France"],
    )
    set_up_reasons(shop, DEFAULT_REASONS)
    return shop


def _order(shop: Shop) -> Order:
    bought = now() - timedelta(days=8)
    told = NewOrder(
        number="1001",
        ordered_at=bought,
        currency="EUR",
        shopper=NewShopper(
            email="camille@client.example",
            name="Camille Œuvrard",
            address=("3 rue du Puits", "75005 Paris"),
            postcode="75005",
            country="FR",
        ),
        lines=(
            NewLine("LAMP-01", _("Paper lamp"), 3, 10000),
            NewLine("MUG-07", _("Blue mug"), 2, 2590),
        ),
        charges=(NewCharge(_("Shipping"), 490),),
        payments=(NewPayment("paper", "bank_transfer", "pay_1001", 13080),),
        delivered_on=today(shop.time_zone) - timedelta(days=5),
        invoice_number="FA-2026-1001",
        invoice_date=bought.date(),
    )
    return enter_order(shop, told, source="story", by="system")


def _ask(shop: Shop, order: Order, language: str) -> Return:
    lamp, mug = order.lines.order_by("position")
    return request_return(
        order,
        [Wish(lamp.pk, 1, "changed_mind"), Wish(mug.pk, 1, "damaged")],
        policy=policy_for(order, now()),
        asked_at=now(),
        language=language,
        by="shopper",
    )


def _findings(rma: Return) -> list[Finding]:
    lamp, mug = rma.lines.order_by("position")
    return [
        Finding(lamp.pk, 1, Grade.A, Disposition.RESTOCK, is_accepted=True),
        Finding(
            mug.pk, 1, Grade.D, Disposition.RECYCLE, is_accepted=True, note=_("Handle broken off")
        ),
    ]


def _work() -> None:
    Worker(threads=1, schedule=SCHEDULE).run_until_idle()


def _explain(rma: Return, teller: Teller, language: str) -> None:
    settlement = rma.settlements.get()
    for line in settlement.lines.select_related("order_line").order_by("order_line__position"):
        teller.say(
            _("{quantity} × {title}: {amount}, VAT inside {tax}").format(
                quantity=line.quantity,
                title=line.order_line.title,
                amount=formats.money(line.gross_minor, settlement.currency, language),
                tax=formats.money(line.tax_minor, settlement.currency, language),
            )
        )
    teller.say(
        _("To refund: {amount}").format(
            amount=formats.money(settlement.gross_minor, settlement.currency, language)
        )
    )


def _documents(rma: Return, teller: Teller, language: str) -> None:
    note = CreditNote.objects.get(settlement__rma=rma)
    teller.scene(_("The paper and the mail"))
    teller.say(
        _("{label}: {amount}, corrects invoice {invoice}, PDF of {size} bytes").format(
            label=note.label,
            amount=formats.money(note.gross_minor, note.currency, language),
            invoice=note.invoice_number,
            size=len(pdf_of(note)),
        )
    )
    for message in Message.objects.filter(rma=rma).order_by("made_at"):
        teller.say(_("mail: {subject}").format(subject=message.subject))
