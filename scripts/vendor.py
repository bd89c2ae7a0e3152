"""Fetch the browser libraries that each ``vendor.toml`` of the package names, and check them.

A ``vendor.toml`` lies in ``static/…/vendor/`` and lists npm packages with the files we ship::

    [[package]]
    name = "bootstrap"
    version = "5.3.9"

    [package.files]
    "dist/css/bootstrap.min.css" = "<SHA-256>"
    "LICENSE" = "<SHA-256>"

Each file goes to ``<folder of vendor.toml>/<name>/<file name>``. The result is committed, so nobody
who runs Rebond needs npm. A file whose sum differs is not written; ``--sums`` prints the sums
found, for a new version.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "rebond"


def main(arguments: list[str]) -> int:
    npm = shutil.which("npm")
    lists = sorted(PACKAGE.rglob("vendor.toml"))
    if npm is None or not lists:
        print(f"error: {'npm is needed' if lists else 'no vendor.toml'}", file=sys.stderr)
        return 1
    findings = [
        finding
        for path in lists
        for package in tomllib.loads(path.read_text(encoding="utf-8"))["package"]
        for finding in _fetch(npm, package, path.parent, only_sums="--sums" in arguments)
    ]
    print("\n".join(findings) or "all files are what they were")
    return 1 if findings else 0


def _fetch(npm: str, package: dict, folder: Path, *, only_sums: bool) -> Iterator[str]:
    """Write the files of ``package`` that have the sum we know; name the others."""
    name = f"{package['name']}@{package['version']}"
    for path, content in _unpacked(npm, name, set(package["files"])):
        found = hashlib.sha256(content).hexdigest()
        if only_sums or found != package["files"][path]:
            yield f"{name} {path}: {found}"
            continue
        target = folder / package["name"].rpartition("/")[2] / PurePosixPath(path).name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _unpacked(npm: str, name: str, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [npm, "pack", name, "--silent", "--pack-destination", folder],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for path in sorted(wanted):
                yield path, archive.extractfile(f"package/{path}").read()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
