#!/bin/sh
# Makes .venv with everything that constraints.txt pins. Run by `make`; running it again does nothing.
# What fails says what to do, and leaves no half-made environment behind.
set -eu
cd "$(dirname "$0")"

python=${PYTHON:-python3}
ready=.venv/.ready
need_kib=4194304

say() { printf '%s\n' "$*" >&2; }
stop() { say "byline: $1"; say "  $2"; exit 4; }

wanted=$(cat constraints.txt pyproject.toml | cksum)
if [ -f "$ready" ] && [ "$(cat "$ready")" = "$wanted" ]; then exit 0; fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    stop "Python 3.11 or newer is needed, and '$python' is not it." "Install it, or name it: make PYTHON=/path/to/python3.11"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    stop "This Python cannot make environments." "Install its venv module (Debian: apt-get install python3-venv)."
free=$(df -Pk . | awk 'NR==2 {print $4}')
[ "$free" -ge "$need_kib" ] ||
    stop "$((free / 1024)) MiB are free here, and the environment takes about $((need_kib / 1024)) MiB." "Free some space, or clone elsewhere."
if ! "$python" -c 'import shutil, sys; sys.exit(not (shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")))'; then
    stop "llama.cpp is built here, and there is no C++ compiler." "Install one (Debian: apt-get install build-essential; macOS: xcode-select --install)."
fi

fresh=no
if [ ! -x .venv/bin/python ]; then fresh=yes; fi
undo() {
    status=$?
    if [ "$status" -ne 0 ] && [ "$fresh" = yes ]; then rm -rf .venv; fi
    exit "$status"
}
trap undo EXIT
trap 'exit 130' INT TERM

say "byline: making the environment in .venv (the first time about 10 minutes: llama.cpp is compiled; pip keeps the result)"
rm -f "$ready"
if [ "$fresh" = yes ]; then "$python" -m venv .venv; fi
pip() {
    .venv/bin/python -m pip --disable-pip-version-check "$@" ||
        stop "pip could not install what Byline needs; its own message is above." \
            "No network or a proxy: mend it and run make again; what was fetched is kept. A compiler error: see docs/install.md."
}
pip install --quiet --upgrade 'pip>=25'
pip install --progress-bar on --constraint constraints.txt --editable '.[dev]'
printf '%s\n' "$wanted" > "$ready"
say "byline: the environment is ready"
