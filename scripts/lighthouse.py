"""Measure the shopper's pages with Lighthouse on a phone's profile: `make lighthouse`.

Five runs of each page against a demo shop made for the purpose; the median of each score is
printed, and anything below 95 exits with 1. Lighthouse comes from npm, pinned, into `.browser`,
and runs the same Chromium as the browser tests. RUNS=1 for a quick look.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from screenshots import ROOT, demo_shop

PACKAGE = "lighthouse@12.8.2"
FOLDER = ROOT / ".browser" / "lighthouse"
SCORES = ("performance", "accessibility", "best-practices")
WANTED = 95
LONGEST_SECONDS = 180


def main() -> int:
    runs = int(os.environ.get("RUNS", "5"))
    command = _command()
    if command is None:
        print("NOT RUN: Lighthouse needs npm, node and a Chromium (scripts/browser.py).")
        return 1 if os.environ.get("CI") == "true" else 0
    missed = []
    with (
        tempfile.TemporaryDirectory(prefix="rebond-lighthouse-") as folder,
        demo_shop(folder) as said,
    ):
        print(f"{'page':28}" + "".join(f"{score:>16}" for score in SCORES) + f"{'LCP ms':>10}")
        for name, address in _pages(Path(folder), said).items():
            found = [_measure(command, address) for _ in range(runs)]
            medians = [statistics.median(one[score] for one in found) for score in SCORES]
            lcp = statistics.median(one["lcp"] for one in found)
            print(
                f"{name:28}" + "".join(f"{m:16.0f}" for m in medians) + f"{lcp:10.0f}", flush=True
            )
            missed += [
                f"{name}: {s} {m:.0f}" for s, m in zip(SCORES, medians, strict=True) if m < WANTED
            ]
    print(f"median of {runs}, phone profile; below {WANTED}: {', '.join(missed) or 'nothing'}")
    return 1 if missed else 0


def _pages(folder: Path, said: dict[str, str]) -> dict[str, str]:
    shop = f"{said['address']}/s/galerie-rebond"
    return {
        "find an order": f"{shop}/",
        "return policy": f"{shop}/policy/",
        "withdraw": f"{shop}/withdraw/",
        "where a return stands": _return_page(folder, said["address"]),
    }


def _return_page(folder: Path, address: str) -> str:
    """The page of a return, from one of the letters that the demo wrote as files."""
    for file in sorted(folder.rglob("*.eml")):
        text = file.read_bytes().decode("utf-8", "replace").replace("=\n", "")
        if found := re.search(r"/s/galerie-rebond/r/[\w:.=-]+/", text):
            return address + found.group()
    raise SystemExit("no letter of the demo names the page of a return")


def _command() -> list[str] | None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node or not (ROOT / ".browser" / "path").exists():
        return None
    script = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not script.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        fetch = [npm, "install", "--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", PACKAGE]
        if subprocess.run(fetch, stdout=subprocess.DEVNULL, check=False).returncode:
            return None
    return [node, str(script)]


def _measure(command: list[str], address: str) -> dict[str, float]:
    """One run: the scores out of 100, and the largest paint in milliseconds."""
    chrome = (ROOT / ".browser" / "path").read_text().strip()
    done = subprocess.run(
        [
            *command,
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(SCORES)}",
            "--form-factor=mobile",
            "--chrome-flags=--headless --no-sandbox --disable-gpu --disable-dev-shm-usage",
        ],
        env={**os.environ, "CHROME_PATH": chrome},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Lighthouse failed on {address}:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout)
    scores = {name: 100 * (told["categories"][name]["score"] or 0) for name in SCORES}
    lcp = told["audits"]["largest-contentful-paint"].get("numericValue", 0)
    _tell_faults(told)
    return scores | {"lcp": lcp}


def _tell_faults(told: dict[str, Any]) -> None:
    """Name what cost points, where somebody asks for it (VERBOSE=1)."""
    if os.environ.get("VERBOSE") != "1":
        return
    for name in SCORES:
        for ref in told["categories"][name]["auditRefs"]:
            audit = told["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(
                    f"  {name}: {audit['title']} {audit.get('displayValue', '')}", file=sys.stderr
                )


if __name__ == "__main__":
    sys.exit(main())
