"""Refusals about bank transfers."""

from rebond.kernel.errors import Kind, RebondError


class IbanUnreadable(RebondError):
    """The account number has a mistake in it."""

    code = "iban_unreadable"
    kind = Kind.INVALID


class NotSepa(RebondError):
    """facts: country"""

    code = "not_sepa"
    kind = Kind.INVALID


class HolderNeeded(RebondError):
    """An account needs the name of whom it belongs to."""

    code = "holder_needed"
    kind = Kind.INVALID


class OnlyEuros(RebondError):
    """facts: currency"""

    code = "only_euros"


class NothingToTransfer(RebondError):
    """No transfer waits for a file."""

    code = "nothing_to_transfer"


class OwnAccountNeeded(RebondError):
    """The shop has not said from which account it pays."""

    code = "own_account_needed"


class FileNotOpen(RebondError):
    """facts: state"""

    code = "file_not_open"


class SecondPersonNeeded(RebondError):
    """Who made a file does not release it."""

    code = "second_person_needed"
    kind = Kind.FORBIDDEN
