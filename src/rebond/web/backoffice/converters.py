"""Numbers in addresses: a number may hold a slash, one part of an address may not."""

from django.urls import register_converter


class NumberConverter:
    """A return's, order's or document's number; ``/`` is written ``~1`` and ``~`` is ``~0``."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The number behind a part of an address."""
        return value.replace("~1", "/").replace("~0", "~")

    def to_url(self, value: str) -> str:
        """The part of an address for a number."""
        return str(value).replace("~", "~0").replace("/", "~1")


register_converter(NumberConverter, "number")
