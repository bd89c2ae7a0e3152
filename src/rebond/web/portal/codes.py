"""Draws a return number as bars and as squares, for the scanner in the warehouse."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

from rebond.kernel.barcodes import Symbology, drawing_of


def bars(text: str) -> SafeString:
    """``text`` as Code 128."""
    return _drawn(text, Symbology.BARS, "code-bars")


def squares(text: str) -> SafeString:
    """``text`` as a QR code."""
    return _drawn(text, Symbology.SQUARES, "code-squares")


def _drawn(text: str, kind: Symbology, look: str) -> SafeString:
    drawing = drawing_of(text, kind)
    size = re.search(r'<svg width="(\d+)" height="(\d+)"', drawing)
    path = re.search(r'<path d="([^"]+)"', drawing)
    assert size is not None and path is not None
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'preserveAspectRatio="none" shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="{}"/></svg>',
        look,
        size[1],
        size[2],
        text,
        path[1],
    )
