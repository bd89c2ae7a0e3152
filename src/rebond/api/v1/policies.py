"""Policies over the API: versions, drafts, publishing, and a decision on given facts."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Day, Moment, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.policies.actions import (
    call_off_policy,
    create_draft,
    discard_draft,
    publish_draft,
    replace_draft,
    roll_back,
    version_of,
)
from rebond.domain.policies.checking import conflicts
from rebond.domain.policies.documents import without_addresses
from rebond.domain.policies.engine import UnreadablePolicy, decide, read_policy
from rebond.domain.policies.errors import PolicyNotReadable
from rebond.domain.policies.facts import Facts, LineFacts
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.models import PolicyVersion, Standing
from rebond.domain.policies.queries import (
    market_of,
    policy_in_force,
    version_in_force,
    versions_of,
)
from rebond.kernel.clock import now
from rebond.outbound.published.confirmation import confirmation_text, page_at

router = Router(tags=["policies"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
ONE_KEY = "Send an `Idempotency-Key`: the same key, the same answer, one effect."


class VersionOut(Schema):
    """One version. ``revision`` has to be sent back when a draft is changed or published."""

    number: int
    standing: str
    revision: int
    based_on: int | None
    published_at: str | None
    note: str
    created_by: str


class PolicyOut(VersionOut):
    """One version with its document, and where that is stricter than the law, or close to it."""

    document: dict[str, Any]
    breaches: list[dict[str, Any]]


class DraftIn(Body):
    """A policy to keep as a draft; see docs/guides/policy.md."""

    document: dict[str, Any]
    note: str = Field("", max_length=300)
    based_on: Number | None = None


class NewDraftIn(DraftIn):
    """The same, for a draft that exists: ``revision`` is the one that was read."""

    revision: Number = Field(..., ge=1)


class PublishIn(Body):
    """Which revision of the draft, and from when; now when absent."""

    revision: Number = Field(..., ge=1)
    at: Moment | None = None


class RollbackIn(Body):
    """Why, and from when; now when absent."""

    note: str = Field("", max_length=300)
    at: Moment | None = None


class DiscardIn(Body):
    """The revision of the draft that was read."""

    revision: Number = Field(..., ge=1)


class LineToDecideIn(Body):
    """One article that would come back. ``value_minor`` is the gross value of its pieces."""

    key: str = Field(..., max_length=80)
    sku: str = Field("", max_length=64)
    category: str = Field("", max_length=80)
    quantity: Number = Field(1, ge=1, le=1_000_000)
    value_minor: Number = Field(0, ge=0, le=10**15)
    is_returnable: YesOrNo = True
    is_final_sale: YesOrNo = False
    reason: str = Field("", max_length=40)
    is_our_fault: YesOrNo = False
    is_in_transit: YesOrNo = False
    photos: Number = Field(0, ge=0, le=100)
    reason_needs_photo: YesOrNo = False
    tags: list[str] = Field(default_factory=list, max_length=100)
    outcome: str = Field("refund", max_length=16)
    answers: dict[str, str] = Field(default_factory=dict)


class FactsIn(Body):
    """A request as a policy sees it; with ``document`` by that policy, else by the one in force."""

    asked_on: Day
    ordered_on: Day
    dispatched_on: Day | None = None
    delivered_on: Day | None = None
    country: str = Field("", max_length=6)
    lines: list[LineToDecideIn] = Field(..., min_length=1, max_length=500)
    is_whole_order: YesOrNo = False
    order_number: str = Field("", max_length=40)
    channel: str = Field("web", max_length=30)
    is_business: YesOrNo = False
    shopper_tags: list[str] = Field(default_factory=list, max_length=100)
    shopper_marks: list[str] = Field(default_factory=list, max_length=10)
    earlier_returns_on: list[Day] = Field(default_factory=list, max_length=1000)
    order_returns: Number = Field(0, ge=0, le=10_000)
    document: dict[str, Any] | None = None


class DecisionOut(Schema):
    """What would be decided, as it would be frozen on a return."""

    verdict: str
    version: int
    terms: dict[str, Any]
    findings: list[dict[str, Any]]
    overruled: list[dict[str, Any]]
    rules: list[str]
    facts: dict[str, Any]


@router.get(
    "/policies",
    auth=Key(Scope.POLICIES_READ),
    response={200: list[VersionOut], **REFUSED},
    operation_id="policies",
)
def policies(request: HttpRequest) -> list[dict[str, Any]]:
    """All versions, the newest first."""
    shop = shop_of(request)
    return [_row(listed.version, listed.standing) for listed in versions_of(shop, now())]


class ConfirmationTextOut(Schema):
    """What to put into an order confirmation. ``version`` is 0 before the first version."""

    language: str
    version: int
    text: str


@router.get(
    "/policies/confirmation-text",
    auth=Key(Scope.POLICIES_READ),
    response={200: ConfirmationTextOut, **REFUSED},
    operation_id="confirmation_text",
)
def text_for_mails(request: HttpRequest, language: Literal["fr", "en"] = "fr") -> dict[str, Any]:
    """The legal rights, the policy in force and the model form, as plain text for a mail."""
    shop, moment = shop_of(request), now()
    return {
        "language": language,
        "version": page_at(shop, moment, language).number,
        "text": confirmation_text(shop, moment, language),
    }


@router.get(
    "/policies/{int:number}",
    auth=Key(Scope.POLICIES_READ),
    response={200: PolicyOut, **REFUSED},
    operation_id="policy",
)
def policy(request: HttpRequest, number: int) -> dict[str, Any]:
    """One version with its document."""
    return _whole(request, version_of(shop_of(request), number))


@router.post(
    "/policies",
    auth=Key(Scope.POLICIES_WRITE),
    response={201: PolicyOut, **REFUSED},
    operation_id="draft_policy",
    description=ONE_KEY,
)
def draft(request: HttpRequest, wanted: DraftIn) -> HttpResponse:
    """Keep a draft. What the law does not allow is named, and refused only at publishing."""

    def do(_: str) -> HttpResponse:
        made = create_draft(
            shop_of(request),
            wanted.document,
            note=wanted.note,
            by=actor_of(request),
            based_on=wanted.based_on,
        )
        return JsonResponse(_whole(request, made), status=201)

    return once(request, "draft_policy", do)


@router.put(
    "/policies/{int:number}",
    auth=Key(Scope.POLICIES_WRITE),
    response={200: PolicyOut, **REFUSED},
    operation_id="replace_policy_draft",
)
def replace(request: HttpRequest, number: int, wanted: NewDraftIn) -> dict[str, Any]:
    """Write a draft anew, unless somebody else did since ``revision``."""
    made = replace_draft(
        shop_of(request),
        number,
        wanted.document,
        note=wanted.note,
        revision=wanted.revision,
        by=actor_of(request),
    )
    return _whole(request, made)


@router.post(
    "/policies/{int:number}/publication",
    auth=Key(Scope.POLICIES_WRITE),
    response={200: PolicyOut, **REFUSED},
    operation_id="publish_policy",
    description=ONE_KEY,
)
def publish(request: HttpRequest, number: int, wanted: PublishIn) -> HttpResponse:
    """Put a draft in force, now or later. A policy below the law is refused with its articles."""

    def do(_: str) -> HttpResponse:
        made = publish_draft(
            shop_of(request),
            number,
            revision=wanted.revision,
            at=wanted.at,
            by=actor_of(request),
        )
        return JsonResponse(_whole(request, made))

    return once(request, f"publish_policy/{number}", do)


@router.post(
    "/policies/{int:number}/callings-off",
    auth=Key(Scope.POLICIES_WRITE),
    response={200: PolicyOut, **REFUSED},
    operation_id="call_off_policy",
    description=ONE_KEY,
)
def call_off(request: HttpRequest, number: int) -> HttpResponse:
    """Make a version that is planned and not yet in force a draft again."""

    def do(_: str) -> HttpResponse:
        made = call_off_policy(shop_of(request), number, by=actor_of(request))
        return JsonResponse(_whole(request, made))

    return once(request, f"call_off_policy/{number}", do)


@router.post(
    "/policies/{int:number}/rollbacks",
    auth=Key(Scope.POLICIES_WRITE),
    response={201: PolicyOut, **REFUSED},
    operation_id="roll_back_policy",
    description=ONE_KEY,
)
def back_to(request: HttpRequest, number: int, wanted: RollbackIn) -> HttpResponse:
    """Put an old version in force again, as a new one, now or later; the answer is the new one."""

    def do(_: str) -> HttpResponse:
        made = roll_back(
            shop_of(request), number, note=wanted.note, at=wanted.at, by=actor_of(request)
        )
        return JsonResponse(_whole(request, made), status=201)

    return once(request, f"roll_back_policy/{number}", do)


@router.post(
    "/policies/{int:number}/discards",
    auth=Key(Scope.POLICIES_WRITE),
    response={201: VersionOut, **REFUSED},
    operation_id="discard_policy_draft",
    description=ONE_KEY,
)
def discard(request: HttpRequest, number: int, wanted: DiscardIn) -> HttpResponse:
    """Throw a draft away, unless somebody wrote it since ``revision``. It is answered once more."""

    def do(_: str) -> HttpResponse:
        shop = shop_of(request)
        last = _row(version_of(shop, number), Standing.DRAFT)
        discard_draft(shop, number, revision=wanted.revision, by=actor_of(request))
        return JsonResponse(last, status=201)

    return once(request, f"discard_policy/{number}", do)


@router.post(
    "/policies/decisions",
    auth=Key(Scope.POLICIES_READ),
    response={200: DecisionOut, **REFUSED},
    operation_id="preview_decision",
)
def decision(request: HttpRequest, given: FactsIn) -> dict[str, Any]:
    """What would be decided on these facts. Stores nothing."""
    shop = shop_of(request)
    try:
        judged_by = (
            policy_in_force(shop, now())
            if given.document is None
            else read_policy(without_addresses(given.document))
        )
    except UnreadablePolicy as problem:
        raise PolicyNotReadable(problem=str(problem)) from problem
    return freeze(decide(judged_by, _facts(given, shop.country)))


def _facts(given: FactsIn, country: str) -> Facts:
    values = given.dict(exclude={"document", "lines"})
    for name in ("shopper_tags", "shopper_marks", "earlier_returns_on"):
        values[name] = tuple(values[name])
    values["country"] = values["country"] or country
    lines = tuple(LineFacts(**line.dict() | {"tags": tuple(line.tags)}) for line in given.lines)
    return Facts(**values, lines=lines)


def _whole(request: HttpRequest, version: PolicyVersion) -> dict[str, Any]:
    shop = shop_of(request)
    moment = now()
    held = version_in_force(shop, moment)
    found = conflicts(version.document, market_of(shop))
    return _row(version, version.standing(moment, held.number if held else None)) | {
        "document": version.document,
        "breaches": [{**vars(breach), "numbers": dict(breach.numbers)} for breach in found],
    }


def _row(version: PolicyVersion, standing: str) -> dict[str, Any]:
    return {
        "number": version.number,
        "standing": str(standing),
        "revision": version.revision,
        "based_on": version.based_on,
        "published_at": version.published_at.isoformat() if version.published_at else None,
        "note": version.note,
        "created_by": version.created_by,
    }
