"""The link to the withdrawal function, in the words of the law."""

import re
from typing import Any

from django import template

from rebond.domain.withdrawals.wording import link_label
from rebond.kernel.clock import today

register = template.Library()
PLACE = re.compile(r"\{\w+\}")


@register.simple_tag(takes_context=True)
def withdrawal_label(context: dict[str, Any]) -> str:
    """``{% withdrawal_label %}``: “withdraw from contract here” in the page's language."""
    return link_label(str(context["language"]), today(context["shop"].time_zone))


@register.filter
def fill(sentence: str, value: object) -> str:
    """``{{ w.done_lead|fill:moment }}``: the sentence with its one placeholder filled in."""
    return PLACE.sub(lambda _: str(value), sentence, count=1)
