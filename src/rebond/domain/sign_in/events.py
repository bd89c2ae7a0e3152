"""What is said of how people show who they are."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class SecondFactorChanged(Event):
    """Somebody of the shop has another second factor; ``change`` says how.

    ``totp_added``, ``passkey_added``, ``removed``, ``codes_renewed``, ``reset``.
    """

    name = "second_factor.changed"
    about = "staff_id"

    staff_id: str
    change: str
