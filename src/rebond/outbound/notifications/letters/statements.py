"""What is written to somebody who withdrew, in the language of their statement."""

from __future__ import annotations

from dataclasses import dataclass

from rebond.domain.shops.addresses import statement_page
from rebond.domain.withdrawals.links import statement_token
from rebond.domain.withdrawals.models import Statement, WithdrawalCase
from rebond.domain.withdrawals.wording import words_in
from rebond.kernel import formats


@dataclass(frozen=True)
class Notice:
    """A letter about a statement. ``quoted`` is set apart, line by line as it was declared."""

    subject: str
    hello: str
    before: tuple[str, ...]
    quoted: str
    after: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    button: str
    link: str
    regards: str


def acknowledgement(statement: Statement) -> Notice:
    """The statement word for word, with its date, its time and its hash.

    Source: Dir. 2011/83/EU art. 11a(4); C. conso. D221-5.
    """
    words = words_in(statement.language)
    received = words["letter_moment"].format(
        moment=moment_of(statement), offset=statement.local_time
    )
    return Notice(
        subject=words["letter_subject"].format(reference=statement.reference),
        hello=words["letter_hello"].format(name=statement.name),
        before=(words["letter_lead"],),
        quoted=statement.text,
        after=(received, words["letter_keep"], words["next_2"], words["next_3"]),
        facts=(
            (words["reference_label"], statement.reference),
            (words["received_label"], moment_of(statement)),
            (words["seal_label"], statement.sha256),
        ),
        button=words["download"],
        link=statement_page(statement.shop, statement_token(statement)),
        regards=words["letter_regards"],
    )


def answered(statement: Statement, case: WithdrawalCase) -> Notice:
    """Why no return follows: the reason, a person's words, the article, how to object."""
    words = words_in(statement.language)
    return Notice(
        subject=words["answer_subject"].format(reference=statement.reference),
        hello=words["letter_hello"].format(name=statement.name),
        before=(
            words["answer_lead"].format(moment=moment_of(statement)),
            words[f"answer_{case.answer_reason}"],
        ),
        quoted=case.answer_note,
        after=(
            words["answer_basis"].format(basis=case.answer_basis),
            words["answer_contest"],
        ),
        facts=((words["reference_label"], statement.reference),),
        button="",
        link="",
        regards=words["letter_regards"],
    )


def moment_of(statement: Statement) -> str:
    """Date and time of the statement on the shop's wall, in the consumer's language."""
    shop = statement.shop
    return formats.moment(statement.submitted_at, statement.language, shop.time_zone)
