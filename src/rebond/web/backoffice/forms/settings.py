"""What a shop says of itself: names, languages, addresses, colours; people; reasons; articles."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from rebond.domain.products.actions import (
    LONGEST_ADDRESS,
    LONGEST_TAG,
    MOST_GRAMS,
    country_code,
    customs_code,
    dimensions_in,
    in_centimetres,
    page_address,
    tags_in,
)
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Reason
from rebond.domain.returns.reasons import LONGEST_LABEL, ReasonWish
from rebond.domain.shops.models import Shop, User
from rebond.web.ui.contrast import COLOUR, ENOUGH, WHITE, contrast, ink_on

COUNTRIES = (
    *(("FR", _("France")), ("BE", _("Belgium")), ("DE", _("Germany")), ("ES", _("Spain"))),
    *(("IT", _("Italy")), ("LU", _("Luxembourg")), ("NL", _("Netherlands"))),
    *(("PT", _("Portugal")), ("AT", _("Austria")), ("IE", _("Ireland"))),
    *(("GB", _("United Kingdom")), ("CH", _("Switzerland"))),
)
ZONES = {
    **{"FR": "Europe/Paris", "BE": "Europe/Brussels", "DE": "Europe/Berlin"},
    **{"ES": "Europe/Madrid", "IT": "Europe/Rome", "LU": "Europe/Luxembourg"},
    **{"NL": "Europe/Amsterdam", "PT": "Europe/Lisbon", "AT": "Europe/Vienna"},
    **{"IE": "Europe/Dublin", "GB": "Europe/London", "CH": "Europe/Zurich"},
}
CURRENCIES = (("EUR", "EUR €"), ("GBP", "GBP £"), ("CHF", "CHF"), ("USD", "USD $"))
LANGUAGES = (("fr", "Français"), ("en", "English"))
LONGEST_LINES = 8


def text(label: Any, *, most: int = 120, needed: bool = True, **attrs: str) -> forms.CharField:
    """A field of one line."""
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=most, required=needed, widget=widget)


def choice(label: Any, choices: Any, *, needed: bool = True) -> forms.ChoiceField:
    """A field that offers a list."""
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=needed, widget=widget)


def tick(label: Any) -> forms.BooleanField:
    """A field that is yes or no."""
    widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, required=False, widget=widget)


def email_field(label: Any, **attrs: str) -> forms.EmailField:
    """A field for an e-mail address."""
    widget = forms.EmailInput(attrs={"class": "form-control", **attrs})
    return forms.EmailField(label=label, max_length=254, widget=widget)


def password_field(label: Any) -> forms.CharField:
    """A field for a new password."""
    attrs = {"class": "form-control", "autocomplete": "new-password"}
    return forms.CharField(
        label=label, strip=False, max_length=1000, widget=forms.PasswordInput(attrs=attrs)
    )


class LinesField(forms.CharField):
    """Several lines of text, kept as a list without empty ones."""

    def __init__(self, label: Any, *, needed: bool = True, rows: int = 4, hint: Any = "") -> None:
        attrs = {"class": "form-control", "rows": str(rows)}
        area = forms.Textarea(attrs=attrs)
        super().__init__(label=label, max_length=600, required=needed, widget=area, help_text=hint)

    def prepare_value(self, value: Any) -> Any:
        """The lines as one text."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The lines of the text."""
        found = [line.strip() for line in str(super().clean(value) or "").splitlines()]
        found = [line for line in found if line]
        if len(found) > LONGEST_LINES:
            raise forms.ValidationError(_("At most eight lines, please."))
        return found


