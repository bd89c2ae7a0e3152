"""What the pages about the policy show: versions, conflicts, a decision in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.policies.actions import version_of
from rebond.domain.policies.breaches import Breach
from rebond.domain.policies.checking import SENTENCES, conflicts, problems
from rebond.domain.policies.engine import Decision, decide, read_policy
from rebond.domain.policies.facts import Facts
from rebond.domain.policies.models import PolicyVersion, Standing
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import Listed, market_of, version_in_force, versions_of
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Reason
from rebond.domain.shops.models import Shop
from rebond.kernel import formats
from rebond.kernel.clock import now, today
from rebond.web.backoffice.forms.policy_example import ExampleForm
from rebond.web.backoffice.policy.sentences import Speaker, country_name
from rebond.web.backoffice.policy.words import FIXES
from rebond.web.ui.words import active_language, finding_sentence

MOST_PRODUCTS = 200
VERDICTS = {"approve": "good", "review": "wait", "decline": "bad"}


@dataclass(frozen=True)
class Overview:
    """All versions of a shop, by where they stand."""

    in_force: Listed | None
    planned: list[Listed]
    drafts: list[Listed]
    older: list[Listed]


@dataclass(frozen=True)
class Conflict:
    """One conflict with the law in words; ``is_note``: allowed, but worth knowing."""

    rule: str
    sentence: str
    fix: str
    place: str
    articles: tuple[str, ...]
    is_note: bool


@dataclass(frozen=True)
class Told:
    """A decision in words."""

    verdict: str
    tone: str
    sentences: tuple[str, ...]
    terms: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """What stands beside the cards: the law, dead rules, one example decided."""

    refused: tuple[Conflict, ...] = ()
    notes: tuple[Conflict, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    intro: str = ""
    told: Told | None = None
    told_now: Told | None = None
    is_readable: bool = True


def overview_of(shop: Shop) -> Overview:
    """The versions that ``shop`` has, the newest first."""
    found: dict[Standing, list[Listed]] = {standing: [] for standing in Standing}
    for listed in versions_of(shop, now()):
        found[listed.standing].append(listed)
    held = found[Standing.IN_FORCE]
    return Overview(
        held[0] if held else None,
        found[Standing.SCHEDULED],
        found[Standing.DRAFT],
        found[Standing.SUPERSEDED],
    )


def find_version(shop: Shop, number: int) -> tuple[PolicyVersion, Standing]:
    """A version and where it stands. Raises ``UnknownPolicyVersion``."""
    version, moment = version_of(shop, number), now()
    held = version_in_force(shop, moment)
    return version, version.standing(moment, held.number if held else None)


def document_in_force(shop: Shop) -> Mapping[str, Any]:
    """The document that holds now; the first preset where none was published."""
    held = version_in_force(shop, now())
    document: Mapping[str, Any] = held.document if held else GENEROUS
    return document


def speaker_of(shop: Shop) -> Speaker:
    """Who says values in the shop's words."""
    language = active_language()
    return Speaker(shop.currency, {r.code: r.label(language) for r in reasons_of(shop)})


def reasons_of(shop: Shop) -> Sequence[Reason]:
    """The reasons a customer may choose from."""
    return list(Reason.objects.filter(shop=shop, is_active=True).order_by("position", "code"))


def example_of(shop: Shop, given: Mapping[str, Any] | None) -> ExampleForm:
    """The made-up return that a draft is tried on."""
    products = Product.objects.filter(shop=shop).order_by("title", "sku")[:MOST_PRODUCTS]
    return ExampleForm(
        given,
        products=list(products),
        reasons=reasons_of(shop),
        today=today(shop.time_zone),
        currency=shop.currency,
        country=shop.country or "FR",
    )


def conflicts_of(shop: Shop, document: Mapping[str, Any]) -> tuple[Conflict, ...]:
    """Where a readable document is stricter than the law, one for each rule and sentence."""
    found: dict[tuple[str, str], Conflict] = {}
    for breach in conflicts(document, market_of(shop)):
        conflict = conflict_words(breach)
        found.setdefault((conflict.rule, conflict.sentence), conflict)
    return tuple(found.values())


def conflict_words(breach: Breach) -> Conflict:
    """A breach as people read it."""
    numbers = dict(breach.numbers)
    fix = FIXES.get(breach.code, "")
    return Conflict(
        breach.id,
        _(SENTENCES[breach.code]).format_map(numbers),
        _(fix).format_map(numbers) if fix else "",
        country_name(breach.place),
        breach.articles[:3],
        breach.is_note,
    )


