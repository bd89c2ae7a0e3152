"""Setting the rates."""

from collections.abc import Mapping

from rebond.domain.shops.models import Shop
from rebond.insights.costs.events import CostTermsChanged
from rebond.insights.costs.models import CostTerms
from rebond.insights.costs.reckon import USUAL_LOSS
from rebond.kernel.actions import action
from rebond.kernel.events import record


@action
def set_cost_terms(
    shop: Shop, values: Mapping[str, int], lost_percent: Mapping[str, int], *, by: str
) -> CostTerms:
    """Set the rates; ``values`` are fields of ``CostTerms``, percents from 0 to 100."""
    losses = {name: min(max(lost_percent.get(name, 0), 0), 100) for name in USUAL_LOSS}
    told = {**values, "lost_percent": losses, "currency": shop.currency}
    terms, _ = CostTerms.objects.update_or_create(shop=shop, defaults=told)
    record(CostTermsChanged(str(shop.pk)), shop_id=shop.pk, actor=by)
    return terms
