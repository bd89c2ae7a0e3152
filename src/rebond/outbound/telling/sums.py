"""Tells a sum line by line, with the reason for every figure, in words that a shopper knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.orders.models import Order
from rebond.domain.refunds.edits import ground_words
from rebond.kernel import formats
from rebond.outbound.telling.methods import method_word, way_word

Titles = Mapping[str, str]


class OrderTitles(dict[str, str]):
    """Titles by id, and in ``bought`` how many pieces each line of the order had."""

    bought: dict[str, int]


SENTENCES = {
    "line_discount_share": N_(
        "{discount} of the discount of {of} belong to this and are already taken off."
    ),
    "line_tax_share": N_("“{line}”: VAT of {tax} is inside, out of {of} for the whole line."),
    "last_part_takes_the_rest": N_(
        "These are the last pieces, so all that is left of the price comes back: {gross}."
    ),
    "shipping_refunded": N_("“{shipping}” comes back too: {gross}, VAT inside {tax}."),
    "fee_refunded": N_("“{fee}” is part of it: {amount}."),
    "fee_kept": N_("“{fee}” is not refunded: {amount}."),
    "items_total": N_("Everything chosen adds up to {amount}."),
    "amount_asked": N_("The amount was set to {amount}; worked out, it would be {computed}."),
    "scaled_to_cap": N_(
        "The order has a limit of {cap}, so {amount} of {computed} can be refunded."
    ),
    "paid_minus_refunded": N_(
        "You keep nothing of this order, so you get back everything: {paid} paid, less {refunded} "
        "refunded before, makes {amount}."
    ),
    "rounding_difference": N_("{amount} is a rounding difference of the order."),
    "price_reduced": N_(
        "With its fault it is worth {percent} % less: of its price of {of}, {amount} come back."
    ),
    "retained_fixed": N_("{amount} is kept for the condition of the goods."),
    "retained_percent": N_("A fee of {percent}% of {of} is kept: {amount}."),
    "retained_per_unit": N_("{per_unit} is kept for each of {units} pieces: {amount}."),
    "retained_limited_to_paid": N_(
        "{asked} would be kept, but never more than was paid: {amount}."
    ),
    "amount_lowered": N_("{amount} less is paid than was worked out."),
    "return_shipping_kept": N_("The way back costs {amount}, which is taken off."),
    "outbound_shipping_charged": N_("Sending the new article costs {amount}."),
    "no_money_back": N_("No money is sent; {amount} stays to your credit."),
    "tender_chosen": N_("{amount} go back to {payment}."),
    "tender_preferred": N_("{amount} go back to {payment}, as you wished."),
    "tender_outside": N_("{amount} are paid in another way: {to}."),
    "manual_part": N_("{amount} are paid by our team by hand."),
    "not_placed": N_("{amount} cannot go back the way you paid; we find another way with you."),
    "capped_by_payment": N_("You paid {paid}; {max_refundable} can still be refunded."),
    "order_total_after": N_("Your order was worth {before} and is worth {amount} afterwards."),
    "balance": N_("The order is worth {order_total} and {paid} is paid: a difference of {amount}."),
    "nothing_moved": N_("The payment did not go through; the difference stays at {amount}."),
    "refused": N_("This refund is not possible ({error})."),
}
EVERYTHING_BACK = N_("You keep nothing of this order, so all that you paid comes back: {amount}.")
CODES_WITH_PLURAL = ("line_value", "replacement_charged")

# Told beside the line they belong to, or beside the sum; every other step only on request.
OF_A_LINE = {
    "line_value",
    "line_discount_share",
    "last_part_takes_the_rest",
    "price_reduced",
}
OF_THE_SUM = {
    "amount_asked",
    "scaled_to_cap",
    "paid_minus_refunded",
    "rounding_difference",
    "capped_by_payment",
    "manual_part",
    "not_placed",
    "tender_outside",
}
OF_WHAT_IS_KEPT = {
    "retained_fixed",
    "retained_percent",
    "retained_per_unit",
    "retained_limited_to_paid",
    "fee_kept",
}
OF_THE_WAY_BACK = {"return_shipping_kept"}
IDS = {"line_id": "line", "shipping_id": "shipping", "fee_id": "fee", "payment_id": "payment"}


@dataclass(frozen=True)
class Told:
    """One row of a sum: what, how much in minor units, and the sentences that say why."""

    title: str
    amount_minor: int
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToldSum:
    """A whole sum. ``steps`` are all sentences in the order of the calculation.

    ``parts`` says where the money goes, if it goes to several places.
    """

    currency: str
    rows: tuple[Told, ...]
    total_minor: int
    tax_minor: int
    why: tuple[str, ...]
    steps: tuple[str, ...]
    parts: tuple[Told, ...] = ()


def why_sentence(
    entry: Mapping[str, Any], *, currency: str = "EUR", titles: Titles | None = None
) -> str:
    """The sentence for one entry of a quote's ``why``.

    Amounts are minor units of ``currency``. ``titles`` says what people call the lines, charges
    and payments whose ids stand in the entry; an id without a title is shown as a dash.
    """
    words = _words(entry, currency, titles or {})
    if entry["code"] == "line_value":
        bought = getattr(titles, "bought", {}).get(str(entry["line_id"]), 0)
        return _line_value(entry, words | {"bought": bought})
    if entry["code"] == "paid_minus_refunded" and not entry["refunded_minor"]:
        return _(EVERYTHING_BACK).format_map(words)
    if entry["code"] == "replacement_charged":
        return ngettext(
            "The new article costs {gross}, VAT inside {tax}.",
            "The {quantity} new articles cost {gross}, VAT inside {tax}.",
            int(entry["quantity"]),
        ).format_map(words)
    return _(SENTENCES[entry["code"]]).format_map(words)


def sum_of(breakdown: Mapping[str, Any], titles: Titles) -> ToldSum:
    """``breakdown`` (see ``quoting.breakdown_of``) as rows with their reasons."""
    currency = breakdown["currency"]
    entries = breakdown.get("why", [])
    edit = breakdown.get("edit") or {}
    placed, waived = edit.get("places") or {}, edit.get("waived") or {}

    def told(wanted: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
        return tuple(why_sentence(entry, currency=currency, titles=titles) for entry in wanted)

    rows = [
        Told(
            title=_line_title(line, titles),
            amount_minor=line["gross_minor"] - placed.get(line["order_line"], 0),
            why=told(
                entry
                for entry in entries
                if entry["code"] in OF_A_LINE
                and line["order_line"] in (entry.get("line_id"), entry.get("id"))
            ),
        )
        for line in breakdown.get("lines", [])
        if line["quantity"] or line["order_line"] not in placed
    ]
    rows += [
        Told(titles.get(item["charge"], _("Shipping")), rest)
        for item in breakdown.get("shipping", [])
        for rest in [item["gross_minor"] - placed.get(item["charge"], 0)]
        if rest or item["charge"] not in placed
    ]
    retained = breakdown.get("retained_minor", 0) + waived.get("kept", 0)
    if retained:
        kept = told(entry for entry in entries if entry["code"] in OF_WHAT_IS_KEPT)
        rows.append(Told(_("Kept by the shop"), -retained, () if waived.get("kept") else kept))
    way_back = breakdown.get("way_back_minor", 0) + waived.get("way_back", 0)
    if way_back:
        why = told(entry for entry in entries if entry["code"] in OF_THE_WAY_BACK)
        rows.append(Told(_("The way back"), -way_back, () if waived.get("way_back") else why))
    if edit:
        ground = ground_words(edit["ground"], get_language() or "en")
        rows.append(Told(ground, edit["amount_minor"], (edit["words"],)))
    places = breakdown.get("tenders", [])
    return ToldSum(
        parts=tuple(
            Told(_place(part, titles), part["amount_minor"])
            for part in (places if len(places) > 1 or any(p.get("way") for p in places) else [])
        ),
        currency=currency,
        rows=tuple(rows),
        total_minor=breakdown["total_minor"],
        tax_minor=breakdown.get("tax_minor") or 0,
        why=told(entry for entry in entries if entry["code"] in OF_THE_SUM),
        steps=tuple(
            _step(entry, currency, titles)
            for entry in entries
            if entry["code"] != "balance" or entry["amount_minor"]
        ),
    )


def titles_of(order: Order) -> OrderTitles:
    """What people call the lines, charges and payments of ``order``, by their ids."""
    lines = list(order.lines.all())
    titles = OrderTitles((str(line.pk), line.title) for line in lines)
    titles.bought = {str(line.pk): line.quantity for line in lines}
    titles.update((str(charge.pk), charge.title) for charge in order.charges.all())
    titles.update((str(p.pk), method_word(p.method)) for p in order.payments.all())
    return titles


def _line_title(line: Mapping[str, Any], titles: Titles) -> str:
    """What a row is about; money without a piece is about the article alone."""
    title = titles.get(line["order_line"], "–")
    if not line["quantity"]:
        return title
    return _("{quantity} × {title}").format(quantity=line["quantity"], title=title)


def _place(part: Mapping[str, Any], titles: Titles) -> str:
    way = part.get("way")
    return way_word(way) if way else titles.get(part["payment"], "–")


def _step(entry: Mapping[str, Any], currency: str, titles: Titles) -> str:
    sentence = why_sentence(entry, currency=currency, titles=titles)
    if entry["code"] not in OF_A_LINE:
        return sentence
    title = titles.get(str(entry.get("line_id") or entry.get("id")), "–")
    return _("{title}: {sentence}").format(title=title, sentence=sentence)


def _line_value(entry: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    quantity = int(entry["quantity"] or 0)
    if not quantity:
        return _("“{line}”: {gross} of what you paid, for no piece in particular.").format_map(
            words
        )
    if words["bought"] > quantity:
        return ngettext(
            "You paid {gross} for {quantity} of {bought} pieces.",
            "You paid {gross} for {quantity} of {bought} pieces.",
            quantity,
        ).format_map(words)
    return ngettext(
        "You paid {gross} for this piece.",
        "You paid {gross} for these {quantity} pieces.",
        quantity,
    ).format_map(words)


def _words(entry: Mapping[str, Any], currency: str, titles: Titles) -> dict[str, Any]:
    language = get_language() or "en"
    words: dict[str, Any] = {}
    for name, value in entry.items():
        if name.endswith("_minor"):
            words[name.removesuffix("_minor")] = formats.money(int(value or 0), currency, language)
        elif name in IDS:
            words[IDS[name]] = titles.get(str(value), "–")
        else:
            words[name] = value
    return words
