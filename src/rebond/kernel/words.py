"""Marks texts for translation in modules that know no framework.  (pure)"""


def gettext_noop(text: str) -> str:
    """``text`` itself; the name tells the extraction tool to collect it."""
    return text
