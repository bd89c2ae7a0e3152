"""One return made up to try a policy on: what is typed, and the facts that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.domain.policies.facts import QUESTIONS, Facts, LineFacts
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Reason
from rebond.web.backoffice.forms.amounts import minor_of, typed
from rebond.web.backoffice.policy.sentences import country_name
from rebond.web.backoffice.policy.words import CHOICES
from rebond.web.ui.words import active_language

PLACES = ("FR", "BE", "DE", "ES", "IT", "LU", "NL", "PT", "IE", "AT", "GB", "CH", "US")
USUAL_PRICE = 8000
YEARS = (2000, 2100)
SELECT = {"class": "form-select"}
TEXT = {"class": "form-control", "autocomplete": "off"}
DAY = {"class": "form-control", "type": "date"}


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    return forms.DateField(label=label, widget=widget, required=False)


class ExampleForm(forms.Form):
    """Every field may stay empty; what cannot be read falls back to the usual."""

    prefix = "x"
    product = forms.ChoiceField(
        label=_("Article"), required=False, widget=forms.Select(attrs=SELECT)
    )
    price = forms.CharField(
        label=_("Price"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=TEXT | {"inputmode": "decimal"}),
    )
    bought = _day(_("Bought on"))
    delivered = _day(_("Delivered on"))
    asked = _day(_("Asked on"))
    country = forms.ChoiceField(
        label=_("Country"), required=False, widget=forms.Select(attrs=SELECT)
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False, widget=forms.Select(attrs=SELECT))
    tags = forms.CharField(
        label=_("Tags of the article, with commas"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    category = forms.CharField(
        label=_("Category"), max_length=80, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    no = forms.ChoiceField(
        label=_("Answers no to"), required=False, widget=forms.Select(attrs=SELECT)
    )
    photos = forms.IntegerField(
        label=_("Photos sent"),
        min_value=0,
        max_value=10,
        required=False,
        widget=forms.NumberInput(attrs=TEXT),
    )
    firm = forms.BooleanField(
        label=_("Bought for a business"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(
        self,
        given: Mapping[str, Any] | None,
        *,
        products: Sequence[Product],
        reasons: Sequence[Reason],
        today: date,
        currency: str,
        country: str,
    ) -> None:
        self.products = {product.sku: product for product in products}
        self.reasons = {reason.code: reason for reason in reasons}
        self.today, self.currency, self.home = today, currency, country
        is_filled = given is not None and f"{self.prefix}-country" in given
        super().__init__(given if is_filled else None, initial=self._usual())
        self._choose()

    @property
    def main(self) -> list[Any]:
        """The fields that stand open."""
        names = ("product", "price", "bought", "asked", "country", "reason")
        return [self[name] for name in names]

    @property
    def more(self) -> list[Any]:
        """The fields that are folded away."""
        return [self[name] for name in ("delivered", "tags", "category", "no", "photos")]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, where it can be read, above what is usual."""
        usual = self._usual()
        if not self.is_bound:
            return usual
        self.is_valid()
        read = {k: v for k, v in self.cleaned_data.items() if _is_usable(v)}
        return usual | {"no": "", "tags": "", "delivered": None} | read

    @property
    def facts(self) -> Facts:
        """The example as a policy sees it."""
        values = self.values
        bought = values["bought"]
        delivered = values["delivered"] or min(bought + timedelta(days=3), values["asked"])
        return Facts(
            asked_on=max(values["asked"], bought),
            ordered_on=bought,
            dispatched_on=bought,
            delivered_on=max(delivered, bought),
            country=values["country"],
            lines=(self._line(values),),
            is_whole_order=True,
            is_business=bool(values["firm"]),
        )

    def _line(self, values: Mapping[str, Any]) -> LineFacts:
        product = self.products.get(values["product"])
        reason = self.reasons.get(values["reason"])
        minor = minor_of(values["price"], self.currency)
        tags = [tag.strip() for tag in values["tags"].split(",") if tag.strip()]
        return LineFacts(
            key="1",
            sku=product.sku if product else "",
            category=values["category"] or (product.category if product else ""),
            quantity=1,
            value_minor=USUAL_PRICE if minor is None else minor,
            is_returnable=product.is_returnable if product else True,
            is_final_sale=product.is_final_sale if product else False,
            reason=values["reason"],
            is_our_fault=reason.is_our_fault if reason else False,
            is_in_transit=reason.is_in_transit if reason else False,
            photos=values["photos"] or 0,
            reason_needs_photo=reason.needs_photo if reason else False,
            tags=(*(product.tags if product else ()), *tags),
            answers={values["no"]: "no"} if values["no"] else {},
        )

    def _usual(self) -> dict[str, Any]:
        first = next(iter(self.products.values()), None)
        price = first.price_minor if first and first.price_minor else USUAL_PRICE
        reason = "changed_mind" if "changed_mind" in self.reasons else next(iter(self.reasons), "")
        return {
            "product": first.sku if first else "",
            "price": typed(price, self.currency, active_language()),
            "bought": self.today - timedelta(days=20),
            "delivered": self.today - timedelta(days=17),
            "asked": self.today,
            "country": self.home,
            "reason": reason,
            "tags": "",
            "category": "",
            "no": "",
            "photos": 0,
            "firm": False,
        }

    def _choose(self) -> None:
        language = active_language()
        places = dict.fromkeys([self.home, *PLACES])
        choices = {
            "product": [
                ("", _("any article")),
                *((k, p.title) for k, p in self.products.items()),
            ],
            "country": [(code, country_name(code)) for code in places],
            "reason": [(r.code, r.label(language)) for r in self.reasons.values()],
            "no": [("", "–"), *((q, _asked(q)) for q in QUESTIONS)],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]


def _is_usable(value: Any) -> bool:
    """Whether something was typed, and not a day outside our time."""
    if isinstance(value, date):
        return YEARS[0] <= value.year <= YEARS[1]
    return value not in (None, "")


def _asked(question: str) -> Any:
    return _(CHOICES["asks"][question])