def problems_of(shop: Shop, document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Rules that do nothing or contradict others: the rule's name, and the sentence."""
    codes = Reason.objects.filter(shop=shop).values_list("code", flat=True)
    found = problems(document, today=today(shop.time_zone), reasons=codes)
    return tuple((one.id, _problem_words(one.code, one.numbers)) for one in found)


def beside_of(shop: Shop, document: Mapping[str, Any] | None, example: ExampleForm) -> Beside:
    """What to say of a draft; of None, that it cannot be read yet."""
    if document is None:
        return Beside(is_readable=False)
    found = conflicts_of(shop, document)
    facts = example.facts
    say = Speaker(shop.currency, {})
    titles = _titles(example)
    told = told_of(decide(read_policy(document), facts), say, titles)
    held = told_of(decide(read_policy(document_in_force(shop)), facts), say, titles)
    differs = (told.verdict, told.sentences, told.terms) != (
        held.verdict,
        held.sentences,
        held.terms,
    )
    return Beside(
        tuple(one for one in found if not one.is_note),
        tuple(one for one in found if one.is_note),
        problems_of(shop, document),
        _intro(facts, titles),
        told,
        held if differs else None,
    )


def told_of(decision: Decision, say: Speaker, titles: Mapping[str, str]) -> Told:
    """The verdict, every sentence and every term of ``decision``."""
    verdicts = {
        "approve": _("is accepted at once"),
        "review": _("is looked at by a person"),
        "decline": _("is declined"),
    }
    sentences = [finding_sentence(vars(one), titles) for one in decision.findings]
    terms = () if decision.verdict == "decline" else tuple(_terms(decision, say))
    return Told(
        verdicts[decision.verdict],
        VERDICTS[decision.verdict],
        tuple(dict.fromkeys(sentences)),
        terms,
        tuple(dict.fromkeys(decision.applied)),
    )


def _titles(example: ExampleForm) -> dict[str, str]:
    product = example.products.get(example.values["product"])
    return {"1": product.title if product else str(_("this article"))}


def _intro(facts: Facts, titles: Mapping[str, str]) -> str:
    language = active_language()
    line = facts.lines[0]
    return _("“{article}”, bought on {bought}, country: {country}, asked for on {asked}:").format(
        article=titles[line.key],
        bought=formats.day(facts.ordered_on, language),
        country=country_name(facts.country),
        asked=formats.day(facts.asked_on, language),
    )


def _problem_words(code: str, numbers: Mapping[str, Any]) -> str:
    said = dict(numbers)
    if "day" in said:
        said["day"] = formats.day(said["day"], active_language())
    return _(SENTENCES[code]).format_map(said)


def _terms(decision: Decision, say: Speaker) -> Iterable[str]:
    terms = decision.terms
    if terms.last_day:
        day = formats.day(terms.last_day, active_language())
        yield _("Possible until {day}.").format(day=day)
    if terms.keeps_goods:
        yield _("The customer keeps the article.")
    elif terms.shopper_pays_return is not None:
        yield (
            _("The customer pays the way back.")
            if terms.shopper_pays_return
            else _("You pay the way back.")
        )
    if terms.methods and not terms.keeps_goods:
        ways = say.listed("allowed", terms.methods, style="standard")
        yield _("Ways back, in this order: {methods}.").format(methods=ways)
    if terms.pays_at:
        moment = say.one_of("pays_at", terms.pays_at)
        yield _("The refund goes {moment}.").format(moment=moment)
    yield from _money_terms(decision, say)


def _money_terms(decision: Decision, say: Speaker) -> Iterable[str]:
    terms = decision.terms
    if terms.wait_days:
        n = terms.wait_days
        waits = ngettext("{n} day of waiting after that.", "{n} days of waiting after that.", n)
        yield waits.format(n=n)
    if decision.fee_minor:
        yield _("A fee of {amount} is kept.").format(amount=say.money(decision.fee_minor))
    if terms.refunds_shipping:
        yield _("The delivery is refunded too.")
    if terms.outcomes:
        offered = say.listed("offered", terms.outcomes, style="standard")
        yield _("On offer, in this order: {outcomes}.").format(outcomes=offered)
        if "store_credit" in terms.outcomes and terms.credit_bonus_percent:
            yield _("Store credit is worth {percent} % more.").format(
                percent=terms.credit_bonus_percent
            )
        if "store_credit" in terms.outcomes and terms.credit_bonus_minor:
            yield _("{amount} come on top of store credit, once for each return.").format(
                amount=say.money(terms.credit_bonus_minor)
            )
    for charity in dict.fromkeys((terms.charities or {}).values()):
        yield _("May be given to {charity} instead.").format(charity=charity[0])
    if any((terms.keep_percents or {}).values()):
        percent = max((terms.keep_percents or {}).values())
        yield _("Who keeps it may have {percent} % of the price back.").format(percent=percent)
    if terms.send_to:
        yield _("Parcels go to: {address}.").format(address=", ".join(terms.send_to))
