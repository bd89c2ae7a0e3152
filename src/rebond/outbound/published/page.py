"""The policy in force as a page that anybody understands: the law first, then what the shop adds.

Only what the version says is told, in the words of this house, never in those of a law firm.
Source: C. conso. L221-5, L221-18 to L221-28, L217-3 to L217-17; C. civ. 1641; Dir. 2011/83/EU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from rebond.domain import law
from rebond.domain.law.places import is_member_state
from rebond.domain.policies.engine import Policy, RuleUse
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.retired import KIND as ALL_TERMS
from rebond.domain.policies.retired import UsualTerms, usual_terms
from rebond.domain.policies.rules.refund_by_grade import WHOLE
from rebond.domain.returns.models import Reason
from rebond.domain.shops.models import Shop
from rebond.kernel import formats
from rebond.outbound.published import data_notice, grades
from rebond.outbound.published.conditions import about

IN_FRANCE = N_("Consumer code, articles {french}; Directive 2011/83/EU, articles {european}.")
IN_THE_UNION = N_("Directive 2011/83/EU, articles {european}.")

GROUNDS = {
    "market_priced": N_("goods whose price follows a financial market"),
    "personalised": N_("goods made to your wishes or clearly personalised"),
    "perishable": N_("goods that spoil or expire quickly"),
    "hygiene": N_("sealed goods that you opened and that hygiene forbids us to take back"),
    "mixed": N_("goods that have been mixed inseparably with others"),
    "sealed_media": N_("sealed music, films or software that you opened"),
    "press": N_("newspapers and magazines"),
}
ARTICLES = {
    "market_priced": "L221-28 2° / art. 16(b)",
    "personalised": "L221-28 3° / art. 16(c)",
    "perishable": "L221-28 4° / art. 16(d)",
    "hygiene": "L221-28 5° / art. 16(e)",
    "mixed": "L221-28 6° / art. 16(f)",
    "sealed_media": "L221-28 9° / art. 16(i)",
    "press": "L221-28 10° / art. 16(j)",
}
STARTS = {
    "order": N_("from the day you ordered"),
    "dispatch": N_("from the day we sent your order"),
    "delivery": N_("from the day your order arrived"),
}
PAYS = {
    "approval": N_("as soon as your return is accepted"),
    "scan": N_("as soon as the carrier has your parcel"),
    "delivery": N_("as soon as the carrier has brought us your parcel"),
    "receipt": N_("as soon as your parcel is with us"),
    "inspection": N_("as soon as we have received and checked the article"),
}
QUESTIONS = {
    "tags_on": N_("We ask whether the labels are still on it."),
    "seal_intact": N_("We ask whether the seal is intact."),
    "original_packaging": N_("We ask whether you still have the original packaging."),
    "unused": N_("We ask whether it has been used."),
    "complete": N_("We ask whether everything that belongs to it is there."),
}


@dataclass(frozen=True)
class Section:
    """One heading with its sentences. ``links`` are words and the name of a page of the portal."""

    key: str
    heading: str
    sentences: tuple[str, ...]
    source: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PublicPolicy:
    """The whole page: the law and the shop's own promise apart, as the law wants it."""

    shop: Shop
    language: str
    number: int
    since: datetime | None
    by_law: tuple[Section, ...]
    promise: tuple[Section, ...]
    contact: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class _Told:
    """What a sentence may need to know."""

    shop: Shop
    policy: Policy
    language: str
    reasons: Mapping[str, str]

    def uses(self, kind: str) -> list[RuleUse]:
        return [use for use in self.policy.uses if use.rule.key == kind]

    def about(self, use: RuleUse) -> str:
        return about(use.reach, self.language, self.shop.currency, self.reasons)

    def money(self, minor: int) -> str:
        return formats.money(minor, self.shop.currency, self.language)

    @property
    def terms(self) -> UsualTerms:
        return usual_terms(self.policy)


