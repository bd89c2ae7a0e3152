"""A rule as a sentence, its conditions too, and what changed between two policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.policies import conditions, differences
from rebond.domain.policies.differences import Change
from rebond.domain.policies.engine import RULES
from rebond.domain.policies.rules.refund_by_grade import WHOLE
from rebond.domain.policies.settings_reading import MOST_MINOR, Setting
from rebond.kernel import formats
from rebond.web.backoffice.policy.words import CHOICES, CONDITIONS, HELD, KINDS, SETTINGS
from rebond.web.ui.words import active_language

MOST_NAMED = 4
ListStyle = Literal["standard", "or"]
LEAP_YEAR = 2024


@dataclass(frozen=True)
class Speaker:
    """Says values in the reader's language and the shop's ``currency``.

    ``reasons`` maps the code of a reason to the shop's words for it.
    """

    currency: str
    reasons: Mapping[str, str]

    def money(self, minor: int) -> str:
        """An amount."""
        return formats.money(minor, self.currency, active_language())

    def one_of(self, name: str, value: str) -> str:
        """The words for one value of a choice or of a list."""
        if name in CHOICES:
            return _(CHOICES[name][value]) if value in CHOICES[name] else str(value)
        if name == "reasons":
            return self.reasons.get(value, value)
        return country_name(value) if name == "countries" else str(value)

    def listed(self, name: str, values: Iterable[str], *, style: ListStyle = "or") -> str:
        """Some values in a row: the first few, and how many more."""
        said = [self.one_of(name, value) for value in values]
        if len(said) > MOST_NAMED:
            more = len(said) - MOST_NAMED
            rest = ngettext("{n} more", "{n} more", more).format(n=more)
            said = [*said[:MOST_NAMED], rest]
        return str(format_list(said, style=style, locale=active_language()))

    def value(self, name: str, value: Any) -> str:
        """Any value of a setting or condition."""
        if value is None or value == [] or value == "":
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name.endswith("_minor"):
            return self.money(value)
        if name == "seasons":
            return "; ".join(season_words(one) for one in value)
        if isinstance(value, list | tuple):
            return self.listed(name, value, style="standard")
        if name.endswith(("_from", "_to")):
            return formats.day(value, active_language())
        return self.one_of(name, value) if isinstance(value, str) else str(value)


def country_name(code: str) -> str:
    """A country in the reader's language; the code where it is none."""
    return str(Locale.parse(active_language()).territories.get(code.upper(), code))


def season_words(season: Mapping[str, str]) -> str:
    """One season in words."""
    return _("bought from {first} to {last}: until {until}").format(
        first=_month_day(season["bought_from"]),
        last=_month_day(season["bought_to"]),
        until=_month_day(season["until"]),
    )


def rule_sentence(entry: Mapping[str, Any], say: Speaker) -> str:
    """What the rule ``entry`` of a readable document does, conditions apart."""
    rule = RULES[entry["kind"]]
    values = {s.name: _plain(entry.get(s.name, s.default)) for s in rule.settings}
    return SENTENCES[rule.key](values, say)


def reach_sentences(entry: Mapping[str, Any], say: Speaker) -> list[str]:
    """“Only when …” and “Unless …”, as far as the rule has them."""
    only, unless = _held(entry.get("when"), say), _held(entry.get("unless"), say)
    said = []
    if only:
        said.append(_("Only when {conditions}.").format(conditions=only))
    if unless:
        said.append(_("Unless {conditions}.").format(conditions=unless))
    return said


def kind_title(kind: str) -> str:
    """What a kind of rule is called."""
    return _(KINDS[kind][0])


def rule_name(name: str, kind: str) -> str:
    """What a rule is called; its kind in words where nobody gave it a name."""
    own = name.removeprefix(kind).removeprefix("-")
    is_given = not name.startswith(kind) or (own and not own.isdigit())
    return name if is_given else f"{kind_title(kind)} {own}".strip()


def setting_label(kind: str, name: str) -> str:
    """What a setting, or ``when.…`` and ``unless.…``, is called."""
    part, _dot, condition = name.partition(".")
    if condition:
        label = _(CONDITIONS[condition][0]) if condition in CONDITIONS else condition
        return _("{condition} (unless)").format(condition=label) if part == "unless" else label
    return _(SETTINGS[kind, name][0]) if (kind, name) in SETTINGS else name


def change_sentences(
    old: Mapping[str, Any], new: Mapping[str, Any], say: Speaker
) -> list[tuple[str, str]]:
    """What changed between two readable documents: the kind of change, and its sentence."""
    found = differences.differences(without_defaults(old), without_defaults(new))
    return [(change.code, _change_sentence(change, say)) for change in found]


