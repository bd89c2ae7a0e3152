"""What was found for one case: the answer's keys, the rules applied, the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from rebond.domain.law.dated import ParameterUnknown
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.places import Place
from rebond.domain.law.rulebook import lowest, rulebook
from rebond.domain.law.why import WHY

Json = object
Question = Callable[["Findings", Facts], None]


class NotCovered(LookupError):
    """facts: jurisdiction, topic"""

    code = "NOT_COVERED"


class Findings:
    """The answer under construction. Topics give keys, cite rules and say why."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.keys: dict[str, Json] = {}
        self.rules: list[str] = []
        self.why: list[dict[str, Json]] = []
        self.lacking: list[FactMissing] = []
        self.unknown: list[ParameterUnknown] = []
        self.doubts: list[str] = []

    def give(self, **keys: Json) -> None:
        self.keys |= {key: plain(value) for key, value in keys.items()}

    def cite(self, *rules: str) -> None:
        self.rules += [rule for rule in rules if rule not in self.rules]

    def because(self, code: str, **numbers: Json) -> None:
        """A reason, with a code of ``why.WHY`` and the numbers or dates that it needs."""
        if code not in WHY:
            raise KeyError(code)
        reason = {"code": code} | {key: plain(value) for key, value in numbers.items()}
        if reason not in self.why:
            self.why.append(reason)

    def doubt(self, confidence: str) -> None:
        """This case is less certain than the rules it cites."""
        self.doubts.append(confidence)

    def ask(self, facts: Facts, *questions: Question) -> Findings:
        """Put each question; one that lacks a fact or a parameter leaves the others alone."""
        for question in questions:
            try:
                question(self, facts)
            except FactMissing as missing:
                self.lacking.append(missing)
            except ParameterUnknown as unknown:
                self.unknown.append(unknown)
        return self

    def outcome(self) -> dict[str, Json]:
        """The answer as JSON: the keys, or why none can be given, and the grounds."""
        return self.keys | self._refusal() | self._grounds()

    def _refusal(self) -> dict[str, Json]:
        if self.unknown:
            unknown = self.unknown[0]
            refusal: dict[str, Json] = {
                "error": ParameterUnknown.code,
                "parameter": unknown.parameter,
            }
            return refusal | ({"on": unknown.on.isoformat()} if unknown.on else {})
        if not self.keys:
            fact = self.lacking[0].fact if self.lacking else "facts"
            return {"error": FactMissing.code, "fact": fact}
        return {}

    def _grounds(self) -> dict[str, Json]:
        rules = [rulebook()[rule] for rule in self.rules]
        french = self.place.is_french
        texts = [t for r in rules for t in (r.references if french else _abroad(r.id))]
        return {
            "rules": list(self.rules),
            "references": list(dict.fromkeys(texts)),
            "confidence": lowest([*(rule.confidence for rule in rules), *self.doubts]),
            "why": self.why,
        }


def plain(value: Json) -> Json:
    """A value as JSON knows it: dates and instants become ISO 8601 texts."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def _abroad(rule_id: str) -> tuple[str, ...]:
    rule = rulebook()[rule_id]
    is_own = rule_id.split("-")[0] not in ("FR", "WB", "CN", "VC")
    return rule.references if is_own else rule.union_references