def public_policy(
    shop: Shop, policy: Policy, version: PolicyVersion | None, language: str
) -> PublicPolicy:
    """The page of ``policy`` in the active ``language``; ``version`` None for the preset."""
    labels = {one.code: one.label(language) for one in Reason.objects.filter(shop=shop)}
    told = _Told(shop, policy, language, labels)
    return PublicPolicy(
        shop=shop,
        language=language,
        number=version.number if version else 0,
        since=version.published_at if version else None,
        by_law=tuple(_by_law(told)),
        promise=tuple(_promise(told)),
        contact=tuple(_contact(shop)),
    )


def may_withdraw(shop: Shop) -> bool:
    """Whether the consumers of the shop's country have the legal right to withdraw."""
    case = {
        "id": "policy",
        "jurisdiction": shop.country or "FR",
        "topic": "b2c_scope",
        "facts": {"channel": "online", "customer": "consumer"},
    }
    return law.answer(case).get("right_exists") is True


def return_cost(told_by: Policy) -> tuple[bool, bool]:
    """Whether the shopper ever pays the way back, and whether always (faults of ours apart)."""
    uses = [use for use in told_by.uses if use.rule.key == "return_cost"]
    if not uses:
        pays = usual_terms(told_by).shopper_pays_return
        return pays, pays
    paid = [use.settings.paid_by == "shopper" for use in uses]
    return any(paid), all(paid)


def _by_law(told: _Told) -> Iterator[Section]:
    if may_withdraw(told.shop):
        yield _withdrawal(told)
        excluded = tuple(_excluded(told))
        if excluded:
            yield Section(
                "excluded", _("What cannot be withdrawn from"), excluded, _source("L221-28", "16")
            )
        yield Section(
            "worn",
            _("If an article comes back so that it cannot be sold any more"),
            (
                _("Look at it and try it on as you would in a shop: that costs you nothing."),
                _(
                    "If you use it more than is needed to know what it is and how it works, we "
                    "may ask you for what it lost in value. A person decides that with "
                    "photos, tells you first, and you may answer. We never keep it by ourselves."
                ),
            ),
            _source("L221-23", "14(2)"),
        )
        yield _money_back(told)
    yield _guarantees(told)
    if told.shop.country == "GB" or is_member_state(told.shop.country):
        about_data = tuple(data_notice.sentences(told.shop))
        yield Section("data", _("Your data"), about_data, data_notice.SOURCE)


def _withdrawal(told: _Told) -> Section:
    sometimes, always = return_cost(told.policy)
    if not sometimes:
        cost = _("We pay the way back.")
    elif always:
        cost = _(
            "You pay what the way back costs at the carrier of your choice, nothing else; where "
            "an article is faulty or not the one you ordered, we pay."
        )
    else:
        cost = _("Who pays the way back depends on the article: see below, under our promise.")
    return Section(
        "withdrawal",
        _("You may change your mind within 14 days"),
        (
            _(
                "You have 14 days to withdraw from your purchase, without giving a reason. They "
                "begin on the day after you, or somebody you named, received the goods; with "
                "several deliveries, the last one. If the last day is a Saturday, a Sunday or a "
                "public holiday, the next working day counts."
            ),
            _(
                "Tell us clearly that you withdraw, before the end of these days: on our page, "
                "with the form below, by e-mail or by letter. If you use the page, we send you at "
                "once an acknowledgement with your words, the date and the time."
            ),
            _("Then send the goods within 14 days. You may also withdraw before they arrive."),
            cost,
        ),
        _source("L221-18, L221-19, L221-21, L221-23", "9, 11, 11a, 14"),
        (
            (_("Withdraw online"), "portal:withdraw"),
            (_("Model form"), "portal:policy_form"),
            (_("Model form as PDF"), "portal:policy_form_pdf"),
        ),
    )


def _money_back(told: _Told) -> Section:
    return Section(
        "money",
        _("Your money after a withdrawal"),
        (
            _(
                "We pay back all that you paid, standard delivery included, at the latest 14 "
                "days after you told us. We may wait until the goods are here or you prove that "
                "you sent them, whichever comes first."
            ),
            _(
                "The money goes back the way you paid, unless you agree to another way. It costs "
                "you nothing, and no fee of any kind is kept. If you chose a dearer delivery than "
                "our standard one, the difference is not refunded."
            ),
        ),
        _source("L221-24", "13"),
    )


