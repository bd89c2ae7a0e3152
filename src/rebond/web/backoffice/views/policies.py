"""The shop's policy: its versions, one of them in words, what changed, files, in force or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.policies.actions import (
    call_off_policy,
    create_draft,
    discard_draft,
    publish_draft,
    roll_back,
)
from rebond.domain.policies.breaches import Breach
from rebond.domain.policies.documents import MOST_BYTES, as_yaml, from_yaml, schema, with_ids
from rebond.domain.policies.engine import UnreadablePolicy
from rebond.domain.policies.errors import (
    PolicyAgainstLaw,
    PolicyNotReadable,
    UnknownPolicyVersion,
)
from rebond.domain.policies.models import PolicyVersion, Standing
from rebond.domain.policies.presets import PRESETS
from rebond.domain.policies.queries import version_in_force
from rebond.domain.shops.access import Right
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.policy_sheet import Sheet
from rebond.web.backoffice.policy.sentences import change_sentences, kind_title
from rebond.web.backoffice.policy.words import PRESET_WORDS, RULE_NAMES
from rebond.web.backoffice.queries.policies import (
    Conflict,
    conflict_words,
    conflicts_of,
    document_in_force,
    find_version,
    overview_of,
    problems_of,
    speaker_of,
)
from rebond.web.backoffice.views.pages import show
from rebond.web.backoffice.views.trials import tried_before

LONGEST_NUMBER = 6


@require_GET
@at_desk(Right.SEE)
def overview(request: DeskRequest) -> HttpResponse:
    """All versions, and what a new one can begin with."""
    presets = [(key, _(name), _(words)) for key, (name, words) in PRESET_WORDS.items()]
    page = {"versions": overview_of(request.shop), "presets": presets}
    return show(request, "policy.html", page)


@require_GET
@at_desk(Right.SEE)
def version(request: DeskRequest, number: int) -> HttpResponse:
    """One version in words; nothing can be changed here."""
    return _version_page(request, number)


@require_POST
@at_desk(Right.CONFIGURE)
def new(request: DeskRequest) -> HttpResponse:
    """A draft from a preset, from any version, or from the one in force."""
    preset, number = request.POST.get("preset", ""), request.POST.get("number", "")
    based_on = None
    if preset:
        if preset not in PRESETS:
            raise Http404
        document: Any = in_words(PRESETS[preset])
    elif number:
        based_on = _number(number)
        document = find_version(request.shop, based_on)[0].document
    else:
        held = version_in_force(request.shop, now())
        based_on = held.number if held else None
        document = document_in_force(request.shop)
    draft = create_draft(request.shop, document, note="", by=request.by, based_on=based_on)
    messages.success(request, _("Draft {number} is yours to change.").format(number=draft.number))
    return _to("policy_edit", request, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def take_in(request: DeskRequest) -> HttpResponse:
    """A draft from a file, or from pasted text."""
    text = request.POST.get("text", "")
    page: dict[str, Any] = {"text": text, "error": ""}
    if request.method != "POST":
        return show(request, "policy_import.html", page)
    try:
        document = from_yaml(_uploaded(request) or text)
        draft = create_draft(request.shop, document, note="", by=request.by)
    except UnreadablePolicy as problem:
        page["error"] = _("This file cannot be read: {problem}").format(problem=problem)
        return show(request, "policy_import.html", page, status=422)
    except PolicyNotReadable as refusal:
        return show(request, "policy_import.html", page, refusal=refusal)
    messages.success(request, _("The file is now draft {number}.").format(number=draft.number))
    return _to("policy_edit", request, draft)


@require_GET
@at_desk(Right.SEE)
def file(request: DeskRequest, number: int) -> HttpResponse:
    """A version as YAML."""
    found, _standing = find_version(request.shop, number)
    name = f"{request.shop.slug}-policy-{found.number}.yaml"
    return _download(as_yaml(found.document), "application/yaml", name)


@require_GET
@at_desk(Right.SEE)
def schema_file(request: DeskRequest) -> HttpResponse:
    """The JSON Schema of a policy, for those who write it in an editor of their own."""
    return _download(json.dumps(schema(), indent=2), "application/json", "policy.schema.json")


@require_GET
@at_desk(Right.SEE)
def compare(request: DeskRequest) -> HttpResponse:
    """What changed from one version to another, in sentences."""
    numbers = [_number(request.GET.get(name, "")) for name in ("old", "new")]
    old, new_one = (find_version(request.shop, number)[0] for number in numbers)
    changes = change_sentences(old.document, new_one.document, speaker_of(request.shop))
    page = {"old": old, "new": new_one, "changes": changes, "versions": _all(request)}
    return show(request, "policy_compare.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def publish(request: DeskRequest, number: int) -> HttpResponse:
    """Put a draft in force, now or at a time."""
    if request.method != "POST":
        return _publish_page(request, number)
    moment, error = _moment(request)
    if error:
        return _publish_page(request, number, error=error, status=422)
    try:
        done = publish_draft(
            request.shop,
            number,
            revision=_number(request.POST.get("revision", "")),
            by=request.by,
            at=moment,
            note=request.POST.get("note", "").strip(),
        )
    except RebondError as refusal:
        return _publish_page(request, number, refusal=refusal)
    said = _("Version {number} is in force.")
    if moment is not None:
        said = _("Version {number} is planned.")
    messages.success(request, said.format(number=done.number))
    return redirect("backoffice:policies", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE)
def call_off(request: DeskRequest, number: int) -> HttpResponse:
    """Make a planned version a draft again."""
    try:
        draft = call_off_policy(request.shop, number, by=request.by)
    except RebondError as refusal:
        return _version_page(request, number, refusal=refusal)
    messages.success(
        request, _("Called off. Version {number} is a draft again.").format(number=draft.number)
    )
    return redirect("backoffice:policies", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE)
def discard(request: DeskRequest, number: int) -> HttpResponse:
    """Throw a draft away, if it still says what was on the screen."""
    revision = _number(request.POST.get("revision", ""))
    try:
        discard_draft(request.shop, number, revision=revision, by=request.by)
    except UnknownPolicyVersion:
        raise Http404 from None
    except RebondError as refusal:
        return _version_page(request, number, refusal=refusal)
    messages.success(request, _("Draft {number} is thrown away.").format(number=number))
    return redirect("backoffice:policies", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE)
def back_to(request: DeskRequest, number: int) -> HttpResponse:
    """Put an old version in force again, as a new one."""
    note = request.POST.get("note", "").strip()
    try:
        done = roll_back(request.shop, number, note=note, by=request.by)
    except RebondError as refusal:
        return _version_page(request, number, refusal=refusal)
    messages.success(
        request,
        _("Version {number} is in force; it says what version {old} said.").format(
            number=done.number, old=number
        ),
    )
    return redirect("backoffice:policies", slug=request.shop.slug)


def _version_page(
    request: DeskRequest, number: int, *, refusal: RebondError | None = None
) -> HttpResponse:
    found, standing = find_version(request.shop, number)
    held = version_in_force(request.shop, now())
    say = speaker_of(request.shop)
    page = {
        "version": found,
        "standing": standing,
        "cards": Sheet.of(found.document, say).cards,
        "in_force": held,
        "changes": change_sentences(document_in_force(request.shop), found.document, say),
        "refused": refused_words(refusal),
        "can_come_back": standing is Standing.SUPERSEDED,
    }
    return show(request, "policy_version.html", page, refusal=refusal)


def _publish_page(
    request: DeskRequest,
    number: int,
    *,
    error: str = "",
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    draft, standing = find_version(request.shop, number)
    if standing is not Standing.DRAFT and refusal is None:
        return _to("policy_version", request, draft)
    found = conflicts_of(request.shop, draft.document)
    page = {
        "draft": draft,
        "changes": change_sentences(
            document_in_force(request.shop), draft.document, speaker_of(request.shop)
        ),
        "refused": [one for one in found if not one.is_note],
        "notes": [one for one in found if one.is_note],
        "problems": problems_of(request.shop, draft.document),
        "tried": tried_before(draft),
        "error": error,
        "when": request.POST.get("when", "now"),
        "at": request.POST.get("at", "")[:20],
        "note": request.POST.get("note", draft.note),
    }
    return show(request, "policy_publish.html", page, status=status, refusal=refusal)


def refused_words(refusal: RebondError | None) -> list[Conflict]:
    """The articles in the way, in words; empty where it was not the law that refused."""
    if not isinstance(refusal, PolicyAgainstLaw):
        return []
    rows: Any = refusal.facts["breaches"]
    return [conflict_words(_breach(row)) for row in rows]


def _breach(row: Mapping[str, Any]) -> Breach:
    articles = tuple(row["articles"])
    return Breach(row["code"], row["place"], (), articles, row["numbers"], id=row["rule"])


def _moment(request: DeskRequest) -> tuple[datetime | None, str]:
    """When it is to be in force, None for now; and what is wrong with what was typed."""
    if request.POST.get("when") != "later":
        return None, ""
    try:
        typed = datetime.fromisoformat(request.POST.get("at", ""))
        return typed.replace(tzinfo=ZoneInfo(request.shop.time_zone)), ""
    except ValueError:
        return None, _("Please say from which day and hour.")


def in_words(preset: Mapping[str, Any]) -> dict[str, Any]:
    """A preset whose rules bear their names in the reader's language."""
    rules = with_ids(preset)["rules"]
    return {**preset, "rules": [rule | {"id": _name_of(rule)} for rule in rules]}


def _name_of(rule: Mapping[str, Any]) -> str:
    name = str(rule["id"])
    return _(RULE_NAMES[name]) if name in RULE_NAMES else kind_title(rule["kind"])


def _uploaded(request: DeskRequest) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        return ""
    if upload.size is None or upload.size > MOST_BYTES:
        raise UnreadablePolicy(f"file: at most {MOST_BYTES} bytes")
    try:
        text: str = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadablePolicy("file: UTF-8 is needed") from problem
    return text


def _download(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _all(request: DeskRequest) -> list[int]:
    rows = PolicyVersion.objects.filter(shop=request.shop).order_by("-number")
    return list(rows.values_list("number", flat=True)[:200])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Http404
    return int(text)


def _to(name: str, request: DeskRequest, one: PolicyVersion) -> HttpResponse:
    return redirect(f"backoffice:{name}", slug=request.shop.slug, number=one.number)
