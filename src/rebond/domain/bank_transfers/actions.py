"""The verbs of bank transfers."""

from __future__ import annotations

import hashlib
from uuid import UUID

from rebond.domain.bank_transfers.errors import (
    FileNotOpen,
    HolderNeeded,
    NothingToTransfer,
    OnlyEuros,
    OwnAccountNeeded,
    SecondPersonNeeded,
)
from rebond.domain.bank_transfers.events import (
    OwnAccountChanged,
    TransferEnded,
    TransferFileDropped,
    TransferFileMade,
    TransferFileReleased,
)
from rebond.domain.bank_transfers.iban import CheckedIban, check_iban
from rebond.domain.bank_transfers.models import (
    BankAccount,
    FileState,
    OwnAccount,
    Transfer,
    TransferFile,
    TransferState,
)
from rebond.domain.bank_transfers.pain import bank_file
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop, Staff
from rebond.kernel.actions import action
from rebond.kernel.clock import now, today
from rebond.kernel.events import record
from rebond.kernel.files import keep
from rebond.kernel.ids import uuid7
from rebond.kernel.money import Money

MOST_IN_A_FILE = 1000


@action
def set_own_account(shop: Shop, *, holder: str, iban: str, by: str) -> OwnAccount:
    """Say from which account the shop pays. Raises the refusals of ``check_iban``."""
    checked = _checked(holder, iban)
    account, _ = OwnAccount.objects.update_or_create(
        shop=shop,
        defaults={
            "holder": holder.strip()[:70],
            "iban": checked.iban,
            "bic": checked.bic,
            "changed_by": by,
            "changed_at": now(),
        },
    )
    event = OwnAccountChanged(str(shop.pk), checked.iban[-4:])
    record(event, shop_id=shop.pk, actor=by)
    return account


@action
def keep_account(shopper: Shopper, *, holder: str, iban: str, by: str) -> BankAccount:
    """Keep where a shopper wants their money; the same account twice is one.

    Raises ``HolderNeeded`` and the refusals of ``check_iban``.
    """
    checked = _checked(holder, iban)
    account, _ = BankAccount.objects.get_or_create(
        shop_id=shopper.shop_id,
        shopper=shopper,
        iban=checked.iban,
        holder=holder.strip()[:70],
        defaults={"bic": checked.bic, "given_by": by, "given_at": now()},
    )
    return account


@action
def ask_transfer(
    shop_id: UUID, *, refund_id: UUID, payment_reference: str, account_id: UUID, amount: Money
) -> Transfer:
    """Let money wait for the next file; asked twice for one refund, the same transfer.

    Raises ``OnlyEuros``, and ``BankAccount.DoesNotExist`` for an account of another shop.
    """
    existing = Transfer.objects.filter(shop_id=shop_id, refund_id=refund_id).first()
    if existing is not None:
        return existing
    if amount.currency != "EUR":
        raise OnlyEuros(currency=amount.currency)
    account = BankAccount.objects.get(shop_id=shop_id, pk=account_id)
    return Transfer.objects.create(
        shop_id=shop_id,
        refund_id=refund_id,
        payment_reference=payment_reference,
        account=account,
        currency=amount.currency,
        amount_minor=amount.minor,
        end_to_end_id=refund_id.hex,
        state=TransferState.WAITING,
        asked_at=now(),
    )


@action
def make_file(shop: Shop, *, staff: Staff, by: str) -> TransferFile:
    """Gather what waits into a file for the bank, to be released by a second person.

    Raises ``OwnAccountNeeded`` and ``NothingToTransfer``.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    payer = OwnAccount.objects.filter(shop=shop).first()
    if payer is None:
        raise OwnAccountNeeded
    waiting = list(
        Transfer.objects.filter(shop=shop, state=TransferState.WAITING)
        .select_related("account")
        .order_by("asked_at", "id")[:MOST_IN_A_FILE]
    )
    if not waiting:
        raise NothingToTransfer
    message_id = uuid7().hex
    content = bank_file(
        payer,
        waiting,
        message_id=message_id,
        purpose=shop.name,
        execute_on=today(shop.time_zone),
    )
    made = TransferFile.objects.create(
        shop=shop,
        message_id=message_id,
        state=FileState.MADE,
        currency="EUR",
        transfers_count=len(waiting),
        sum_minor=sum(transfer.amount_minor for transfer in waiting),
        file=keep(content, shop_id=shop.pk, folder="transfers", suffix=".xml"),
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=staff,
        made_at=now(),
    )
    Transfer.objects.filter(shop=shop, pk__in=[transfer.pk for transfer in waiting]).update(
        state=TransferState.IN_FILE, transfer_file=made
    )
    event = TransferFileMade(
        str(made.pk), message_id, made.transfers_count, made.sum_minor, made.currency
    )
    record(event, shop_id=shop.pk, actor=by)
    return made


@action
def release_file(file_id: UUID, *, staff: Staff, by: str) -> TransferFile:
    """Let the file go to the bank. Raises ``SecondPersonNeeded`` and ``FileNotOpen``."""
    made = _open_file(file_id, staff)
    if made.made_by_id == staff.pk:
        raise SecondPersonNeeded
    made.state, made.released_by, made.released_at = FileState.RELEASED, staff, now()
    made.save(update_fields=["state", "released_by", "released_at"])
    made.transfers.filter(state=TransferState.IN_FILE).update(state=TransferState.AT_BANK)
    record(TransferFileReleased(str(made.pk), made.message_id), shop_id=made.shop_id, actor=by)
    return made


@action
def drop_file(file_id: UUID, *, staff: Staff, by: str) -> TransferFile:
    """Drop a file that was not released; its transfers wait for another. Raises ``FileNotOpen``."""
    made = _open_file(file_id, staff)
    made.state = FileState.DROPPED
    made.save(update_fields=["state"])
    made.transfers.filter(state=TransferState.IN_FILE).update(
        state=TransferState.WAITING, transfer_file=None
    )
    record(TransferFileDropped(str(made.pk), made.message_id), shop_id=made.shop_id, actor=by)
    return made


@action
def end_transfer(
    transfer_id: UUID, *, is_paid: bool, by: str, code: str = "", bank_reference: str = ""
) -> Transfer:
    """Note that the bank paid a transfer, or sent it back, also after it had paid.

    Raises ``FileNotOpen`` for one that is not at the bank. The same word twice changes nothing.
    """
    transfer = Transfer.objects.select_for_update(no_key=True).get(pk=transfer_id)
    wanted = TransferState.PAID if is_paid else TransferState.RETURNED
    if transfer.state == wanted:
        return transfer
    if transfer.state not in {TransferState.AT_BANK, TransferState.PAID} or (
        transfer.state == TransferState.PAID and is_paid
    ):
        raise FileNotOpen(state=transfer.state)
    transfer.state, transfer.ended_at = wanted, now()
    transfer.code = code[:60]
    transfer.bank_reference = bank_reference[:60] or transfer.bank_reference
    transfer.save(update_fields=["state", "ended_at", "code", "bank_reference"])
    event = TransferEnded(str(transfer.pk), str(transfer.refund_id), is_paid, transfer.code)
    record(event, shop_id=transfer.shop_id, actor=by)
    return transfer


def _open_file(file_id: UUID, staff: Staff) -> TransferFile:
    made = TransferFile.objects.select_for_update(no_key=True).get(
        pk=file_id, shop_id=staff.shop_id
    )
    if made.state != FileState.MADE:
        raise FileNotOpen(state=made.state)
    return made


def _checked(holder: str, iban: str) -> CheckedIban:
    if not holder.strip():
        raise HolderNeeded
    return check_iban(iban)
