"""Where a statement stands, why it waits for a person, and what a refusal may rest on.  (pure)"""

from enum import StrEnum


class CaseState(StrEnum):
    """Received, then its order is known, then somebody (or the law alone) has answered."""

    SUBMITTED = "submitted"
    MATCHED = "matched"
    ASSESSED = "assessed"


class Question(StrEnum):
    """Why a person has to look. Empty where nothing is open."""

    ORDER = "order"
    LATE = "late"
    PIECES = "pieces"
    GONE = "gone"
    EXCEPTION = "exception"
    BUSINESS = "business"
    ELSEWHERE = "elsewhere"


class AnswerReason(StrEnum):
    """Why no return follows from a statement."""

    TOO_LATE = "too_late"
    EXCEPTION = "exception"
    NO_SUCH_ORDER = "no_such_order"
    SAID_BEFORE = "said_before"
    NO_CONSUMER = "no_consumer"


LEGAL_BASIS = {
    AnswerReason.TOO_LATE: "C. conso. L221-18, L221-19",
    AnswerReason.EXCEPTION: "C. conso. L221-28",
    AnswerReason.NO_SUCH_ORDER: "C. conso. L221-21",
    AnswerReason.SAID_BEFORE: "C. conso. L221-21",
    AnswerReason.NO_CONSUMER: "C. conso. L221-3",
}
"""The article that an answer names; outside France the directive's, see ``legal_basis``."""

IN_THE_UNION = {
    AnswerReason.TOO_LATE: "Dir. 2011/83/EU art. 9",
    AnswerReason.EXCEPTION: "Dir. 2011/83/EU art. 16",
    AnswerReason.NO_SUCH_ORDER: "Dir. 2011/83/EU art. 11",
    AnswerReason.SAID_BEFORE: "Dir. 2011/83/EU art. 11",
    AnswerReason.NO_CONSUMER: "Dir. 2011/83/EU art. 2",
}


def legal_basis(reason: AnswerReason, country: str) -> str:
    """The article behind ``reason`` for a consumer of ``country`` (two letters, empty: France)."""
    return (LEGAL_BASIS if country in {"", "FR"} else IN_THE_UNION)[reason]
