"""Asks axe what is not accessible about a page."""

from pathlib import Path

from playwright.sync_api import Page

SOURCE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """rules => axe.run(document, {runOnly: {type: "tag", values: rules}})
    .then(found => found.violations.flatMap(one => one.nodes.map(
        node => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))"""


def axe_violations(page: Page) -> list[str]:
    """One line for each breach of WCAG 2.2 A and AA and of axe's best practice."""
    page.evaluate(SOURCE)
    return page.evaluate(ASK, RULES)
