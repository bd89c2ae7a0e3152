#!/bin/sh
# Put the pinned packages of REQUIREMENTS and Rebond itself into the environment VENV.
#
#   sh scripts/bootstrap.sh VENV REQUIREMENTS
#
# Needs a Python from 3.11 on, with venv; PY=... names it. uv does the work, from an
# environment of its own; where it cannot, pip does (slower).
set -eu
venv=$1
requirements=$2

find_python() {
    for name in ${PY:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "error: Python 3.11 or newer is needed (PY=/path/to/python3 names one)" >&2
    return 1
}

new_environment() {
    "$py" -m venv "$1" || {
        rm -rf "$1"
        echo "error: '$py -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv" >&2
        return 1
    }
}

fetch_uv() {
    [ -x .uv/bin/uv ] && return
    [ -x .uv/bin/python ] || new_environment .uv
    .uv/bin/python -m pip install -q --disable-pip-version-check \
        --require-hashes -r requirements/uv.txt
}

# uv does not read pip's settings: hand over the certificates and the index in use.
prepare_uv() {
    export UV_SYSTEM_CERTS=1 UV_LINK_MODE=${UV_LINK_MODE:-copy}
    index=${PIP_INDEX_URL:-$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR="${UV_CACHE_DIR:-.uv/cache}"
}

with_uv() {
    .uv/bin/uv pip install -q --python "$venv/bin/python" "$@"
}

with_pip() {
    "$venv/bin/python" -m pip install -q --disable-pip-version-check "$@"
}

install() {
    if [ "$installer" = uv ] && ! with_uv "$@"; then
        echo "note: uv did not manage, using pip (slower)" >&2
        installer=pip
    fi
    [ "$installer" = uv ] || with_pip "$@"
}

py=$(find_python)
if ! "$venv/bin/python" -c '' 2>/dev/null; then
    rm -rf "$venv"
    new_environment "$venv"
fi
installer=uv
fetch_uv || {
    echo "note: uv could not be installed, using pip (slower)" >&2
    installer=pip
}
prepare_uv
install --require-hashes -r "$requirements"
install --no-deps --no-build-isolation -e .
