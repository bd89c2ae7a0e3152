"""What people read about restrictions, wherever they read it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

LIMITS = {
    "review_always": N_("Somebody looks at each return request before it is accepted"),
    "after_inspection": N_("Refunds follow the inspection of the articles"),
    "no_keep_it": N_("Articles always have to be sent back"),
    "no_credit_bonus": N_("Nothing is added on top of store credit"),
}
REASONS = {
    "worn_goods": N_("Articles came back worn, more than once"),
    "empty_parcels": N_("Articles were missing from parcels"),
    "other_articles": N_("Other articles came back than those we sold"),
    "not_received_claims": N_("Parcels reported as not received although delivered"),
    "disputes_after_refund": N_("Payments disputed at the bank although refunded"),
    "bonus_cycles": N_("Bonus on store credit used again and again"),
    "shared_accounts": N_("Several accounts used as one"),
}
OUTCOMES = {
    "lifted": N_("lifted after another look"),
    "kept": N_("kept after another look"),
}


def limit_word(limit: str) -> str:
    """What a limit means for the shopper."""
    return _(LIMITS[limit])


def reason_word(reason: str) -> str:
    """The reason for a restriction, as a fact."""
    return _(REASONS[reason])


def outcome_word(outcome: str) -> str:
    """How an appeal ended."""
    return _(OUTCOMES[outcome])
