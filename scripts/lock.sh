#!/bin/sh
# Write requirements/*.txt: every package with its version and hashes, no addresses.
#
#   sh scripts/lock.sh             keep the pinned versions, add what is new
#   sh scripts/lock.sh --upgrade   take the newest versions that pyproject.toml allows
#
# The union comes first and holds each smaller set, so that no two sets disagree.
set -eu
cd "$(dirname "$0")/.."

uv=${UV:-.uv/bin/uv}
[ -x "$uv" ] || { echo "error: $uv is missing; run 'make setup' first, or set UV=..." >&2; exit 1; }
export UV_SYSTEM_CERTS=1

compile() {
    "$uv" pip compile -q --python-version 3.11 --universal --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}

all=requirements/all.txt
uv_version=$("$uv" --version | cut -d ' ' -f 2)

compile pyproject.toml --all-extras --group dev -o $all "$@"
compile pyproject.toml -c $all -o requirements/runtime.txt
compile pyproject.toml --extra otel -c $all -o requirements/traces.txt
compile pyproject.toml --extra parquet --group build -c $all -o requirements/demo.txt
compile pyproject.toml --extra otel --extra parquet --extra schematron --group dev -c $all -o requirements/test.txt
echo "uv==$uv_version" | compile - -o requirements/uv.txt

if grep -n '://' requirements/*.txt; then
    echo "error: an address slipped into a requirements file" >&2
    exit 1
fi
