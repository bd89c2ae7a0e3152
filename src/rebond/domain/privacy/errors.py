"""What cannot be done with personal data."""

from rebond.kernel.errors import Kind, RebondError


class DataRequestOpen(RebondError):
    """The same was asked for and is not answered yet. facts: due_on"""

    code = "data_request_open"
    kind = Kind.CONFLICT


class DataRequestAnswered(RebondError):
    """Somebody answered the request before."""

    code = "data_request_answered"
    kind = Kind.CONFLICT


class UnknownMailbox(RebondError):
    """The shop knows nobody with this address."""

    code = "unknown_mailbox"
    kind = Kind.MISSING


class MattersOpen(RebondError):
    """Something with this person is not finished, so nothing is erased yet. facts: numbers"""

    code = "matters_open"
    kind = Kind.CONFLICT


class WordsNeeded(RebondError):
    """Who refuses says why, and who noted a request says how the person is known."""

    code = "words_needed"
    kind = Kind.INVALID


class RetentionOutOfReach(RebondError):
    """This kind of data is kept no shorter and no longer. facts: least, most"""

    code = "retention_out_of_reach"
    kind = Kind.INVALID