def without_defaults(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same policy without what goes without saying, so that only real changes show."""
    return {**document, "rules": [_bare(entry) for entry in document["rules"]]}


def _bare(entry: Mapping[str, Any]) -> dict[str, Any]:
    declared = {s.name: s for s in RULES[entry["kind"]].settings}
    bare = {k: v for k, v in entry.items() if k not in declared or not is_usual(declared[k], v)}
    for part in differences.CONDITIONS:
        known = {s.name: s for s in conditions.SETTINGS}
        kept = {k: v for k, v in (bare.pop(part, None) or {}).items() if not is_usual(known[k], v)}
        if kept:
            bare[part] = kept
    return bare


def is_usual(setting: Setting, value: Any) -> bool:
    """Whether ``value`` says no more than its absence."""
    return bool(setting.parse(value) == setting.default)


def _change_sentence(change: Change, say: Speaker) -> str:
    name = change.name.rpartition(".")[2]
    if change.code.startswith("rule_moved"):
        before, after = change.before, change.after
    else:
        before, after = "", ""
        if name:
            before, after = say.value(name, change.before), say.value(name, change.after)
    said = _(differences.SENTENCES[change.code]).format(
        id=rule_name(change.id, change.kind),
        name=setting_label(change.kind, change.name) if change.name else "",
        before=before,
        after=after,
    )
    whole = change.after if change.code == "rule_added" else change.before
    is_whole = change.code in {"rule_added", "rule_removed"}
    return f"{said} {rule_sentence(whole, say)}" if is_whole else said


def _held(values: Mapping[str, Any] | None, say: Speaker) -> str:
    said = []
    for name, value in (values or {}).items():
        words = say.value(name, value)
        if isinstance(value, list | tuple):
            words = say.listed(name, value)
        said.append(_(HELD[name]).format(values=words))
    return str(format_list(said, locale=active_language())) if said else ""


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _month_day(text: str) -> str:
    month, day = (int(part) for part in text.split("-"))
    try:
        shown = date(LEAP_YEAR, month, day)
    except ValueError:
        return text
    return str(format_skeleton("MMMMd", shown, locale=active_language()))


Values = Mapping[str, Any]


def _window(values: Values, say: Speaker) -> str:
    days = values["days"]
    said = [
        ngettext("{n} day, counted from {start}.", "{n} days, counted from {start}.", days).format(
            n=days, start=say.one_of("starts_at", values["starts_at"])
        )
    ]
    if values["seasons"]:
        seasons = "; ".join(season_words(one) for one in values["seasons"])
        said.append(_("More time for what is {seasons}.").format(seasons=seasons))
    if values["late"] == "review":
        said.append(_("What is late is looked at by a person."))
    return " ".join(said)


def _excluded(values: Values, say: Speaker) -> str:
    said = _("Articles that you have marked as final sale are not taken back.")
    if values["covers"] == "all":
        said = _("Articles that this rule is about are not taken back.")
    elif values["categories"]:
        said = _("Not taken back: what you have marked as final sale, and {categories}.").format(
            categories=say.listed("categories", values["categories"], style="standard")
        )
    if not values["ground"]:
        return said
    return f"{said} " + _("Legal reason: {ground}.").format(
        ground=say.one_of("ground", values["ground"])
    )


def _question(values: Values, say: Speaker) -> str:
    said = _("“{question}” If not, the request {answer}.")
    return said.format(
        question=say.one_of("asks", values["asks"]), answer=say.one_of("no", values["no"])
    )


def _caution(values: Values, say: Speaker) -> str:
    said = [
        _("From the level “{level}” on:").format(
            level=say.one_of("from_level", values["from_level"])
        )
    ]
    if values["review"]:
        said.append(_("a person looks first."))
    if values["photos"]:
        said.append(_("Photos are asked of faulty articles: {n}.").format(n=values["photos"]))
    if not values["keep_it"]:
        said.append(_("Everything is sent back."))
    if not values["credit_bonus"]:
        said.append(_("Store credit earns no bonus."))
    if values["pays_after"]:
        moment = say.one_of("pays_after", values["pays_after"])
        said.append(_("The refund goes {moment}.").format(moment=moment))
    return " ".join(said)


def _evidence(values: Values, _say: Speaker) -> str:
    n = values["photos"]
    if values["needed_for"] == "all":
        return ngettext(
            "{n} photo of each article is asked for.",
            "{n} photos of each article are asked for.",
            n,
        ).format(n=n)
    return ngettext(
        "{n} photo is asked for where the reason needs one.",
        "{n} photos are asked for where the reason needs one.",
        n,
    ).format(n=n)


def _review_above(values: Values, say: Speaker) -> str:
    said = []
    if values["value_minor"] < MOST_MINOR:
        said.append(
            _("A person looks at returns worth more than {amount}.").format(
                amount=say.money(values["value_minor"])
            )
        )
    if values["reasons"]:
        said.append(
            _("A person looks when the reason is {reasons}.").format(
                reasons=say.listed("reasons", values["reasons"])
            )
        )
    return " ".join(said) or _("Nothing is looked at: give a value or a reason.")


def _verdict(values: Values, say: Speaker) -> str:
    return _("Everything that this rule is about {answer}.").format(
        answer=say.one_of("say", values["say"])
    )


def _limits(values: Values, say: Speaker) -> str:
    said = []
    if values["per_order"]:
        said.append(_("At most {n} returns of one order.").format(n=values["per_order"]))
    if values["per_customer"]:
        said.append(
            _("At most {n} returns of one customer within {days} days.").format(
                n=values["per_customer"], days=values["days"]
            )
        )
    if not said:
        return _("No limit yet: give at least one number.")
    said.append(_("One more {answer}.").format(answer=say.one_of("beyond", values["beyond"])))
    return " ".join(said)


def _lists(values: Values, say: Speaker) -> str:
    count = sum(len(values[name]) for name in ("customers", "orders", "skus"))
    if not count:
        return _("Nobody is listed yet.")
    return ngettext(
        "{n} entry: what is listed {answer}.", "{n} entries: what is listed {answer}.", count
    ).format(n=count, answer=say.one_of("say", values["say"]))


def _fee(values: Values, say: Speaker) -> str:
    said = []
    if values["percent"]:
        said.append(_("{percent} % of the price are kept.").format(percent=values["percent"]))
    if values["amount_minor"]:
        said.append(
            _("{amount} are kept once for the return.").format(
                amount=say.money(values["amount_minor"])
            )
        )
    if said and values["cap_minor"] is not None:
        said.append(_("Never more than {amount}.").format(amount=say.money(values["cap_minor"])))
    return " ".join(said) or _("No fee.")


def _return_cost(values: Values, _say: Speaker) -> str:
    if values["paid_by"] == "shop":
        return _("You pay the way back.")
    return _("The customer pays the way back, unless something is wrong with the article.")


def _methods(values: Values, say: Speaker) -> str:
    said = [
        _("Ways back, in this order: {methods}.").format(
            methods=say.listed("allowed", values["allowed"] or ["own_carrier"], style="standard")
        )
    ]
    fees = {
        "prepaid_label": "label_fee_minor",
        "drop_off": "drop_off_fee_minor",
        "pickup": "pickup_fee_minor",
    }
    for method, name in fees.items():
        if values[name] and method in values["allowed"]:
            said.append(
                _("{method} costs the customer {amount}.").format(
                    method=sentence_start(say.one_of("allowed", method)),
                    amount=say.money(values[name]),
                )
            )
    return " ".join(said)


def sentence_start(text: str) -> str:
    """``text`` with a capital."""
    return text[:1].upper() + text[1:]


def _outcomes(values: Values, say: Speaker) -> str:
    offered = values["offered"] or ["refund"]
    said = _("On offer, in this order: {outcomes}.").format(
        outcomes=say.listed("offered", offered, style="standard")
    )
    if "store_credit" in offered and values["credit_bonus_percent"]:
        said += " " + _("Store credit is worth {percent} % more.").format(
            percent=values["credit_bonus_percent"]
        )
    if "store_credit" in offered and values["credit_bonus_minor"]:
        said += " " + _("{amount} come on top of store credit, once for each return.").format(
            amount=say.money(values["credit_bonus_minor"])
        )
    return said


def _release(values: Values, say: Speaker) -> str:
    said = [_("The refund goes {moment}.").format(moment=say.one_of("pays_at", values["pays_at"]))]
    if values["wait_days"]:
        n = values["wait_days"]
        said = [
            ngettext(
                "The refund goes {n} day later: {moment}.",
                "The refund goes {n} days later: {moment}.",
                n,
            ).format(n=n, moment=say.one_of("pays_at", values["pays_at"]))
        ]
    if values["pays_at"] != "inspection" and values["pays_early_up_to_minor"]:
        said.append(
            _("Above {amount}, the inspection comes first.").format(
                amount=say.money(values["pays_early_up_to_minor"])
            )
        )
    return " ".join(said)


def _keep_it(values: Values, say: Speaker) -> str:
    said = []
    if values["below_minor"]:
        said.append(
            _("Up to {amount} nothing is sent back, and the refund goes at once.").format(
                amount=say.money(values["below_minor"])
            )
        )
    if values["parcel_cost_minor"]:
        said.append(
            _(
                "What is worth less than its parcel ({amount}) is not sent back, and refunded at "
                "once."
            ).format(amount=say.money(values["parcel_cost_minor"]))
        )
    return " ".join(said) or _("Everything is sent back: give an amount.")


def _keep_discount(values: Values, say: Speaker) -> str:
    if not values["percent"]:
        return _("No discount: give a percentage.")
    said = _("Who keeps the article may have {percent} % of its price back at once.").format(
        percent=values["percent"]
    )
    if values["cap_minor"] is not None:
        said += " " + _("Never more than {amount}.").format(amount=say.money(values["cap_minor"]))
    return said


def _donate(values: Values, say: Speaker) -> str:
    if not values["charity"]:
        return _("No donation: name a charity.")
    said = _(
        "The customer may give the articles to {charity} instead of sending them back."
    ).format(charity=values["charity"][0])
    return (
        said
        + " "
        + _("Before the refund: {proof}.").format(
            proof=say.one_of("donation_proof", values["donation_proof"])
        )
    )


def _gifts(values: Values, say: Speaker) -> str:
    said = _("Who got a present returns it with {proof} and gets {paid}.").format(
        proof=say.one_of("proof", values["proof"]), paid=say.one_of("paid_as", values["paid_as"])
    )
    return said + " " + _("The buyer is not told.")


def _no_receipt(values: Values, say: Speaker) -> str:
    said = _(
        "Without a receipt a piece is worth the lowest price of {days} days as store credit, up to "
        "{cap} for each customer in {cap_days} days."
    ).format(
        days=values["lowest_price_days"],
        cap=say.money(values["cap_minor"]),
        cap_days=values["cap_days"],
    )
    who = _("A colleague of who filed it decides.") if values["needs_second_person"] else ""
    return f"{said} {who or _('A person who may refund decides.')}"


def _routing(values: Values, _say: Speaker) -> str:
    if not values["send_to"]:
        return _("Parcels go to your usual address.")
    return _("Parcels go to: {address}.").format(address=", ".join(values["send_to"]))


def _refund_by_grade(values: Values, say: Speaker) -> str:
    shares = [
        _("grade {grade}: {percent} %").format(grade=grade.upper(), percent=percent)
        for grade in "abcd"
        if (percent := values[f"grade_{grade}_percent"]) < WHOLE
    ]
    if values["incomplete_percent"] < WHOLE:
        shares.append(
            _("parts are missing: {percent} % at most").format(percent=values["incomplete_percent"])
        )
    if not shares:
        return _("Everything is refunded, whatever the grade.")
    listed = format_list(shares, locale=active_language())
    return _("Of the price is refunded: {shares}.").format(shares=listed)


def _delivery_costs(values: Values, _say: Speaker) -> str:
    if values["refunded"]:
        return _("The delivery is refunded with the whole order.")
    return _("The delivery is not refunded.")


def _refund_terms(values: Values, say: Speaker) -> str:
    said = [_("The refund goes {moment}.").format(moment=say.one_of("pays_at", values["pays_at"]))]
    if values["shopper_pays_return"]:
        said.append(_("The customer pays the way back."))
    else:
        said.append(_("You pay the way back."))
    if values["refunds_shipping"]:
        said.append(_("The delivery is refunded with the whole order."))
    else:
        said.append(_("The delivery is not refunded."))
    if values["restocking_fee_percent"]:
        said.append(
            _("{percent} % of the price are kept.").format(percent=values["restocking_fee_percent"])
        )
    return " ".join(said)


SENTENCES: dict[str, Callable[[Values, Speaker], str]] = {
    "window": _window,
    "excluded_goods": _excluded,
    "question": _question,
    "caution": _caution,
    "evidence": _evidence,
    "review_above": _review_above,
    "verdict": _verdict,
    "limits": _limits,
    "lists": _lists,
    "fee": _fee,
    "return_cost": _return_cost,
    "methods": _methods,
    "outcomes": _outcomes,
    "release": _release,
    "keep_it": _keep_it,
    "keep_discount": _keep_discount,
    "donate": _donate,
    "gifts": _gifts,
    "no_receipt": _no_receipt,
    "routing": _routing,
    "refund_by_grade": _refund_by_grade,
    "delivery_costs": _delivery_costs,
    "refund_terms": _refund_terms,
}
