"""Serial numbers of what was sold.  (pure)"""


def plain_serial(text: str) -> str:
    """``text`` as it is compared: letters and digits alone, in capitals.

    Labels, scanners and people set blanks, dashes and small letters as they like.
    """
    return "".join(sign for sign in text.upper() if sign.isalnum())
