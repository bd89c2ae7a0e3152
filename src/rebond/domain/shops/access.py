"""Who may do what: one table. Read by every edge before it lets anyone in.  (pure)"""

from enum import StrEnum


class Right(StrEnum):
    """One thing that a person may or may not do."""

    SEE = "see"
    SEE_MONEY = "see_money"
    SEE_PEOPLE = "see_people"
    DECIDE = "decide"
    RECEIVE = "receive"
    REFUND = "refund"
    DOCUMENTS = "documents"
    EXPORT = "export"
    CONFIGURE = "configure"


class Role(StrEnum):
    """A bundle of rights with a name that a shop would use."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    WAREHOUSE = "warehouse"
    ACCOUNTANT = "accountant"
    ANALYST = "analyst"
    READ_ONLY = "read_only"


_TABLE: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(Right) - {Right.CONFIGURE},
    Role.AGENT: frozenset(
        {Right.SEE, Right.SEE_MONEY, Right.SEE_PEOPLE, Right.DECIDE, Right.RECEIVE, Right.REFUND}
    ),
    Role.WAREHOUSE: frozenset({Right.SEE, Right.RECEIVE}),
    Role.ACCOUNTANT: frozenset(
        {Right.SEE, Right.SEE_MONEY, Right.SEE_PEOPLE, Right.DOCUMENTS, Right.EXPORT}
    ),
    Role.ANALYST: frozenset({Right.SEE, Right.SEE_MONEY, Right.EXPORT}),
    Role.READ_ONLY: frozenset({Right.SEE}),
}


GRANTABLE = frozenset(Right) - {Right.CONFIGURE}
"""What a role of a shop's own may hold: only owners say who may do what."""
BASES = (Role.AGENT, Role.MANAGER)
"""Whose limits on money a role of a shop's own may be under."""


def rights_of(role: Role) -> frozenset[Right]:
    """All rights that come with ``role``."""
    return _TABLE[role]
