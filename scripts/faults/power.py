"""Row F36: the power goes, and only what had reached the disk is there afterwards."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.faults.installation import Installation
from scripts.faults.stage import Stage
from scripts.faults.table import Broken, Case, NotRun, expect

MEGABYTES = 96
CUTS = 6


def cut_while_writing(stage: Stage) -> str:
    """What was acknowledged before the cut is there after it; with less care it would not be."""
    lost, kept, careless = 0, 0, 0
    chance = random.Random(stage.seed)
    for _ in range(2 if stage.is_small else CUTS):
        said, there = _cut(stage, chance.uniform(0.5, 3), careful=True)
        lost, kept = lost + len(said - there), kept + len(said)
        said, there = _cut(stage, chance.uniform(0.5, 3), careful=False)
        careless += len(said - there)
    expect(lost=(lost, 0))
    if not careless:
        raise Broken("a careless database lost nothing either: the cut does not cut")
    return f"{kept} acknowledged and there; {careless} lost where the database is told not to sync"


CASES = [
    Case(
        "F36",
        "power cut",
        "acknowledged is stored; without syncs it would not be",
        cut_while_writing,
        only="sqlite",
        why="the throw-away server of the rehearsal does not sync; PostgreSQL's own promise",
    )
]


def _cut(stage: Stage, seconds: float, *, careful: bool) -> tuple[set[str], set[str]]:
    """Enter orders, freeze the writer, take the disk as it is; returns those said and there."""
    here, _facts = stage.scene("one_hundred")
    told = here.folder.with_name(here.folder.name + "-told")
    try:
        with here, _disk(here) as image:
            writer = here.begin("work.acknowledge_orders", file=str(told), careful=careful)
            _wait_for(told)
            time.sleep(seconds)
            writer.send_signal(signal.SIGSTOP)
            said = set(told.read_text().splitlines()[:-1])
            snapshot = image.with_suffix(".cut")
            shutil.copyfile(image, snapshot)
            writer.kill()
            writer.wait()
            with _mounted(snapshot) as folder:
                there = _orders_in(here, folder)
        return said, there
    finally:
        told.unlink(missing_ok=True)


def _orders_in(here: Installation, folder: Path) -> set[str]:
    """The orders in the database of ``folder``, opened as a program would after the cut."""
    url = {"DATABASE_URL": f"sqlite:///{folder}/rebond.sqlite3"}
    numbers: list[str] = here.inside("work.order_numbers", env=url).made
    return set(numbers)


def _wait_for(file: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if file.exists() and file.read_text().count("\n") > 2:
            return
        time.sleep(0.05)
    raise Broken("nothing was written")


@contextmanager
def _disk(here: Installation) -> Iterator[Path]:
    """The installation's folder on a disk that is a file; what is not synced is not in it."""
    aside = here.folder.with_name(here.folder.name + "-aside")
    image = here.folder.with_name(here.folder.name + ".disk")
    here.folder.rename(aside)
    here.folder.mkdir()
    try:
        with image.open("wb") as file:
            file.truncate(MEGABYTES * 1024 * 1024)
        _run("mkfs.ext4", "-q", "-F", image)
        with _mounted(image, here.folder):
            subprocess.run(["cp", "-a", f"{aside}/.", here.folder], check=True)
            _run("sync", "-f", here.folder)
            yield image
            here.stop()
    finally:
        here.folder.rmdir()
        aside.rename(here.folder)
        for file in (image, image.with_suffix(".cut")):
            file.unlink(missing_ok=True)


@contextmanager
def _mounted(image: Path, folder: Path | None = None) -> Iterator[Path]:
    place = folder or image.with_suffix(".seen")
    place.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", image, place)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        if folder is None:
            place.rmdir()


def _run(*words: str | Path) -> None:
    try:
        made = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    except FileNotFoundError as missing:
        raise NotRun(f"there is no {words[0]} here") from missing
    if made.returncode:
        raise NotRun(f"a disk of our own cannot be made here: {made.stderr.strip()[:200]}")
