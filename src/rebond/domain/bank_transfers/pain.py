"""Writes the file for the bank: a SEPA credit transfer, ISO 20022 ``pain.001.001.09``.

By the library `sepaxml`, which checks it against the schema of the standard.
Source: EPC132-08 (customer-to-PSP implementation guidelines, SEPA credit transfer).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sepaxml import SepaTransfer

from rebond.domain.bank_transfers.models import OwnAccount, Transfer

SCHEMA = "pain.001.001.09"


def bank_file(
    payer: OwnAccount,
    transfers: Sequence[Transfer],
    *,
    message_id: str,
    purpose: str,
    execute_on: date,
) -> bytes:
    """The file that pays ``transfers`` from ``payer``; ``purpose`` is what each payee reads.

    Amounts are euros. Raises the library's validation error for a file that is not valid.
    """
    config = {
        "name": payer.holder[:70],
        "IBAN": payer.iban,
        "currency": "EUR",
        "batch": True,
    }
    if payer.bic:
        config["BIC"] = payer.bic
    file = SepaTransfer(config, schema=SCHEMA, clean=True)
    file.msg_id = message_id
    for transfer in transfers:
        payment = {
            "name": transfer.account.holder,
            "IBAN": transfer.account.iban,
            "amount": transfer.amount_minor,
            "execution_date": execute_on,
            "description": f"{purpose} {transfer.end_to_end_id[:8]}"[:140],
            "endtoend_id": transfer.end_to_end_id,
        }
        if transfer.account.bic:
            payment["BIC"] = transfer.account.bic
        file.add_payment(payment)
    return bytes(file.export(validate=True))
