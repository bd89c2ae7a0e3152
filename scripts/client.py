"""Write src/rebond/client/api.py from docs/reference/openapi.json; --check compares only."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "reference" / "openapi.json"
TARGET = ROOT / "src" / "rebond" / "client" / "api.py"
HEAD = '''"""Every request of the API as a method, every shape as a type.

Written by scripts/client.py from docs/reference/openapi.json; do not change by hand.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from rebond.client.transport import Transport

'''
SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def main(arguments: list[str]) -> int:
    text = _formatted(_written(json.loads(SOURCE.read_text(encoding="utf-8"))))
    if "--check" not in arguments:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        print("client in step")
        return 0
    print("src/rebond/client/api.py is not what the document says; run `make schema`")
    return 1


def _written(document: dict[str, Any]) -> str:
    shapes = document["components"]["schemas"]
    parts = [HEAD, *(_shape(name, shapes[name]) for name in sorted(shapes))]
    parts.append('class Api(Transport):\n    """The API of one shop, by its key."""\n\n')
    for path, methods in sorted(document["paths"].items()):
        for method, told in methods.items():
            parts.append(_method(path, method, told))
    return "".join(parts)


def _shape(name: str, schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return f"{name} = {_type(schema)}\n\n"
    words = " ".join(schema.get("description", name).split("\n\n")[0].split())
    lines = [f"class {name}(TypedDict):", f'    """{words}"""\n' if len(words) < 90 else ""]
    if not lines[1]:
        lines[1] = f'    """{_wrapped(words, 4)}\n    """\n'
    required = set(schema.get("required", []))
    for field, told in schema.get("properties", {}).items():
        kind = _type(told)
        lines.append(f"    {field}: {kind if field in required else f'NotRequired[{kind}]'}")
    return "\n".join(lines) + "\n\n\n"


def _method(path: str, method: str, told: dict[str, Any]) -> str:
    named = told.get("parameters", [])
    takes = [f"{one['name']}: {_type(one['schema'])}" for one in named if one["in"] == "path"]
    body, content = _body(told)
    if body:
        takes.append(f"body: {body}")
    headers = {one["name"] for one in named if one["in"] == "header"}
    queries = [one for one in named if one["in"] == "query"]
    more = ["version: int | str"] if "If-Match" in headers else []
    more += [f"{one['name']}: {_maybe(_type(one['schema']))} = None" for one in queries]
    more += ["idempotency_key: str | None = None"] if "Idempotency-Key" in headers else []
    signature = ", ".join(["self", *takes, *(["*", *more] if more else [])])
    result, kind = _result(told)
    call = [repr(method.upper()), repr(path.removeprefix("/api/v1"))]
    places = [one["name"] for one in named if one["in"] == "path"]
    if places:
        call.append("path={" + ", ".join(f"{one!r}: {one}" for one in places) + "}")
    if queries:
        call.append("query={" + ", ".join(f"{o['name']!r}: {o['name']}" for o in queries) + "}")
    if body:
        call.append(f"{content}=body")
    if "If-Match" in headers:
        call.append("version=version")
    if "Idempotency-Key" in headers:
        call.append("idempotency_key=idempotency_key or self.new_key()")
    words = " ".join(told.get("description", told["summary"]).split("\n\n")[0].split())
    return (
        f"    def {told['operationId']}({signature}) -> {result}:\n"
        f'        """{_wrapped(words, 8)}"""\n'
        f"        return self.{kind}({', '.join(call)})\n\n"
    )


def _maybe(kind: str) -> str:
    return kind if kind.endswith("None") else f"{kind} | None"


def _body(told: dict[str, Any]) -> tuple[str, str]:
    contents = told.get("requestBody", {}).get("content", {})
    if "application/x-ndjson" in contents:
        return "str | bytes", "lines"
    if "application/json" not in contents:
        return "", ""
    kind = _type(contents["application/json"]["schema"])
    is_needed = told["requestBody"].get("required", False)
    return (kind if is_needed else f"{_maybe(kind)} = None"), "json"


def _result(told: dict[str, Any]) -> tuple[str, str]:
    for status in ("200", "201", "202"):
        contents = told["responses"].get(status, {}).get("content", {})
        if "application/json" in contents:
            return _type(contents["application/json"]["schema"]), "ask"
        if contents:
            return "bytes", "fetch"
    return "None", "ask"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            kinds = list(dict.fromkeys(_type(one) for one in schema[several]))
            return " | ".join(kinds)
    if "allOf" in schema:
        return _type(schema["allOf"][0])
    kind = schema.get("type")
    if kind == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {_type(inner) if isinstance(inner, dict) else 'Any'}]"
    return SIMPLE.get(str(kind), "Any")


def _wrapped(words: str, indent: int) -> str:
    lines, line = [], ""
    for word in words.split():
        if len(line) + len(word) + 1 > 84 - indent:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return ("\n" + " " * indent).join([*lines, line])


def _formatted(text: str) -> str:
    ruff = Path(sys.executable).parent / "ruff"
    command = [str(ruff), "format", "-q", "--stdin-filename", str(TARGET), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
