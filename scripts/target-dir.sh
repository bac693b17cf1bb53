#!/usr/bin/env bash
# Prints cargo's target directory.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "${CARGO_TARGET_DIR:-$PWD/target}"
