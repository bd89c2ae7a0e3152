"""The laws of the house that no linter knows, as functions from source code to findings.

Each takes the folder of the package and returns one sentence per breach, so that a test can
hold it against Rebond, where it must find nothing, and against a planted breach, where it must
find that one. Nothing here imports what it judges.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base"}
NAMED_BY_DJANGO = {"kernel/fair_sqlite/base.py", "kernel/guarded_postgresql/base.py"}
LATE_IMPORTS_ALLOWED = ("config/", "cli/")
EDGES = ("web/", "api/")
SIGNALS = ("django.dispatch", "signals")
WRITES = {
    "create",
    "update",
    "delete",
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
# Receivers whose `save` or `delete` is no row of ours.
NO_ROWS = {"form", "request", "response", "session", "storage", "cache", "image"}
# What a plug answers out of its own head: no call goes out, so a transaction may be open.
LOCAL_PORT_METHODS = {"page_of", "understands", "rows", "advice", "clean_number", "is_set_up"}
GETTEXT = re.compile(r"^(_|N_|gettext|gettext_lazy|gettext_noop|n?p?gettext(_lazy)?)$")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdifrxg](?![a-zA-Z])")
IN_TEMPLATE = re.compile(r"{%\s*(?:translate|trans)\s+(\"[^\"]*\"|'[^']*')")
PURE_PLACES = (
    "kernel/money",
    "domain/law/",
    "domain/policies/engine",
    "domain/policies/rules",
    "domain/refunds/amounts",
)
PURE = re.compile(r"\(pure\)")


@dataclass(frozen=True)
class Module:
    """One file of the package, parsed once."""

    root: Path
    path: Path

    @cached_property
    def place(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @cached_property
    def name(self) -> str:
        parts = [self.root.name, *self.path.relative_to(self.root).with_suffix("").parts]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @cached_property
    def imported(self) -> dict[str, str]:
        """Each name that an import binds here → the dotted thing it stands for."""
        bound = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and not node.level:
                bound |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
            elif isinstance(node, ast.Import):
                bound |= {a.asname or a.name: a.name for a in node.names}
        return bound

    def at(self, node: ast.AST) -> str:
        return f"{self.place}:{node.lineno}"

    def meaning(self, node: ast.expr) -> str:
        """The dotted name that ``node`` stands for, as far as imports and definitions tell."""
        dotted = ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        first, _, rest = dotted.partition(".")
        start = self.imported.get(first, f"{self.name}.{first}")
        return f"{start}.{rest}" if rest else start


def modules(root: Path) -> list[Module]:
    return [
        Module(root, path)
        for path in sorted(root.rglob("*.py"))
        if "migrations" not in path.relative_to(root).parts
    ]


# --- transactions -------------------------------------------------------------------------


@dataclass
class Calls:
    """Which function of the package calls which, and which of them are actions."""

    root: Path
    calls: dict[str, dict[str, str]] = field(default_factory=dict)
    actions: set[str] = field(default_factory=set)
    leaving: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module in modules(self.root):
            for node in module.tree.body:
                if isinstance(node, Function):
                    self._add(module, node)

    def _add(self, module: Module, function: Function) -> None:
        name = f"{module.name}.{function.name}"
        if any(module.meaning(d).endswith(".actions.action") for d in function.decorator_list):
            self.actions.add(name)
        called = {
            module.meaning(node.func): module.at(node)
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
        }
        self.calls[name] = called
        for callee, where in called.items():
            if callee.endswith(".actions.outside_transaction"):
                self.leaving[name] = where

    def reached_from(self, start: str) -> Iterator[str]:
        """All functions that ``start`` calls, by whatever way, without ``start`` itself."""
        seen, waiting = {start}, [start]
        while waiting:
            for callee in self.calls.get(waiting.pop(), {}):
                if callee in self.calls and callee not in seen:
                    seen.add(callee)
                    waiting.append(callee)
                    yield callee


def actions_that_call_actions(root: Path) -> list[str]:
    calls = Calls(root)
    return [
        f"{action} ends up in the action {callee}"
        for action in sorted(calls.actions)
        for callee in calls.reached_from(action)
        if callee in calls.actions
    ]


def actions_that_go_outside(root: Path) -> list[str]:
    """Actions that reach ``outside_transaction()``: they hold a transaction open by nature."""
    calls = Calls(root)
    return [
        f"{action} goes outside at {calls.leaving[callee]}"
        for action in sorted(calls.actions)
        for callee in [action, *calls.reached_from(action)]
        if callee in calls.leaving
    ]


def unguarded_port_calls(root: Path) -> list[str]:
    """Calls of a plug without ``outside_transaction()`` above them in the same function."""
    ports, methods = _ports(root)
    return [
        f"{module.at(call)} calls {call.func.attr} without outside_transaction() before it"
        for module in modules(root)
        if not module.place.startswith(("integrations/", "simulator/"))
        for function in module.functions
        for call in _port_calls(module, function, ports, methods)
        if not _is_guarded(function, call)
    ]


def _ports(root: Path) -> tuple[set[str], set[str]]:
    """The names of port classes and of sockets, and the methods that go outside."""
    names, methods = set(), set()
    for module in modules(root):
        if module.path.name != "ports.py":
            continue
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases):
                names.add(f"{module.name}.{node.name}")
                methods |= {m.name for m in node.body if isinstance(m, Function)}
            elif _makes_socket(node):
                target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
                names.add(f"{module.name}.{ast.unparse(target)}")
    return names, methods - LOCAL_PORT_METHODS


def _makes_socket(node: ast.stmt) -> bool:
    makes = isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
    return makes and bool(re.match(r"Socket\b", ast.unparse(node.value)))


def _port_calls(
    module: Module, function: Function, ports: set[str], methods: set[str]
) -> Iterator[ast.Call]:
    plugs = _plugs_in(module, function, ports)
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        receiver = node.func.value
        is_plug = _comes_from(module, receiver, ports) or ast.unparse(receiver) in plugs
        if node.func.attr in methods and is_plug:
            yield node


def _plugs_in(module: Module, function: Function, ports: set[str]) -> set[str]:
    """Names in ``function`` that hold a plug: by annotation, or taken out of a socket."""
    makers = {
        f.name
        for f in module.functions
        if (f.returns is not None and _mentions(module, f.returns, ports))
        or any(
            isinstance(n, ast.Return) and n.value and _comes_from(module, n.value, ports)
            for n in ast.walk(f)
        )
    }
    held = {
        argument.arg
        for argument in [*function.args.args, *function.args.kwonlyargs]
        if argument.annotation is not None and _mentions(module, argument.annotation, ports)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            made = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) in makers
            if made or _comes_from(module, node.value, ports):
                held |= {ast.unparse(target) for target in node.targets}
    return held


def _comes_from(module: Module, node: ast.expr, ports: set[str]) -> bool:
    return any(
        isinstance(part, ast.Subscript) and module.meaning(part.value) in ports
        for part in ast.walk(node)
    )


def _mentions(module: Module, node: ast.expr, ports: set[str]) -> bool:
    return any(
        isinstance(part, ast.Name | ast.Attribute) and module.meaning(part) in ports
        for part in ast.walk(node)
    )


def _is_guarded(function: Function, call: ast.Call) -> bool:
    return any(
        isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("outside_transaction")
        and node.lineno < call.lineno
        for node in ast.walk(function)
    )


# --- events and refusals ------------------------------------------------------------------


def events_without_place(events: set[type], places: set[type]) -> list[str]:
    return [f"{event.__name__} is missing from flows.table.FOLLOWS" for event in events - places]


def events_unlike_page(names: set[str], page: str) -> list[str]:
    """Differences between the events of the code and those that ``page`` is about."""
    described = _described(page, r"[a-z_]+\.[a-z_]+")
    missing, unknown = names - described, described - names
    return [
        *(f"{name} is not described in docs/reference/events.md" for name in missing),
        *(f"docs/reference/events.md describes {name}, which is no event" for name in unknown),
    ]


def refusals_unlike_page(refusals: set[type], page: str) -> list[str]:
    """Refusals that share a code or have none, and differences from ``page``."""
    described, findings, seen = _described(page, r"[a-z_]+"), [], {}
    for refusal in sorted(refusals, key=lambda r: r.__qualname__):
        code = vars(refusal).get("code")
        if code is None:
            findings.append(f"{refusal.__qualname__} has no code of its own")
        elif code in seen:
            findings.append(f"{refusal.__qualname__} and {seen[code]} share the code {code}")
        elif code not in described:
            findings.append(f"{code} is not described in docs/reference/errors.md")
        seen.setdefault(code, refusal.__qualname__)
    return findings + [
        f"docs/reference/errors.md describes {code}, which is no refusal"
        for code in described - set(seen)
    ]


def _described(page: str, name: str) -> set[str]:
    """The names that a page is about: in backticks, first in a heading or a table's row."""
    return set(re.findall(rf"^(?:#+ |\| ?)`({name})`", page, re.MULTILINE))


