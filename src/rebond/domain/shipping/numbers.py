"""Tracking numbers as people type them and as they are compared.  (pure)"""

import re

CLEAN = re.compile(r"[A-Z0-9-]{0,40}")


def clean(text: str) -> str:
    """Blanks and dots left out, capitals; the caller holds it against ``CLEAN``."""
    return re.sub(r"[\s.]+", "", text).upper()
