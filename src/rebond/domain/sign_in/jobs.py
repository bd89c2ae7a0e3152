"""What is done by the clock."""

from rebond.domain.sign_in import sessions


def forget_old() -> None:
    """By the clock: drop tries and sessions that say nothing any more."""
    sessions.forget_old()