def _guarantees(told: _Told) -> Section:
    if not _is_french(told.shop):
        return Section(
            "guarantee",
            _("If an article is faulty"),
            (
                _(
                    "The law gives you a guarantee: we repair or replace what was faulty when "
                    "it reached you, and bear all costs; where that fails, you may have the "
                    "price lowered or your money back."
                ),
            ),
            _("Directive (EU) 2019/771."),
        )
    return Section(
        "guarantee",
        _("If an article is faulty"),
        (
            _(
                "Legal guarantee of conformity: for two years from delivery you only have to show "
                "that there is a defect, not when it appeared (second-hand goods: one year)."
            ),
            _(
                "You choose repair or replacement, within 30 days of your request, free and "
                "without great inconvenience. A repaired article has six more months of "
                "guarantee; where you asked for a repair and we replace, two new years begin."
            ),
            _(
                "You may keep it at a lower price, or give it back for a full refund, where we "
                "refuse, where 30 days pass, where it is a great inconvenience, or where the "
                "defect comes back or is so grave that it cannot wait. A minor defect does not "
                "end the purchase."
            ),
            _(
                "Hidden defects: for two years from the day you find one, you may give the "
                "article back or have its price lowered (civil code, articles 1641 to 1649)."
            ),
            _("We bear the way back of faulty goods."),
        ),
        _("Consumer code, articles L217-3 to L217-17."),
    )


def _excluded(told: _Told) -> Iterator[str]:
    for use in told.uses("excluded_goods"):
        ground = use.settings.ground
        if not ground:
            continue
        named = ", ".join(use.settings.categories)
        what = _(GROUNDS[ground]) + (f": {named}" if named else "")
        yield f"{what[:1].upper()}{what[1:]}{told.about(use)}. [{ARTICLES[ground]}]"


def _promise(told: _Told) -> Iterator[Section]:
    for key, heading, tell in (
        ("time", _("How long you may take"), _time),
        ("cost", _("What it costs"), _cost),
        ("ways", _("What you can choose"), _ways),
        ("conditions", _("What we ask and check"), _conditions),
        ("grades", _("What an article is worth when it comes back"), _grades),
        ("pace", _("When you have your money"), _pace),
        ("address", _("Where it goes"), _address),
    ):
        teller: Callable[[_Told], Iterator[str]] = tell
        sentences = tuple(dict.fromkeys(teller(told)))
        if sentences:
            yield Section(key, heading, sentences)


def _time(told: _Told) -> Iterator[str]:
    uses = told.uses("window")
    if not uses:
        yield _("There is no last day for a return.")
    for use in uses:
        limit = use.settings
        yield (
            ngettext("{days} day, {start}", "{days} days, {start}", limit.days).format(
                days=limit.days, start=_(STARTS[limit.starts_at])
            )
            + told.about(use)
            + "."
        )
        for season in limit.seasons:
            first, last, until = (_month_day(part, told.language) for part in season)
            yield _("Bought from {first} to {last}: until {until} at least.").format(
                first=first, last=last, until=until
            )
        if limit.late == "review":
            yield _("If you come later, we look at it personally.")
    for use in told.uses("excluded_goods"):
        named = use.settings
        if named.ground:
            continue
        what = ", ".join(named.categories)
        if what or named.covers == "all":
            yield (
                _("Not taken back: {what}").format(what=what or _("all articles"))
                + told.about(use)
                + "."
            )
        else:
            yield _("Articles marked as final sale are not taken back beyond your legal rights.")


