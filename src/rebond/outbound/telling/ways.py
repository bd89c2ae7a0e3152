"""The ways goods travel back, in words for the shopper."""

from django.utils.translation import gettext_noop as N_

WAYS = {
    "own_carrier": N_("With a carrier of your own"),
    "prepaid_label": N_("With our prepaid label"),
    "drop_off": N_("At a drop-off point"),
    "pickup": N_("Picked up at your home"),
    "counter": N_("Brought to our shop"),
}
