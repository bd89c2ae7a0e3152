"""Lets a rehearsal kill this process at a named step, as a power cut would.

Does nothing unless ``REBOND_CRASH_AT`` names a step. Each step is a line of `make faults`. The
file that ``REBOND_CRASH_LOG`` names is told first, as proof that the process came so far.
"""

import os
import signal

AT = os.environ.get("REBOND_CRASH_AT", "")
LOG = os.environ.get("REBOND_CRASH_LOG", "")


def point(step: str) -> None:
    """Die here, at once and without a word, when this is the step that was named."""
    if step != AT:
        return
    if LOG:
        handle = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{step}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)
