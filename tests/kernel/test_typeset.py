"""A document is set whatever people wrote in it."""

from datetime import UTC, datetime

import pytest

from rebond.kernel.typeset import typeset

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: "Test")
#set text(font: "Figtree", lang: "en")
= Test

#data.words.join(linebreak())
"""


@pytest.mark.once
@pytest.mark.parametrize(
    "words",
    [
        "a mug \N{WRAPPED PRESENT}",
        "\N{MAN}\N{ZERO WIDTH JOINER}\N{GIRL} \N{THUMBS UP SIGN}\U0001f3fd",
        "\u65e5\u672c\u8a9e \u540d\u524d",
        "\u0e01\u0e32",
        "a\x07b\x00c\x1b[0m",
        "\u202e\u0639\u0631\u0628\u0649",
        '\ufffd " \\ #let [*] $x$ @a <b>',
    ],
)
def test_signs_that_no_font_knows_do_not_stop_a_document(tmp_path, words):
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE)

    pdf = typeset(template, {"words": [words, "plain"]}, made_at=datetime(2026, 11, 21, tzinfo=UTC))

    assert pdf.startswith(b"%PDF")
