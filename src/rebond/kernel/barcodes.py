"""Draws a text as a barcode, in SVG, for pages and for papers.  (pure)"""

from enum import StrEnum

import zxingcpp


class Symbology(StrEnum):
    """The kinds we print: bars for laser scanners, squares for cameras and bad printers."""

    BARS = "Code128"
    SQUARES = "QRCode"


def drawing_of(text: str, kind: Symbology) -> str:
    """``text`` as an SVG picture, black on nothing, one unit per module.

    Code 128 takes what ASCII has; raises ``ValueError`` for anything else.
    """
    drawing: str = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_svg()
    return drawing
