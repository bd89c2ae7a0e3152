"""What the status page shows of labels and of the way back."""

from typing import Any

from rebond.domain.returns.models import Return
from rebond.domain.shipping.customs import declaration_of
from rebond.domain.shipping.pickups import pickup_is_offered, pickup_of
from rebond.domain.shipping.queries import (
    label_is_offered,
    scans_of_parcels,
    waits_for_goods,
)
from rebond.domain.shipping.sharing import labels_for
from rebond.domain.shipping.states import OVER, LabelState
from rebond.web.portal.codes import squares


def parcels_shown(rma: Return) -> dict[str, Any]:
    """Labels that are ready or being made, whether one is offered, and the carriers' reports."""
    labels = labels_for(rma)
    ready = [one for one in labels if one.state == LabelState.READY]
    return {
        "labels": ready,
        "drop_off_codes": {
            one.pk: squares(one.drop_off_code) for one in ready if one.drop_off_code
        },
        "label_is_made": any(
            one.state not in OVER | {LabelState.READY, LabelState.VOIDING} for one in labels
        ),
        "pickup": pickup_of(rma),
        "pickup_is_offered": pickup_is_offered(rma),
        "label_is_offered": label_is_offered(rma),
        "customs": declaration_of(rma) if waits_for_goods(rma) else None,
        "scans": scans_of_parcels(rma.shop_id, list(rma.parcels.all())),
    }
