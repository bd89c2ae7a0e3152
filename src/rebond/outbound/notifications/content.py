"""What a letter is made of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Content:
    """A letter's words. ``facts`` are label and value; ``attachments`` name documents.

    ``links`` are label and address, where there are several things to open. ``opening`` and
    ``closing`` are the shop's own paragraphs around ours.
    """

    subject: str
    paragraphs: list[str]
    facts: list[tuple[str, str]] = field(default_factory=list)
    button: str = ""
    link: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
