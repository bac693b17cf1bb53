#!/usr/bin/env bash
# The tests that need a Docker engine, on one of their own without an uplink: the image of a slice, then CMD if given, which
# finds wank-slice:latest with the executable under test. Only the browser's part of the image is built with an uplink, once
# (see scripts/image.sh).
#
# usage: scripts/test-docker.sh [CMD...]    QN_TEST_BIN=DIR has the executable (default: the development build)
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${QN_TEST_BIN:-$(scripts/target-dir.sh)/debug}/queunir
scripts/with-docker.sh --uplink scripts/image.sh --browser-only --any-age
exec scripts/with-docker.sh bash -c '
    set -e
    scripts/image.sh --any-age --binary "$1"
    shift
    node --test --test-reporter=spec --test-timeout=60000 deploy/docker/tests/image.test.mjs
    [ $# -eq 0 ] || "$@"' test-docker "$binary" "$@"
