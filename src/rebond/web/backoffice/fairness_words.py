"""Words for second looks: factual and kind. A machine calls nobody anything."""

from django.utils.translation import gettext_noop as N_

LEVELS = {
    "none": N_("Nothing to look at"),
    "look": N_("Worth a look"),
    "careful": N_("Look carefully"),
}
FOUND = {
    "fraud": N_("Abuse confirmed"),
    "honest": N_("All in order"),
    "unclear": N_("Unclear"),
}
CATEGORIES = {
    "none": N_("None"),
    "worn": N_("Worn and sent back"),
    "empty_parcel": N_("Empty parcel"),
    "other_article": N_("Another article"),
    "not_received": N_("Received after all"),
    "refunded_twice": N_("Refunded twice"),
    "credit": N_("Credit or bonus"),
    "accounts": N_("Several accounts"),
    "other": N_("Something else"),
}
BOUNDS = {
    "orders": N_("Orders, at least"),
    "percent": N_("Percent"),
    "count": N_("Times, at least"),
    "days": N_("Days"),
    "value_minor": N_("Value, in cents"),
    "others": N_("Other customers, at least"),
    "accounts": N_("Accounts, at least"),
    "pieces": N_("Articles, at least"),
    "earlier": N_("Earlier returns, at least"),
    "least": N_("Below so many percent"),
    "most": N_("Above so many percent"),
    "after": N_("Only after so many days"),
}
STATES = {
    "lifted": N_("lifted"),
    "ended": N_("ended by itself"),
    "untold": N_("waits for its notice to leave"),
    "coming": N_("announced"),
    "holds": N_("in force"),
}
