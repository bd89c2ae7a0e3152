"""What the warehouse says: each thing heard with its sentence, its tone and its picture."""

from django.utils.translation import gettext_noop as N_

from rebond.domain.warehouse.kinds import Derogation, Heard, Place

HEARD: dict[str, tuple[str, str, str]] = {
    Heard.OPENED: (N_("Return found. Now scan its articles."), "good", "package-open"),
    Heard.NOT_EXPECTED: (
        N_("This return expects no goods: it is not accepted, or was inspected already."),
        "bad",
        "ban",
    ),
    Heard.PIECE: (N_("Right article, counted."), "good", "circle-check"),
    Heard.EXTRA: (N_("One more than announced. Put it aside."), "wait", "triangle-alert"),
    Heard.WRONG_ITEM: (N_("Not in this return. Put it aside."), "bad", "circle-x"),
    Heard.RETURN_FIRST: (N_("First scan the return or the label."), "wait", "triangle-alert"),
    Heard.UNKNOWN: (N_("Nobody knows this code."), "bad", "circle-x"),
    Heard.BOOKED_IN: (N_("Booked in. Next parcel, please."), "good", "package-check"),
    Heard.NOTHING: (N_("There was nothing to do."), "wait", "info"),
    Heard.SET_ASIDE: (N_("Set aside. Somebody will find out whose it is."), "wait", "inbox"),
    Heard.SLIP: (
        N_("Our return slip: set aside with its order. A return can be made from it."),
        "wait",
        "inbox",
    ),
    Heard.TAKEN_BACK: (N_("Last piece taken back."), "wait", "undo-2"),
}
PLACES: dict[str, str] = {
    Place.SELLABLE: N_("Sellable"),
    Place.SECOND_HAND: N_("Second hand"),
}
REPORTS: dict[str, tuple[str, str]] = {
    "waiting": (N_("waits"), "wait"),
    "told": (N_("told"), "good"),
    "refused": (N_("refused"), "bad"),
    "left_out": (N_("left out"), ""),
}
SYSTEMS: dict[str, tuple[str, str]] = {
    "csv_file": (
        N_("CSV files in a folder"),
        N_("One numbered CSV file for each movement, in a folder that your system reads."),
    ),
    "simulator": (
        N_("Simulated shop system"),
        N_("A rehearsal: it listens, and fails when you ask it to. Nothing leaves here."),
    ),
}
ANSWERS: dict[str, str] = {
    "name_taken": N_("a file of this name is there already, and says something else"),
}
DEROGATIONS: dict[str, str] = {
    Derogation.DANGEROUS: N_("Dangerous to people, or recalled"),
    Derogation.NOT_COMPLIANT: N_("Against the law for other reasons, not to be made good"),
    Derogation.INFRINGING: N_("Infringes somebody's rights"),
    Derogation.UNFIT: N_("Damaged or soiled beyond repair"),
    Derogation.DONATION_REFUSED: N_("Offered to charities, which refused"),
}
