"""The page of bank transfers."""

from __future__ import annotations

from dataclasses import dataclass

from rebond.domain.bank_transfers.models import OwnAccount, Transfer, TransferFile, TransferState
from rebond.domain.shops.models import Shop

MOST = 100


@dataclass(frozen=True)
class Transfers:
    """What the page shows; ``payer`` is None until the shop has said from where it pays."""

    payer: OwnAccount | None
    waiting: list[Transfer]
    at_bank: list[Transfer]
    ended: list[Transfer]
    files: list[TransferFile]

    @property
    def waiting_minor(self) -> int:
        """What the next file would pay."""
        return sum(transfer.amount_minor for transfer in self.waiting)


def transfers_shown(shop: Shop) -> Transfers:
    """Everything about the shop's transfers, the newest of what has ended."""
    rows = Transfer.objects.filter(shop=shop).select_related("account__shopper", "transfer_file")
    files = TransferFile.objects.filter(shop=shop).select_related(
        "made_by__user", "released_by__user"
    )
    return Transfers(
        payer=OwnAccount.objects.filter(shop=shop).first(),
        waiting=list(rows.filter(state=TransferState.WAITING).order_by("asked_at")[:MOST]),
        at_bank=list(rows.filter(state=TransferState.AT_BANK).order_by("asked_at")[:MOST]),
        ended=list(
            rows.filter(state__in=[TransferState.PAID, TransferState.RETURNED]).order_by(
                "-ended_at"
            )[:20]
        ),
        files=list(files.order_by("-made_at", "-id")[:20]),
    )
