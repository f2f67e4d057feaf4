#!/usr/bin/env bash
# Make (or complete) a virtual environment from a hashed requirements file, and put the project in it.
set -euo pipefail
venv=$1 requirements=$2
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "Portance needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1). Name another: make demo PYTHON=python3.12" >&2
  exit 1
fi
if [ ! -x "$venv/bin/pip" ]; then
  rm -rf "$venv"
  if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
    rm -rf "$venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      (apt-get update && apt-get install -y --no-install-recommends python3-venv) >/dev/null
      "$python" -m venv "$venv"
    else
      echo "This Python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2
      exit 1
    fi
  fi
fi
quiet=(--quiet --disable-pip-version-check --no-input)
"$venv/bin/pip" install "${quiet[@]}" --require-hashes -r "$requirements" 2> >(grep -v '^WARNING: Location' >&2)
if ! "$venv/bin/python" -c 'import portance' 2>/dev/null; then
  "$venv/bin/pip" install "${quiet[@]}" --require-hashes -r requirements/build.txt 2> >(grep -v '^WARNING: Location' >&2)
  "$venv/bin/pip" install "${quiet[@]}" --no-deps --no-build-isolation --editable . 2> >(grep -v '^WARNING: Location' >&2)
fi
