"""Where a report stands, what is answered, and on which grounds.  (pure)"""

from enum import StrEnum


class ReportState(StrEnum):
    """Whose turn it is: the shop's, the carrier's; or nothing is open any more."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class AnswerKind(StrEnum):
    """What became of the pieces of one answer."""

    ON_ITS_WAY = "on_its_way"
    SENT_AGAIN = "sent_again"
    REFUNDED = "refunded"
    REFUSED = "refused"
    ARRIVED = "arrived"


class Tracking(StrEnum):
    """What the tracking says, in the shopper's words. Delivered there is no proof (L216-2)."""

    NOTHING = "nothing"
    UNDERWAY = "underway"
    DELIVERED = "delivered"
    LOST = "lost"


class RefusalReason(StrEnum):
    """Why a report is refused; a piece that was handed over needs the proof of it."""

    HANDED_OVER = "handed_over"
    OWN_CARRIER = "own_carrier"
    NOT_DUE = "not_due"


class Evidence(StrEnum):
    """What shows that the goods were handed over."""

    SIGNATURE = "signature"
    CODE = "code"
    LOCATION = "location"
    PHOTO = "photo"
    OTHER = "other"


class EndGround(StrEnum):
    """Why the contract ends.  Source: C. conso. L216-6; Dir. 2011/83/EU art. 18."""

    PERIOD_OVER = "period_over"
    ESSENTIAL_DATE = "essential_date"
    SHOP_CANNOT = "shop_cannot"


_ARTICLES = {
    RefusalReason.HANDED_OVER: ("C. conso. L216-2", "Dir. 2011/83/EU art. 20"),
    RefusalReason.OWN_CARRIER: ("C. conso. L216-3", "Dir. 2011/83/EU art. 20"),
    RefusalReason.NOT_DUE: ("C. conso. L216-1", "Dir. 2011/83/EU art. 18(1)"),
}


def article_of(reason: RefusalReason, country: str) -> str:
    """The article that a refusal rests on; the French one for France, else the directive's."""
    french, european = _ARTICLES[reason]
    return french if country == "FR" else european