def _cost(told: _Told) -> Iterator[str]:
    for use in told.uses("return_cost"):
        said = (
            _("You pay the way back")
            if use.settings.paid_by == "shopper"
            else _("We pay the way back")
        )
        yield said + told.about(use) + "."
    if not told.uses("return_cost"):
        pays = told.terms.shopper_pays_return
        yield _("You pay the way back.") if pays else _("We pay the way back.")
    yield _("Where the fault is ours, we always pay it.")
    for use in told.uses("methods"):
        yield from _methods(told, use)
    kept = [use for use in told.uses("fee") if use.settings.percent or use.settings.amount_minor]
    for use in kept:
        yield _fee_sentence(told, use)
    whole = [use.settings.restocking_fee_percent for use in told.uses(ALL_TERMS)]
    percent = whole[-1] if whole else 0
    if percent:
        yield _("{percent} % is kept for handling, never on a legal withdrawal.").format(
            percent=percent
        )
    elif not kept:
        yield _("No fee is kept.")
    for use in told.uses("delivery_costs"):
        if use.settings.refunded:
            said = _("If the whole order comes back, we also refund what its delivery cost")
        else:
            said = _("What the delivery cost is not refunded beyond your legal rights")
        yield said + told.about(use) + "."


WAYS_BACK = {
    "own_carrier": N_("With a carrier of your own"),
    "prepaid_label": N_("With a label that we give you"),
    "drop_off": N_("At a drop-off point, with a label that we give you"),
    "pickup": N_("Picked up at your home by our carrier"),
    "counter": N_("Brought to our shop"),
}


def _methods(told: _Told, use: RuleUse) -> Iterator[str]:
    for method in use.settings.allowed:
        fee = use.settings.fees.get(method, 0)
        said = _(WAYS_BACK[method]) + told.about(use)
        if fee and return_cost(told.policy)[0]:
            said += _(": {amount}, where you pay the way back").format(amount=told.money(fee))
        yield said + "."


def _fee_sentence(told: _Told, use: RuleUse) -> str:
    fee = use.settings
    amounts = [f"{fee.percent} %"] if fee.percent else []
    amounts += [told.money(fee.amount_minor)] if fee.amount_minor else []
    said = _("{amount} is kept").format(amount=" + ".join(amounts))
    if fee.cap_minor is not None:
        said += _(", at most {cap}").format(cap=told.money(fee.cap_minor))
    return said + told.about(use) + ". " + _("Never on a legal withdrawal.")


OTHER_WAYS = {
    "gift_card": N_("A gift card instead, if you like: worth as much"),
    "exchange": N_("Another size or colour instead, if you like"),
    "replacement": N_("The same article again, as long as we have it"),
    "repair": N_("A repair of a faulty article, free of charge"),
}


def _ways(told: _Told) -> Iterator[str]:
    uses = told.uses("outcomes")
    if not uses:
        yield _("Your money back, the way you paid.")
    for use in uses:
        yield from _outcomes(told, use)
    yield from _not_sent_back(told)
    if any(told.uses("no_receipt")):
        yield _("Without a receipt, we may give store credit; ask at the counter.")
    for use in told.uses("gifts"):
        if use.settings.paid_as == "gift_card":
            yield _("Whoever got a present may return it for a gift card; the buyer is not told.")
        else:
            yield _("Whoever got a present may return it for store credit; the buyer is not told.")
    yield _("To exchange an article, tell us when you ask for the return: we arrange it with you.")


def _not_sent_back(told: _Told) -> Iterator[str]:
    for use in told.uses("keep_it"):
        kept_up_to = max(use.settings.below_minor, (use.settings.parcel_cost_minor or 0) - 1)
        if kept_up_to > 0:
            yield (
                _("Up to {amount} you keep the article and get your money").format(
                    amount=told.money(kept_up_to)
                )
                + told.about(use)
                + "."
            )
    for use in told.uses("keep_discount"):
        if use.settings.percent:
            yield _discount(told, use) + told.about(use) + "."
    for use in told.uses("donate"):
        if use.settings.charity:
            said = _(
                "Instead of sending it back you may give it to {charity}: "
                "your money comes all the same, and no fee is taken off"
            )
            yield said.format(charity=use.settings.charity[0]) + told.about(use) + "."


def _outcomes(told: _Told, use: RuleUse) -> Iterator[str]:
    if "refund" in use.settings.offered:
        yield _("Your money back, the way you paid") + told.about(use) + "."
    if "store_credit" in use.settings.offered:
        yield _credit(told, use) + told.about(use) + "."
    for outcome in use.settings.offered:
        if outcome in OTHER_WAYS:
            yield _(OTHER_WAYS[outcome]) + told.about(use) + "."