class BeginForm(forms.Form):
    """The first person and the first shop of an installation."""

    shop = text(_("Your shop’s name"), autocomplete="organization")
    name = text(_("Your name"), autocomplete="name")
    email = email_field(_("Your e-mail address"), autocomplete="username")
    password = password_field(_("A password, ten characters or more"))
    again = password_field(_("The same password once more"))
    country = choice(_("Your shop is in"), COUNTRIES)
    currency = choice(_("Your prices are in"), CURRENCIES)

    def clean_password(self) -> str:
        """A password that is not guessed at once."""
        password: str = self.cleaned_data["password"]
        told = {key: self.cleaned_data.get(key, "") for key in ("email", "name")}
        validate_password(password, User(**told))
        return password

    def clean_again(self) -> str:
        """The same again: nobody else can help who is locked out of an empty installation."""
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("password", again) != again:
            raise forms.ValidationError(_("The two passwords are not the same."))
        return again

    def shop_fields(self, language: str) -> dict[str, Any]:
        """The fields of the new shop. Call after the form is valid."""
        told = self.cleaned_data
        others = [tag for tag, _name in LANGUAGES if tag != language]
        return {
            "slug": slugify(told["shop"])[:40] or "shop",
            "name": told["shop"],
            "email": told["email"],
            "country": told["country"],
            "currency": told["currency"],
            "languages": [language, *others],
            "time_zone": ZONES[told["country"]],
            "legal": {"legal_name": told["shop"]},
        }


class ShopForm(forms.Form):
    """Who the shop is: to its shoppers, on its documents, on parcels.

    With ``is_first`` only what a first return needs; the rest stays as it is.
    """

    marks_optional = True

    name = text(_("Name"))
    email = email_field(_("Where customers write to"))
    country = choice(_("Country"), COUNTRIES)
    time_zone = choice(_("Time zone"), [(zone, zone) for zone in sorted(available_timezones())])
    language = choice(_("The shop’s own language"), LANGUAGES)
    domain = text(_("Own web address of the returns page"), most=253, needed=False)
    return_address = LinesField(_("Address for parcels, one line each"))
    legal_name = text(_("Legal name, with the legal form"), most=200)
    legal_address = LinesField(
        _("Address of the company"), needed=False, hint=_("Empty: the one for parcels.")
    )
    siren = text(_("SIREN, or registration number"), most=40, needed=False)
    vat_number = text(_("VAT number"), most=20, needed=False)
    phone = text(_("Telephone"), most=40, needed=False, inputmode="tel")
    host = text(_("Host of the site, with address"), most=200, needed=False)
    mediator = text(_("Mediator for consumers, with address"), most=200, needed=False)
    fiscal_year_starts_in = choice(
        _("The fiscal year begins in"), [(str(n), name) for n, name in MONTHS.items()]
    )

    LEGAL = ("legal_name", "siren", "vat_number", "phone", "host", "mediator")
    PLAIN = ("name", "email", "country", "time_zone", "return_address")
    FIRST = ("return_address", "legal_name", "legal_address", "siren", "vat_number")

    def __init__(
        self, shop: Shop, data: QueryDict | None = None, *, is_first: bool = False
    ) -> None:
        known = {name: getattr(shop, name) for name in self.PLAIN}
        known |= {name: shop.legal.get(name, "") for name in self.LEGAL}
        known |= {
            "domain": shop.domain or "",
            "language": shop.language,
            "legal_address": shop.legal.get("address", []),
            "fiscal_year_starts_in": str(shop.fiscal_year_starts_in),
        }
        super().__init__(data, initial=known)
        self.shop = shop
        if is_first:
            self.fields = {name: self.fields[name] for name in self.FIRST}

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields as the page shows them."""
        parts = (
            (_("For your customers"), ("name", "email", "language", "domain", "return_address")),
            (
                _("On your documents"),
                ("legal_name", "legal_address", "siren", "vat_number", "phone"),
            ),
            (_("On your policy page"), ("host", "mediator")),
            (_("Calendar"), ("country", "time_zone", "fiscal_year_starts_in")),
        )
        shown = [(title, [name for name in names if name in self.fields]) for title, names in parts]
        return [(title, [self[name] for name in names]) for title, names in shown if names]

    def clean_legal_address(self) -> list[str]:
        """Where the company is: where parcels go, without the name above it, if nobody says."""
        told = self.cleaned_data
        if told["legal_address"]:
            return list(told["legal_address"])
        names = {self.shop.name, told.get("name"), told.get("legal_name")}
        parcels = told.get("return_address", [])
        return parcels[1:] if len(parcels) > 1 and parcels[0] in names else parcels

    def clean_domain(self) -> str | None:
        """A host name that no other shop has; None for none."""
        domain = self.cleaned_data["domain"].strip().lower()
        domain = domain.removeprefix("https://").removeprefix("http://").rstrip("/")
        if not domain:
            return None
        if "/" in domain or "." not in domain or " " in domain:
            raise forms.ValidationError(_("A name such as returns.example.com, please."))
        if Shop.objects.filter(domain=domain).exclude(pk=self.shop.pk).exists():
            raise forms.ValidationError(_("Another shop has this address."))
        return str(domain)

    @property
    def values(self) -> dict[str, Any]:
        """What to set. Call after the form is valid."""
        told = self.cleaned_data
        legal = {**self.shop.legal, **{name: told[name] for name in self.LEGAL if name in told}}
        legal["address"] = told["legal_address"]
        values = {name: told[name] for name in (*self.PLAIN, "domain") if name in told}
        values["legal"] = {name: value for name, value in legal.items() if value}
        if "language" in told:
            others = [tag for tag, _name in LANGUAGES if tag != told["language"]]
            values["languages"] = [told["language"], *others]
        if "fiscal_year_starts_in" in told:
            values["fiscal_year_starts_in"] = int(told["fiscal_year_starts_in"])
        return values


class BrandForm(forms.Form):
    """The shop's colour and logo; the colour of the writing on it follows."""

    brand = forms.CharField(
        label=_("Colour of buttons and links"),
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control colour"}),
    )
    logo = forms.FileField(
        label=_("Logo (PNG, JPEG or WebP)"),
        required=False,
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": "image/png,image/jpeg,image/webp"}
        ),
    )
    no_logo = tick(_("Show no logo"))

    def clean_brand(self) -> str:
        """A colour on which, and in which, everybody can read."""
        colour: str = self.cleaned_data["brand"].lower()
        if not COLOUR.fullmatch(colour):
            raise forms.ValidationError(_("A colour such as #0f6b57, please."))
        if contrast(colour, WHITE) < ENOUGH:
            raise forms.ValidationError(
                _("Too pale: links in this colour cannot be read on white. Choose a darker one.")
            )
        return colour

    @property
    def colours(self) -> dict[str, str]:
        """The shop's colours. Call after the form is valid."""
        brand = self.cleaned_data["brand"]
        return {"brand": brand, "brand_ink": ink_on(brand)}


