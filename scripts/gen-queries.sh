#!/usr/bin/env bash
# Writes the checked queries' cache; called with DATABASE_URL by gen.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
touch crates/queunir-db/src/lib.rs
env -u SQLX_OFFLINE SQLX_OFFLINE_DIR="$fresh" cargo check --quiet -p queunir-db
rm -rf .sqlx && mv "$fresh" .sqlx && chmod 755 .sqlx
