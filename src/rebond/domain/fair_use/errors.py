"""What fair use refuses."""

from rebond.kernel.errors import Kind, RebondError


class RestrictionNeedsGrounds(RebondError):
    """A restriction needs limits, words and evidence of this shop. facts: missing"""

    code = "restriction_needs_grounds"
    kind = Kind.INVALID


class RestrictionOver(RebondError):
    """The restriction has ended or was lifted."""

    code = "restriction_over"
    kind = Kind.CONFLICT


class AlreadyAppealed(RebondError):
    """The shopper has an appeal that waits for its answer."""

    code = "already_appealed"
    kind = Kind.CONFLICT


class AppealEmpty(RebondError):
    """An appeal, and its answer, need words of a readable length. facts: limit"""

    code = "appeal_empty"
    kind = Kind.INVALID


class AppealAnsweredAlready(RebondError):
    """Somebody answered the appeal before."""

    code = "appeal_answered_already"
    kind = Kind.CONFLICT


class AnotherPersonNeeded(RebondError):
    """In this shop, who restricts does not answer the appeal."""

    code = "another_person_needed"
    kind = Kind.CONFLICT