def _credit(told: _Told, use: RuleUse) -> str:
    percent, flat = use.settings.credit_bonus_percent, use.settings.credit_bonus_minor
    if percent and flat:
        said = _(
            "Store credit instead, if you like: worth {percent} % more, and {amount} on top "
            "once for each return"
        )
    elif percent:
        said = _("Store credit instead, if you like: worth {percent} % more")
    elif flat:
        said = _("Store credit instead, if you like: with {amount} on top once for each return")
    else:
        said = _("Store credit instead, if you like")
    return said.format(percent=percent, amount=told.money(flat))


def _discount(told: _Told, use: RuleUse) -> str:
    percent, cap = use.settings.percent, use.settings.cap_minor
    said = _("You may keep the article and get {percent} % of its price back at once").format(
        percent=percent
    )
    return said if cap is None else said + _(", at most {cap}").format(cap=told.money(cap))


def _conditions(told: _Told) -> Iterator[str]:
    for use in told.uses("question"):
        yield _(QUESTIONS[use.settings.asks]).rstrip(".") + told.about(use) + "."
    for use in told.uses("evidence"):
        if use.settings.needed_for == "all":
            yield _("We ask for photos") + told.about(use) + "."
        else:
            yield _("For a damaged or wrong article, we ask for a photo.")
    for use in told.uses("review_above"):
        if use.settings.value_minor:
            yield (
                _("From {amount} a person looks at your request first").format(
                    amount=told.money(use.settings.value_minor)
                )
                + told.about(use)
                + "."
            )
    for use in told.uses("verdict"):
        if use.settings.say == "review":
            yield _("A person looks at your request first") + told.about(use) + "."
    if told.uses("limits"):
        yield _("If somebody sends back very often, a person looks at the request.")


def _grades(told: _Told) -> Iterator[str]:
    cut = [use for use in told.uses("refund_by_grade") if min(use.settings.shares.values()) < WHOLE]
    for use in cut:
        yield from grades.sentences(use.settings.shares, told.about(use))
    if cut:
        yield _(
            "A faulty article is refunded in full. After a withdrawal we keep nothing by "
            "ourselves: see above."
        )


def _pace(told: _Told) -> Iterator[str]:
    uses = told.uses("release")
    for use in uses:
        yield _pace_sentence(use.settings.pays_at, use.settings.wait_days, told.about(use))
    if not uses:
        yield _pace_sentence(told.terms.pays_at, 0, "")
    yield _("The legal days always hold.")


def _pace_sentence(pays_at: str, wait: int, tail: str) -> str:
    if wait:
        said = ngettext(
            "We pay {days} day later than this: {event}",
            "We pay {days} days later than this: {event}",
            wait,
        ).format(days=wait, event=_(PAYS[pays_at]))
    else:
        said = _("We pay {event}").format(event=_(PAYS[pays_at]))
    return said + tail + "."


def _address(told: _Told) -> Iterator[str]:
    if told.shop.return_address:
        yield ", ".join(told.shop.return_address)
    yield _("Announce the return first: you then get the address, and a slip or a label.")


def _contact(shop: Shop) -> Iterator[tuple[str, str]]:
    legal = shop.legal
    yield _("Shop"), str(legal.get("legal_name") or legal.get("name") or shop.name)
    for label, key in (
        (_("Form"), "form"),
        (_("Address"), "address"),
        (_("Telephone"), "phone"),
        (_("Company number (SIREN)"), "siren"),
        (_("VAT number"), "vat_number"),
        (_("Host of the site"), "host"),
        (_("Mediator for consumers"), "mediator"),
    ):
        value = legal.get(key)
        if value:
            yield label, _in_one_line(value)
    yield _("E-mail"), shop.email


def _in_one_line(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _month_day(text: str, language: str) -> str:
    month, day = map(int, text.split("-"))
    return formats.month_day(month, day, language)


def _source(french: str, european: str) -> str:
    return _(IN_FRANCE).format(french=french, european=european)


def _is_french(shop: Shop) -> bool:
    place = law.place_named(shop.country or "FR")
    return place is not None and place.is_french
