"""What bank transfers say has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class TransferFileMade(Event):
    """Somebody gathered transfers into a file; a second person has to release it."""

    name = "transfer_file.made"
    about = "file_id"

    file_id: str
    message_id: str
    transfers: int
    sum_minor: int
    currency: str


@dataclass(frozen=True)
class TransferFileReleased(Event):
    """A second person released a file for the bank."""

    name = "transfer_file.released"
    about = "file_id"

    file_id: str
    message_id: str


@dataclass(frozen=True)
class TransferFileDropped(Event):
    """A file was dropped before its release; its transfers wait for another one."""

    name = "transfer_file.dropped"
    about = "file_id"

    file_id: str
    message_id: str


@dataclass(frozen=True)
class TransferEnded(Event):
    """The bank paid a transfer, or sent it back; ``refund_id`` is what it pays."""

    name = "transfer.ended"
    about = "transfer_id"

    transfer_id: str
    refund_id: str
    is_paid: bool
    code: str


@dataclass(frozen=True)
class OwnAccountChanged(Event):
    """The shop pays from another account from now on; the last four signs of it."""

    name = "own_account.changed"
    about = "shop_id"

    shop_id: str
    last_four: str
