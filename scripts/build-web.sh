#!/usr/bin/env bash
# Builds the web app and the simulator's page when their sources changed.
set -euo pipefail
cd "$(dirname "$0")/.."

build() { # workspace folder, output
    if [ ! -e "$2" ] || [ -n "$(find "$1" package-lock.json -newer "$2" -type f -not -path '*/dist/*' -not -path '*/node_modules/*' -print -quit)" ]; then
        echo "web: building $1"
        (cd "$1" && node --run build)
        touch "$2"
    fi
}
build web web/dist/index.html
build crates/queunir-sim/page crates/queunir-sim/page/dist/page.js
