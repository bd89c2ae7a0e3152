"""Refusals about stock that is told to the shop's system."""

from rebond.kernel.errors import Kind, RebondError


class UnknownSystem(RebondError):
    """facts: system"""

    code = "unknown_system"
    kind = Kind.INVALID


class SystemNotSetUp(RebondError):
    """facts: system, settings"""

    code = "system_not_set_up"


class NobodyIsTold(RebondError):
    """No system of the shop is told of its stock."""

    code = "nobody_is_told"


class ReportEnded(RebondError):
    """facts: number, state (``told``, ``left_out``, ``waiting``)"""

    code = "report_ended"


class WhyMissing(RebondError):
    """A movement is left out only with a reason."""

    code = "why_missing"
    kind = Kind.INVALID
