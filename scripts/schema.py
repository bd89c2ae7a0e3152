"""Write docs/reference/openapi.json from the code, or with --check say whether it is in step."""

import difflib
import json
import os
import pkgutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "docs" / "reference" / "openapi.json"


def main(arguments: list[str]) -> int:
    current = _described()
    if "--check" not in arguments:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(current, encoding="utf-8")
        return 0
    kept = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    if kept == current:
        print("OpenAPI document in step")
        return 0
    print("docs/reference/openapi.json is not what the code says; run `make schema`")
    changes = difflib.unified_diff(kept.splitlines(), current.splitlines(), lineterm="", n=1)
    print("\n".join(list(changes)[:40]))
    return 1


def _described() -> str:
    """The document of the one API, the same on every machine."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["REBOND_HOME"] = home
        os.environ["REBOND_BASE_URL"] = "http://127.0.0.1:8000"
        import_module("rebond.cli.boot").set_up()
        import_module("rebond.config.urls")
        document = _the_api().get_openapi_schema()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def _the_api() -> object:
    package, kind = import_module("rebond.api"), import_module("ninja").NinjaAPI
    for module in pkgutil.walk_packages(package.__path__, "rebond.api."):
        import_module(module.name)
    found = {
        id(value): value
        for name, module in list(sys.modules.items())
        if name.startswith("rebond.api")
        for value in vars(module).values()
        if isinstance(value, kind)
    }
    if len(found) != 1:
        raise SystemExit(f"error: rebond.api holds {len(found)} NinjaAPI objects, not one")
    return next(iter(found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
