#!/usr/bin/env bash
# The quick guards: format, lints, types, the dependency wall, generated files up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

export SQLX_OFFLINE=true
cargo fmt --all --check
scripts/build-web.sh
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
cargo test --locked -p queunir --test wall --quiet
if command -v cargo-deny >/dev/null 2>&1; then cargo deny --offline check bans licenses sources; fi
for workspace in web crates/queunir-sim/page crates/queunir-whatsapp/reader e2e; do
    node_modules/.bin/tsc --noEmit -p "$workspace"
done
node_modules/@biomejs/cli-linux-x64/biome check --error-on-warnings
scripts/gen.sh
git diff --exit-code -- .sqlx web/openapi.json web/src/api/__generated__ crates/queunir-whatsapp/src/page/__generated__ || {
    echo "check: generated files are not up to date; run \`make gen\` and commit" >&2
    exit 1
}
