"""V1, V9 and V13: calls of ours to names, servers and providers that mean no good."""

from __future__ import annotations

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, Stage
from scripts.faults.installation import ROOT


@row(
    15,
    "names that lead outside when they are typed and inside when they are called",
    "the address that was looked at is the one that is dialled; private ones never",
)
def rebinding(stage: Stage) -> str:
    """A name server of our own that answers twice, each time as it likes."""
    dialled = stage.here.inside("calls.rebound").made
    public = dialled.pop("public, then private")
    must_be(len(public), 1, f"dialled for a public address, then a private one: {public}")
    must(public[0][0].isdigit(), f"a name was dialled, which is looked up again: {public}")
    for name, found in dialled.items():
        must_be(found, [], f"dialled for {name}")
    return f"{len(dialled)} ways inside: nothing dialled; outside: the very address"


@row(16, "a receiver that sends us on: 301, 302, 303, 307, 308", "not followed")
def sent_on(stage: Stage) -> str:
    """Two servers; the second hears nothing."""
    must_be(stage.here.inside("calls.redirected").made["heard"], [], "what the second heard")
    return "5 ways: the second server heard nothing"


@row(
    17,
    "answers of 10 GB, of 1 kB that swells to 300 MB, of a byte now and then; addresses to fetch",
    "5 MB and the time for everything; nothing is fetched by an address that somebody types",
)
def swollen(stage: Stage) -> str:
    """Each from a server on loopback; the forms that take pictures and files by address."""
    told = stage.here.inside("calls.swollen").made
    for name in ("endless", "bomb", "drip"):
        must(told[name] != "read", f"{name} was read to its end")
        must(told[f"{name} seconds"] < 8, f"{name} took {told[f'{name} seconds']} s")
        must(told[f"{name} megabytes"] < 200, f"{name} took {told[f'{name} megabytes']} MB")
    code = [path for path in (ROOT / "src").rglob("*.py") if "egress" in path.read_text("utf-8")]
    takers = sorted({path.parent.name for path in code} - {"kernel", "payments", "carriers"})
    rooms = ["credit_notes", "integrations", "shops", "sign_in", "webhooks"]
    must_be(takers, rooms, "rooms that call outside")
    owner = stage.staff(ATTACKER, "owner")
    page = owner.get(f"/desk/{ATTACKER}/settings/brand/").text
    must('type="file"' in page and 'type="url"' not in page, "a logo by its address")
    return "cut off in time and size; a logo comes as a file only"


@row(87, "a receiver whose certificate is its own, expired, another's", "no delivery, no fallback")
def certificates(stage: Stage) -> str:
    """Three servers with TLS on loopback."""
    found = stage.here.inside("calls.unknown_certificates").made
    must_be(found["heard"], [], "what the servers heard")
    for name, told in found["told"].items():
        must_be(told, "ConnectError", name)
    return "3 certificates: no line, nothing sent"


@row(
    96,
    "a provider that answers with text for sums, a page, 6 MB, another currency, NaN",
    "never counted as paid but for the very sum",
)
def hostile_provider(stage: Stage) -> str:
    """Thirteen answers to a refund of ten euros."""
    told = stage.here.inside("calls.hostile_provider").made
    for name, outcome in told.items():
        must(outcome != "succeeded", f"{name}: {outcome}")
    return f"{len(told)} answers: none counted as paid"
