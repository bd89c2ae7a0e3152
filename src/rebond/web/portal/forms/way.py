"""What a shopper chooses for money that could not reach them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from rebond.domain.bank_transfers.errors import IbanUnreadable, NotSepa
from rebond.domain.bank_transfers.iban import check_iban

BANK, CREDIT = "bank", "credit"


class WayForm:
    """A bank account, or store credit; nothing is chosen beforehand."""

    def __init__(self, typed: Mapping[str, str] | None = None, *, offers_bank: bool = True) -> None:
        given = typed or {}
        self.offers_bank = offers_bank
        self.way = given.get("way", "")
        self.holder = given.get("holder", "").strip()
        self.iban = given.get("iban", "").strip()
        self.way_error = self.holder_error = self.iban_error = ""

    @property
    def has_errors(self) -> bool:
        """Whether something has to be put right."""
        return bool(self.way_error or self.holder_error or self.iban_error)

    def is_valid(self) -> bool:
        """Whether a way was chosen, and an account is one."""
        if self.way not in ({BANK, CREDIT} if self.offers_bank else {CREDIT}):
            self.way_error = _("Please choose how you would like to get your money.")
        if self.way == BANK:
            if not self.holder:
                self.holder_error = _("Please give the name on the account.")
            self.iban_error = _iban_error(self.iban)
        return not self.has_errors


def _iban_error(typed: str) -> str:
    try:
        check_iban(typed)
    except IbanUnreadable:
        return _("There is a mistake in this number. Please compare it with your bank’s paper.")
    except NotSepa:
        return _("We can only send euros to accounts in the single euro payments area.")
    return ""