class PersonForm(forms.Form):
    """Somebody who is to work in the shop."""

    name = text(_("Name"), autocomplete="off")
    email = email_field(_("E-mail address"), autocomplete="off")


class PasswordForm(forms.Form):
    """A password of one's own."""

    password = password_field(_("A password, ten characters or more"))

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        self.user = user
        super().__init__(data)

    def clean_password(self) -> str:
        """A password that is not guessed at once."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class ReasonForm(forms.Form):
    """One reason, in the words of each language."""

    label_fr = text(_("In French"), most=LONGEST_LABEL)
    label_en = text(_("In English"), most=LONGEST_LABEL)
    parent = choice(_("Refines"), (), needed=False)
    family = choice(
        _("What it is about"),
        (
            ("product", _("the article")),
            ("experience", _("the order or the delivery")),
            ("personal", _("the customer’s own wish")),
        ),
    )
    categories = text(_("Only for these categories (commas between)"), most=500, needed=False)
    needs_photo = tick(_("Ask for a photo"))
    is_our_fault = tick(_("We answer for it: the way back costs the customer nothing"))
    is_in_transit = tick(_("It happened on the way to the customer: the risk is ours"))
    is_active = tick(_("Offered to customers"))

    def __init__(
        self, reason: Reason | None, mains: list[Reason], language: str, data: Any = None
    ) -> None:
        super().__init__(data, initial=_reason_initial(reason) if reason else {"is_active": True})
        others = [m for m in mains if reason is None or m.pk != reason.pk]
        offered = [
            ("", _("nothing: a main reason")),
            *((m.code, m.label(language)) for m in others),
        ]
        self.fields["parent"].choices = offered  # type: ignore[attr-defined]

    @property
    def wish(self) -> ReasonWish:
        """The reason as it is wanted. Call after the form is valid."""
        told = self.cleaned_data
        return ReasonWish(
            labels={"fr": told["label_fr"], "en": told["label_en"]},
            family=told["family"],
            parent=told["parent"],
            categories=tuple(
                word.strip() for word in told["categories"].split(",") if word.strip()
            ),
            needs_photo=told["needs_photo"],
            is_our_fault=told["is_our_fault"],
            is_in_transit=told["is_in_transit"],
            is_active=told["is_active"],
        )


class ProductForm(forms.Form):
    """What policies and parcels need to know of an article."""

    title = text(_("Name"), most=200)
    category = text(_("Category"), most=80, needed=False)
    tags = text(_("Tags (commas between)"), most=500, needed=False)
    is_returnable = tick(_("May come back"))
    is_final_sale = tick(_("Final sale"))
    weight_grams = forms.IntegerField(
        label=_("Weight in grams"),
        required=False,
        min_value=0,
        max_value=MOST_GRAMS,
        widget=forms.NumberInput(attrs={"class": "form-control short", "inputmode": "numeric"}),
    )
    dimensions = text(_("Packed, in centimetres (length × width × height)"), most=40, needed=False)
    hs_code = text(_("Customs code (HS, six to ten digits)"), most=16, needed=False)
    origin_country = text(_("Made in (two letters)"), most=2, needed=False)
    size_chart = text(
        _("Page with the size chart (https://…)"),
        most=LONGEST_ADDRESS,
        needed=False,
        inputmode="url",
    )

    def __init__(self, product: Product, data: Any = None) -> None:
        known = {name: getattr(product, name) for name in self.base_fields if name != "tags"}
        told = {"tags": ", ".join(product.tags), "dimensions": in_centimetres(product.dimensions)}
        super().__init__(data, initial=known | told)

    def clean_tags(self) -> tuple[str, ...]:
        """The words, each once."""
        found = tags_in(self.cleaned_data["tags"])
        if any(len(tag) > LONGEST_TAG for tag in found):
            raise forms.ValidationError(_("A tag has at most 60 characters."))
        return found

    def clean_dimensions(self) -> str:
        """Three lengths, or none."""
        try:
            dimensions_in(self.cleaned_data["dimensions"])
        except ValueError as problem:
            raise forms.ValidationError(
                _("Three lengths, please, such as 30 × 20 × 10.")
            ) from problem
        return str(self.cleaned_data["dimensions"])

    def clean_hs_code(self) -> str:
        """The digits alone."""
        try:
            return customs_code(self.cleaned_data["hs_code"])
        except ValueError as problem:
            raise forms.ValidationError(_("Six, eight or ten digits, please.")) from problem

    def clean_origin_country(self) -> str:
        """The country's two letters."""
        try:
            return country_code(self.cleaned_data["origin_country"])
        except ValueError as problem:
            raise forms.ValidationError(_("Two letters, such as FR.")) from problem

    def clean_size_chart(self) -> str:
        """The address of a page that shoppers may be led to."""
        try:
            return page_address(self.cleaned_data["size_chart"])
        except ValueError as problem:
            raise forms.ValidationError(
                _("An address that begins with https://, please.")
            ) from problem


def _reason_initial(reason: Reason) -> dict[str, Any]:
    names = ("family", "needs_photo", "is_our_fault", "is_in_transit", "is_active")
    return {name: getattr(reason, name) for name in names} | {
        "label_fr": reason.labels.get("fr", ""),
        "label_en": reason.labels.get("en", ""),
        "parent": reason.parent.code if reason.parent else "",
        "categories": ", ".join(reason.categories),
    }