# --- what stands where --------------------------------------------------------------------


def folders_without_sign(root: Path) -> list[str]:
    """Packages whose ``__init__.py`` is missing or says nothing about what they are for."""
    findings = []
    for folder in sorted({module.path.parent for module in modules(root)}):
        sign = folder / "__init__.py"
        if not sign.exists():
            findings.append(f"{folder.relative_to(root)} has no __init__.py")
        elif not ast.get_docstring(ast.parse(sign.read_text(encoding="utf-8"))):
            findings.append(f"{folder.relative_to(root)} has no sign")
    return findings


def silent_functions(root: Path) -> list[str]:
    """Public functions of actions and pure modules, and methods of ports, without a docstring."""
    return [
        f"{module.at(node)} {node.name} has no docstring"
        for module in modules(root)
        if module.path.name in {"actions.py", "ports.py"} or _is_pure(module)
        for node in _promises(module)
        if not ast.get_docstring(node)
    ]


def _is_pure(module: Module) -> bool:
    said = PURE.search(ast.get_docstring(module.tree) or "")
    return bool(said) or module.place.startswith(PURE_PLACES)


def _promises(module: Module) -> Iterator[Function]:
    """The public functions of ``module``; of a port, also what its classes ask for."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and module.path.name == "ports.py":
            yield from (m for m in node.body if isinstance(m, Function) and _is_public(m))
        elif isinstance(node, Function) and _is_public(node):
            yield node


def _is_public(function: Function) -> bool:
    return not function.name.startswith("_")


def late_imports(root: Path) -> list[str]:
    return [
        f"{module.at(node)} imports inside {function.name}"
        for module in modules(root)
        if not module.place.startswith(LATE_IMPORTS_ALLOWED)
        for function in module.functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def signals(root: Path) -> list[str]:
    """Imports of Django's signals: they call upwards without anybody seeing it."""
    return [
        f"{module.place} uses {meaning}"
        for module in modules(root)
        for meaning in sorted(set(module.imported.values()))
        if meaning.startswith("django.")
        and (meaning.startswith(SIGNALS[0]) or SIGNALS[1] in meaning.split("."))
    ]


