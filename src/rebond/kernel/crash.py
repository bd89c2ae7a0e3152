"""Lets a rehearsal kill this process at a named step, as a power cut would.

Does nothing unless ``REBOND_CRASH_AT`` names a step. Each step is a line of `make faults`.
"""

import os
import signal

AT = os.environ.get("REBOND_CRASH_AT", "")


def point(step: str) -> None:
    """Die here, at once and without a word, when this is the step that was named."""
    if step == AT:
        os.kill(os.getpid(), signal.SIGKILL)
