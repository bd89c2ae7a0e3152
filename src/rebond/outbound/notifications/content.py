"""What a letter is made of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Content:
    """A letter's words. ``facts`` are label and value; ``attachments`` name documents."""

    subject: str
    paragraphs: list[str]
    facts: list[tuple[str, str]] = field(default_factory=list)
    button: str = ""
    link: str = ""
    attachments: list[str] = field(default_factory=list)
