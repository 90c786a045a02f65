#!/usr/bin/env bash
# Writes the locks from pyproject.toml: every version pinned, every file known by its hash, for every
# platform and Python >= 3.11. `make lock` runs this; pass --upgrade to take the newest versions,
# otherwise what is pinned already stays unless pyproject.toml asks for more.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=${UV:-uv}

lock() {
    local target=$1
    shift
    # No index is emitted: the locks hold hashes and no addresses, and serve whichever mirror pip is set up with.
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --output-file "requirements/$target.lock" "${upgrade[@]}" "$@" >/dev/null
    echo "requirements/$target.lock: $(grep -c '==' "requirements/$target.lock") packages"
}

upgrade=("$@")
lock base pyproject.toml
lock dev pyproject.toml --extra test --extra docs --extra fuzz requirements/build.in --constraint requirements/base.lock
lock browser pyproject.toml --extra test --extra docs --extra fuzz --extra browser requirements/build.in --constraint requirements/dev.lock
lock bench pyproject.toml --extra bench requirements/build.in requirements/bench-build.in --constraint requirements/base.lock
lock yamcs requirements/yamcs.in
lock node requirements/node.in
lock bench-build requirements/bench-build.in --constraint requirements/bench.lock
