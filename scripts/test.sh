#!/usr/bin/env bash
# All tests of `make test`: Rust against a real PostgreSQL and Chromium, web rules, the walk in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-nextest >/dev/null 2>&1 && runner=(cargo nextest run --no-fail-fast) || runner=(cargo test)
target=$(scripts/target-dir.sh)
export QN_TEST_BIN="$target/debug"

# Containers are tested as root only, on an engine of their own; one that the machine has is used for it and never touched.
# Walls on the disk are root's as well: they are tested on file systems on loop devices.
if [ "$(id -u)" -eq 0 ]; then
    packages=(nftables debootstrap slirp4netns btrfs-progs)
    command -v dockerd >/dev/null 2>&1 || packages+=(docker.io)
    scripts/setup.sh "${packages[@]}"
fi
# What the image of a slice takes longest for, mostly waiting for the network, meanwhile.
image_log=$(mktemp)
trap 'rm -f "$image_log"' EXIT
scripts/with-docker.sh --uplink scripts/image.sh --browser-only --any-age >"$image_log" 2>&1 &
image=$!

# `node --run` and not npm: an npm that is older than the Node.js it runs on ends with 0 whatever the script said.
echo "test: web rules"
for workspace in web crates/queunir-sim/page crates/queunir-whatsapp/reader; do
    (cd "$workspace" && node --run test)
done

echo "test: Rust"
SQLX_OFFLINE=true scripts/with-postgres.sh "${runner[@]}" --workspace --locked

echo "test: containers"
status=0
scripts/with-docker.sh "${runner[@]}" --workspace --locked -- contract:: containers:: isolation:: || status=$?
case $status in
    0) wait "$image" || status=$? ;;
    69) echo "test: skipped, this machine runs no engine for tests: everything about containers" ;;
    *) exit "$status" ;;
esac
case $status in
    0) scripts/test-docker.sh bash -c "cd e2e && node --run test:containers" ;;
    69) tail -n 20 "$image_log" && echo "test: skipped, there is no image of a slice: its own tests and those of slices in containers" ;;
    *) cat "$image_log" >&2 && exit "$status" ;;
esac

echo "test: a tenant's tables in a schema of their own"
# Of the whole workspace, because other crates without it would be built anew with other features; the rest does not ask.
QN_SCHEMA=slice_7 SQLX_OFFLINE=true scripts/with-postgres.sh "${runner[@]}" --workspace --locked --lib -- slice::

echo "test: the simulator's page against the numbered facts"
(cd crates/queunir-sim/page && node --run conformance)

echo "test: the walk in a browser"
(cd e2e && node --run test)
