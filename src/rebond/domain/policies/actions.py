"""The life of a policy: drafted, written anew, published now or later, called off, rolled back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max

from rebond.domain.policies.checking import conflicts, refusals
from rebond.domain.policies.documents import with_ids, without_addresses
from rebond.domain.policies.engine import UnreadablePolicy
from rebond.domain.policies.errors import (
    PolicyAgainstLaw,
    PolicyAlreadyPublished,
    PolicyChangedMeanwhile,
    PolicyNotReadable,
    PublishedInThePast,
    UnknownPolicyVersion,
)
from rebond.domain.policies.events import (
    PolicyCalledOff,
    PolicyDiscarded,
    PolicyDrafted,
    PolicyPublished,
)
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.queries import market_of
from rebond.domain.policies.retired import without_retired
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

CLOCKS_DIFFER_BY = timedelta(minutes=5)
LONGEST_NOTE = 300


@action
def create_draft(
    shop: Shop, document: Mapping[str, Any], *, note: str, by: str, based_on: int | None = None
) -> PolicyVersion:
    """A draft of ``shop``'s next version, retired kinds written anew.

    Raises ``PolicyNotReadable``.
    """
    version = _new_version(
        shop, without_retired(_readable(document)), note=note, by=by, based_on=based_on
    )
    record(_drafted(version), shop_id=shop.pk, actor=by)
    return version


@action
def replace_draft(
    shop: Shop, number: int, document: Mapping[str, Any], *, note: str, revision: int, by: str
) -> PolicyVersion:
    """Write a draft anew. ``revision`` is the one that its writer had seen.

    Raises ``PolicyNotReadable``, ``UnknownPolicyVersion``, ``PolicyAlreadyPublished`` and, when
    somebody else wrote it since, ``PolicyChangedMeanwhile``.
    """
    readable = _readable(document)
    _change_draft(shop, number, revision, document=readable, note=note[:LONGEST_NOTE])
    version = version_of(shop, number)
    record(_drafted(version), shop_id=shop.pk, actor=by)
    return version


@action
def publish_draft(
    shop: Shop,
    number: int,
    *,
    revision: int,
    by: str,
    at: datetime | None = None,
    note: str | None = None,
) -> PolicyVersion:
    """Put a draft in force at ``at`` (None: now); it never changes again.

    ``note`` says why; None leaves the draft's.

    Raises ``PolicyAgainstLaw`` with every breach and its article, ``PublishedInThePast``, and the
    refusals of ``replace_draft``.
    """
    draft = version_of(shop, number)
    moment = _moment(at)
    _check_law(shop, draft.document)
    said = {} if note is None else {"note": note[:LONGEST_NOTE]}
    _change_draft(shop, number, revision, published_at=moment, **said)
    version = version_of(shop, number)
    record(_published(version), shop_id=shop.pk, actor=by)
    return version


@action
def publish_policy(
    shop: Shop, document: Mapping[str, Any], *, note: str, by: str, at: datetime | None = None
) -> PolicyVersion:
    """Put ``document`` in force at ``at`` (None: now), as the shop's next version.

    Raises ``PolicyNotReadable``, ``PolicyAgainstLaw`` and ``PublishedInThePast``.
    """
    return _publish_new(shop, document, note=note, by=by, at=at, based_on=None)


@action
def roll_back(
    shop: Shop, number: int, *, note: str, by: str, at: datetime | None = None
) -> PolicyVersion:
    """Publish the document of version ``number`` again, as a new version.

    Raises ``UnknownPolicyVersion`` and the refusals of ``publish_policy``.
    """
    old = version_of(shop, number)
    return _publish_new(shop, old.document, note=note, by=by, at=at, based_on=number)


@action
def call_off_policy(shop: Shop, number: int, *, by: str) -> PolicyVersion:
    """Make a version that is not yet in force a draft again.

    Raises ``UnknownPolicyVersion``, and ``PolicyAlreadyPublished`` for one that holds or held.
    """
    changed = PolicyVersion.objects.filter(shop=shop, number=number, published_at__gt=now()).update(
        published_at=None, revision=F("revision") + 1
    )
    version = version_of(shop, number)
    if not changed:
        raise PolicyAlreadyPublished(number=number)
    record(PolicyCalledOff(str(version.pk), number), shop_id=shop.pk, actor=by)
    return version


@action
def discard_draft(shop: Shop, number: int, *, revision: int, by: str) -> None:
    """Throw a draft away; its number is not given again while a later version stands.

    Raises ``UnknownPolicyVersion``, ``PolicyAlreadyPublished`` and, when somebody wrote it since
    ``revision``, ``PolicyChangedMeanwhile``.
    """
    _change_draft(shop, number, revision, note="")
    version = version_of(shop, number)
    record(PolicyDiscarded(str(version.pk), number), shop_id=shop.pk, actor=by)
    version.delete()


def version_of(shop: Shop, number: int) -> PolicyVersion:
    """The version ``number`` of ``shop``. Raises ``UnknownPolicyVersion``."""
    version = PolicyVersion.objects.filter(shop=shop, number=number).first()
    if version is None:
        raise UnknownPolicyVersion(number=number)
    return version


def _publish_new(
    shop: Shop,
    document: Mapping[str, Any],
    *,
    note: str,
    by: str,
    at: datetime | None,
    based_on: int | None,
) -> PolicyVersion:
    moment = _moment(at)
    readable = _readable(document)
    _check_law(shop, readable)
    version = _new_version(shop, readable, note=note, by=by, based_on=based_on, published_at=moment)
    record(_published(version), shop_id=shop.pk, actor=by)
    return version


def _new_version(
    shop: Shop,
    document: Mapping[str, Any],
    *,
    note: str,
    by: str,
    based_on: int | None,
    published_at: datetime | None = None,
) -> PolicyVersion:
    readable = _readable(document)
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    last = PolicyVersion.objects.filter(shop=shop).aggregate(last=Max("number"))["last"] or 0
    return PolicyVersion.objects.create(
        shop=shop,
        number=last + 1,
        document=readable,
        note=note[:LONGEST_NOTE],
        published_at=published_at,
        created_by=by,
        based_on=based_on,
    )


def _change_draft(shop: Shop, number: int, revision: int, **values: Any) -> None:
    changed = PolicyVersion.objects.filter(
        shop=shop, number=number, published_at=None, revision=revision
    ).update(revision=F("revision") + 1, **values)
    if changed:
        return
    version = version_of(shop, number)
    if version.published_at is not None:
        raise PolicyAlreadyPublished(number=number)
    raise PolicyChangedMeanwhile(number=number, revision=version.revision, seen=revision)


def _readable(document: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return with_ids(without_addresses(document))
    except UnreadablePolicy as problem:
        raise PolicyNotReadable(problem=str(problem)) from problem


def _check_law(shop: Shop, document: Mapping[str, Any]) -> None:
    breaches = refusals(conflicts(document, market_of(shop)))
    if breaches:
        listed = [
            {
                "code": breach.code,
                "rule": breach.id,
                "place": breach.place,
                "articles": list(breach.articles),
                "numbers": dict(breach.numbers),
            }
            for breach in breaches
        ]
        raise PolicyAgainstLaw(breaches=listed)


def _moment(at: datetime | None) -> datetime:
    moment = now()
    if at is not None and at < moment - CLOCKS_DIFFER_BY:
        raise PublishedInThePast(at=at.isoformat())
    return moment if at is None else max(at, moment)


def _drafted(version: PolicyVersion) -> PolicyDrafted:
    return PolicyDrafted(str(version.pk), version.number, version.revision)


def _published(version: PolicyVersion) -> PolicyPublished:
    assert version.published_at is not None
    return PolicyPublished(str(version.pk), version.number, version.published_at.isoformat())
