"""The form on which somebody chooses other goods for what comes back: portal and desk alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from rebond.domain.exchanges.goods import is_even
from rebond.domain.exchanges.queries import offered, variants_of
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return, ReturnLine


@dataclass(frozen=True)
class Choice:
    """One product on offer. ``is_even``: it costs what was paid for what comes back."""

    product: Product
    is_even: bool

    @property
    def name(self) -> str:
        """Its title, with what sets it apart from the others."""
        option = self.product.option
        return f"{self.product.title} · {option}" if option else self.product.title


@dataclass
class Row:
    """One line of the return with what can be had for it."""

    line: ReturnLine
    choices: list[Choice]
    chosen: str = ""

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"instead-{self.line.pk}"


@dataclass
class InsteadForm:
    """All lines; ``search`` is a word that brings further products of the shop."""

    rma: Return
    rows: list[Row] = field(default_factory=list)
    search: str = ""
    found: list[Product] = field(default_factory=list)
    error: str = ""

    @property
    def wishes(self) -> list[Instead]:
        """What was chosen: all pieces of a line for as many of the product."""
        return [
            Instead(row.line.pk, row.chosen, row.line.quantity) for row in self.rows if row.chosen
        ]

    @property
    def offers_anything(self) -> bool:
        """Whether there is something to choose."""
        return any(row.choices for row in self.rows)

    def is_valid(self) -> bool:
        """Whether something was chosen that is on offer."""
        if not self.wishes:
            self.error = _("Please choose what you would like instead.")
        return not self.error


def instead_form(rma: Return, typed: Mapping[str, str], *, search: str = "") -> InsteadForm:
    """The form for ``rma``, with what was typed."""
    lines = list(
        rma.lines.exclude(order_line=None)
        .select_related("order_line__product")
        .order_by("position")
    )
    variants = variants_of(rma.shop_id, [_bought(line) for line in lines])
    found = offered(rma.shop, search) if search.strip() else []
    form = InsteadForm(rma, search=search.strip(), found=found)
    for line in lines:
        bought = _bought(line)
        options = [*(variants.get(bought.sku, []) if bought else []), *found]
        choices = _choices(bought, options)
        row = Row(line, choices)
        chosen = typed.get(row.name, "")
        if not chosen and line.outcome == "replacement":
            chosen = line.sku
        row.chosen = chosen if chosen in {choice.product.sku for choice in choices} else ""
        form.rows.append(row)
    return form


def _choices(bought: Product | None, options: Sequence[Product]) -> list[Choice]:
    seen: dict[str, Choice] = {}
    for product in options:
        seen.setdefault(product.sku, Choice(product, is_even(bought, product)))
    return [each for each in seen.values() if each.is_even or each.product.price_minor is not None]


def _bought(line: ReturnLine) -> Product | None:
    return line.order_line.product if line.order_line is not None else None
