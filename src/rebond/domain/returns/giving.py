"""What of a request is given to a charity instead of being sent back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rebond.domain.orders.models import OrderLine
from rebond.domain.policies.engine import Decision
from rebond.domain.policies.facts import DONATE, DONATION_PROOFS, Terms
from rebond.domain.policies.terms import for_given, for_sent
from rebond.domain.returns.errors import DonationNotOffered
from rebond.domain.returns.models import Reason
from rebond.domain.returns.wishes import Wish

Wanted = Sequence[tuple[Wish, OrderLine, Reason | None]]


@dataclass(frozen=True)
class Charity:
    """``name_and_address`` line by line; ``proof`` is of ``DONATION_PROOFS``."""

    name_and_address: tuple[str, ...]
    proof: str


@dataclass(frozen=True)
class Part:
    """Wishes whose goods go one way: to ``charity``, or back to the shop."""

    wanted: Wanted
    decision: Decision
    charity: Charity | None


def given_in(terms: Terms, wishes: Iterable[Wish]) -> dict[str, tuple[str, ...]]:
    """The charity of each line that is to be given and may be, by the key of the line."""
    offered = terms.charities or {}
    keys = [str(wish.order_line_id) for wish in wishes if wish.outcome == DONATE]
    return {key: offered[key] for key in keys if offered.get(key)}


def strictest_proof(terms: Terms, keys: Iterable[str]) -> str:
    """The most that is asked for any of the lines ``keys``, which may all be given."""
    asked = terms.donation_proofs or {}
    return max((asked[key] for key in keys), key=DONATION_PROOFS.index)


def terms_with(terms: Terms, wishes: Sequence[Wish]) -> Terms:
    """The terms for all ``wishes`` together: what is given bears no fee."""
    given = given_in(terms, wishes)
    return for_given(terms) if len(given) == len(wishes) else for_sent(terms, given)


def parts_of(decision: Decision, wanted: Wanted) -> list[Part]:
    """What is sent back first, then what goes to each charity.

    A decision holds for all of them. Raises ``DonationNotOffered``.
    """
    given = given_in(decision.terms, (wish for wish, _, _ in wanted))
    if any(wish.outcome == DONATE and str(bought.pk) not in given for wish, bought, _ in wanted):
        raise DonationNotOffered
    sent = [one for one in wanted if str(one[1].pk) not in given]
    terms = for_sent(decision.terms, given)
    parts = [Part(sent, replace(decision, terms=terms), None)] if sent else []
    for charity in dict.fromkeys(given.values()):
        mine = [one for one in wanted if given.get(str(one[1].pk)) == charity]
        parts.append(_given(decision, mine, charity))
    return parts


def _given(decision: Decision, wanted: Wanted, charity: tuple[str, ...]) -> Part:
    proof = strictest_proof(decision.terms, [str(bought.pk) for _, bought, _ in wanted])
    refunded = [(replace(wish, outcome="refund"), bought, why) for wish, bought, why in wanted]
    terms = for_given(decision.terms)
    return Part(refunded, replace(decision, terms=terms), Charity(charity, proof))
