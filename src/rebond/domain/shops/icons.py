"""The shop's logo as the picture of an app."""

from io import BytesIO

from PIL import Image, ImageOps

INSIDE = 0.7
"""How much of the icon's side the logo takes, so that round masks cut nothing off."""


def icon_of(logo: bytes, size: int) -> bytes:
    """A PNG of ``size`` × ``size`` pixels: the logo in the middle of a white square."""
    square = Image.new("RGB", (size, size), "white")
    side = round(size * INSIDE)
    with Image.open(BytesIO(logo)) as kept:
        drawn = ImageOps.contain(kept.convert("RGB"), (side, side))
    square.paste(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2))
    out = BytesIO()
    square.save(out, "PNG")
    return out.getvalue()
