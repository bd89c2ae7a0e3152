"""The reasons a new shop begins with, in three families, with other systems' codes.  (pure)

Source: docs/reference/states.md, part "Reasons".
"""

from typing import Any


def _reason(
    code: str,
    family: str,
    french: str,
    english: str,
    shopify: str,
    mirakl: str,
    *,
    parent: str = "",
    photo: bool = False,
    ours: bool = False,
) -> dict[str, Any]:
    return {
        "code": code,
        "family": family,
        "parent": parent,
        "labels": {"fr": french, "en": english},
        "codes": {"shopify": shopify, "mirakl": mirakl},
        "needs_photo": photo,
        "is_our_fault": ours,
    }


DEFAULT_REASONS: tuple[dict[str, Any], ...] = (
    _reason("damaged", "product", "Arrivé abîmé ou cassé", "Arrived damaged or broken",
            "DEFECTIVE", "RETURN_BROKEN_ITEM", photo=True, ours=True),
    _reason("defective", "product", "Ne fonctionne pas", "Does not work",
            "DEFECTIVE", "RETURN_DEFECTIVE_ITEM", photo=True, ours=True),
    _reason("not_as_described", "product", "Différent de la description", "Not as described",
            "NOT_AS_DESCRIBED", "RETURN_INACCURATE_ITEM_DESCRIPTION", ours=True),
    _reason("quality", "product", "Qualité décevante", "Disappointing quality",
            "STYLE", "RETURN_CM_QUALITY"),
    _reason("size", "product", "Mauvaise taille", "Wrong size",
            "OTHER", "RETURN_PRODUCT_DOES_NOT_FIT"),
    _reason("too_small", "product", "Trop petit", "Too small",
            "SIZE_TOO_SMALL", "RETURN_PDNT_TOO_SMALL", parent="size"),
    _reason("too_large", "product", "Trop grand", "Too large",
            "SIZE_TOO_LARGE", "RETURN_PDNT_TOO_BIG", parent="size"),
    _reason("colour", "product", "La couleur ne me convient pas", "Colour is not right",
            "COLOR", "RETURN_DPD_WRONG_COLOR"),
    _reason("wrong_item", "experience", "Ce n’est pas l’article commandé", "Wrong item sent",
            "WRONG_ITEM", "RETURN_DELIVERED_PRODUCT_DIFFERENT", photo=True, ours=True),
    _reason("missing_part", "experience", "Il manque quelque chose", "Something is missing",
            "OTHER", "RETURN_MISSING_ITEM", ours=True),
    _reason("damaged_packaging", "experience", "Emballage abîmé", "Damaged packaging",
            "OTHER", "RETURN_DAMAGED_PACKAGING", photo=True, ours=True),
    _reason("arrived_late", "experience", "Arrivé trop tard", "Arrived too late",
            "OTHER", "RETURN_OTHER", ours=True),
    _reason("ordered_by_mistake", "personal", "Commandé par erreur", "Ordered by mistake",
            "UNWANTED", "RETURN_CM_DONT_WANT"),
    _reason("changed_mind", "personal", "J’ai changé d’avis", "Changed my mind",
            "UNWANTED", "RETURN_CHANGED_MIND"),
    _reason("found_cheaper", "personal", "Trouvé moins cher ailleurs", "Found it cheaper elsewhere",
            "UNWANTED", "RETURN_CM_DONT_WANT"),
    _reason("gift_not_wanted", "personal", "Cadeau qui ne convient pas", "Unwanted gift",
            "UNWANTED", "RETURN_CM_DONT_LIKE"),
    _reason("other", "personal", "Autre raison", "Another reason", "OTHER", "RETURN_OTHER"),
)
