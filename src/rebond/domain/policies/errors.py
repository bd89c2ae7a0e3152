"""Refusals about policies."""

from rebond.kernel.errors import Kind, RebondError


class PolicyNotReadable(RebondError):
    """facts: problem"""

    code = "policy_not_readable"
    kind = Kind.INVALID


class PolicyAgainstLaw(RebondError):
    """facts: breaches (a list of code, rule, place, articles)"""

    code = "policy_against_law"
    kind = Kind.INVALID


class PolicyChangedMeanwhile(RebondError):
    """facts: number, revision, seen"""

    code = "policy_changed_meanwhile"


class PolicyAlreadyPublished(RebondError):
    """facts: number"""

    code = "policy_already_published"


class PublishedInThePast(RebondError):
    """facts: at"""

    code = "published_in_the_past"
    kind = Kind.INVALID


class UnknownPolicyVersion(RebondError):
    """facts: number"""

    code = "unknown_policy_version"
    kind = Kind.MISSING
