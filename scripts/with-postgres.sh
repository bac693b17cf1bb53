#!/usr/bin/env bash
# Runs a command with DATABASE_URL of a throw-away PostgreSQL cluster in memory-safe settings for tests.
# The database `check` holds both schemas, as the checked queries expect. With QN_SCHEMA=NAME the tables of tests that make
# themselves a database are in that schema instead of `public`, as tenants have them in the tenancy mode "schema".
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(ls -d /usr/lib/postgresql/1[567]/bin | tail -n 1)
dir=$(mktemp -d /tmp/queunir-pg.XXXXXX)
chmod 755 "$dir"
as=()
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$dir"
    as=(setpriv "--reuid=$(id -u postgres)" "--regid=$(id -g postgres)" --clear-groups --)
fi
finish() {
    "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap finish EXIT

"${as[@]}" "$bin/initdb" -D "$dir/data" -U qn -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
port=$((20000 + RANDOM % 20000))
"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" start -o \
    "-c listen_addresses=127.0.0.1 -p $port -k $dir -c fsync=off -c full_page_writes=off -c max_connections=300" >/dev/null

run_sql() { psql -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U qn "$@"; }
for role in queunir_gw queunir_orch wa_owner slices; do run_sql postgres -c "create role $role"; done
run_sql postgres -c 'create database "check"'
run_sql check -c 'create schema slice_0' -c 'create schema gateway'
for file in crates/queunir-db/migrations/control/*.sql; do
    { echo 'set search_path = gateway;'; cat "$file"; } | run_sql check
done
for file in crates/queunir-db/migrations/slice/*.sql; do
    { echo 'set search_path = slice_0;'; cat "$file"; } | run_sql check
done
run_sql postgres -c 'alter database "check" set search_path = slice_0, gateway'

export DATABASE_URL="postgres://qn:qn@127.0.0.1:$port/check"
if [ -n "${QN_SCHEMA:-}" ]; then
    run_sql template1 -c "create schema $QN_SCHEMA"
    DATABASE_URL+="?options=-c%20search_path%3D$QN_SCHEMA"
fi
"$@"
