"""Print how long files and functions are, beside the aim: information, never a verdict.

The aim (ARCHITECTURE.md): half of all files within 40 lines of code, nine in ten within 130,
nine in ten functions within 20.
"""

import ast
import statistics
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "rebond"
AIM = {"lines per file": (40, 130), "lines per function": (10, 20)}


def main() -> int:
    files, functions, longest = [], [], []
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        code = [line for line in text.splitlines() if line.strip()]
        files.append(len(code))
        longest.append((len(code), str(path.relative_to(SOURCE))))
        functions += [
            (node.end_lineno or node.lineno) - node.lineno + 1
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
    for name, sizes in (("lines per file", files), ("lines per function", functions)):
        middle, most = AIM[name]
        p90 = statistics.quantiles(sizes, n=10)[-1]
        print(
            f"{name}: median {statistics.median(sizes):.0f} (aim {middle}),"
            f" nine in ten within {p90:.0f} (aim {most}), {len(sizes)} in all"
        )
    print("longest: " + ", ".join(f"{name} {size}" for size, name in sorted(longest)[-4:][::-1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