def vague_names(root: Path) -> list[str]:
    return [
        f"{module.place} says nothing by its name"
        for module in modules(root)
        if {module.path.stem, module.path.parent.name} & VAGUE_NAMES
        and module.place not in NAMED_BY_DJANGO
    ]


def broad_excepts(root: Path) -> dict[str, str]:
    """Where an ``except`` takes any exception: place of the file → the first such line."""
    found: dict[str, str] = {}
    for module in modules(root):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
                found.setdefault(module.place, module.at(node))
    return found


def _is_broad(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(n is None or ast.unparse(n) in {"Exception", "BaseException"} for n in names)


def edges_that_write(root: Path) -> list[str]:
    """Writes of rows in ``web`` and ``api``, which leave that to actions."""
    return [
        f"{module.at(node)} writes with {ast.unparse(node.func)}"
        for module in modules(root)
        if module.place.startswith(EDGES)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and _is_row(node.func)
    ]


def _is_row(call: ast.Attribute) -> bool:
    parts = re.findall(r"\w+", ast.unparse(call.value))
    if "objects" in parts:
        return True
    return call.attr in {"save", "delete"} and not set(parts) & NO_ROWS


# --- translations -------------------------------------------------------------------------


def sentences_that_cannot_be_translated(root: Path) -> list[str]:
    """Marked sentences that are put together first, or whose placeholders have no name."""
    findings = []
    for module in modules(root):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and GETTEXT.match(_last_name(node.func)):
                findings += [f"{module.at(node)} {why}" for why in _faults(node)]
    for path in sorted(root.rglob("*.html")) + sorted(root.rglob("*.txt")):
        for text in IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            if UNNAMED.search(text):
                findings.append(f"{path.relative_to(root)} has a placeholder without a name")
    return findings


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _faults(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        if isinstance(argument, ast.JoinedStr | ast.BinOp):
            yield "puts a sentence together before it is translated"
        elif isinstance(argument, ast.Constant) and UNNAMED.search(str(argument.value)):
            yield "has a placeholder without a name"
