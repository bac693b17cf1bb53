#!/usr/bin/env bash
# All tests of `make test`: Rust against a real PostgreSQL and Chromium, web rules, the walk in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-nextest >/dev/null 2>&1 && runner=(cargo nextest run --no-fail-fast) || runner=(cargo test)
target=$(scripts/target-dir.sh)
export QN_TEST_BIN="$target/debug"

echo "test: web rules"
for workspace in web crates/queunir-sim/page crates/queunir-whatsapp/reader; do
    npm run test --silent -w "$workspace"
done

echo "test: Rust"
SQLX_OFFLINE=true scripts/with-postgres.sh "${runner[@]}" --workspace --locked

echo "test: the simulator's page against the numbered facts"
npm run conformance --silent -w crates/queunir-sim/page

echo "test: the walk in a browser"
npm run test --silent -w e2e
