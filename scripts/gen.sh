#!/usr/bin/env bash
# Writes every generated file that is kept in git.
set -euo pipefail
cd "$(dirname "$0")/.."

(cd crates/queunir-whatsapp/reader && node --run build)
scripts/with-postgres.sh scripts/gen-queries.sh
SQLX_OFFLINE=true cargo run --quiet --locked -p queunir -- openapi > web/openapi.json.new
mv web/openapi.json.new web/openapi.json
(cd web && node --run gen)
