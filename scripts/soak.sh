#!/usr/bin/env bash
# Long runs: faults put into the simulator's page, guarding lines taken away (ten of the pool; SEED=n repeats a choice),
# the death of everything around nine slices in containers (35 times; CHAOS=n) and a neighbour beside three that take all
# they can, ten minutes without an orchestrator, twenty-one unknown looks of the page under traffic, bent observations for
# FUZZ_S seconds (default 600), the walk on the second engine and in the tenancy mode schema, all tests of a slice in a
# schema of its own, rounds of migrations over 200 tenants killed at 50 points in both modes, something that dies at each
# of the fourteen points of a send (50 times each; ROUNDS=n), 400,000 interleavings of the merge rule and 400,000 lives of
# slices, then the fault tests again and again with other seeds and larger numbers, on both engines and three scenarios in
# turn, for MINUTES (default 30). The whole loss proof is IN=20000 OUT=500 FAULTS=60 SPAN_MS=1500000, about half an hour
# for each scenario, reading mode and engine.
set -euo pipefail
cd "$(dirname "$0")/.."
export QN_TEST_BIN="$(scripts/target-dir.sh)/debug"
(cd crates/queunir-sim/page && node --run faults)
scripts/with-postgres.sh node scripts/soak-mutants.mjs
QUEUNIR_SOAK=1 SQLX_OFFLINE=true cargo test --locked -p queunir-whatsapp --test it drift::
QN_FUZZ_S=${FUZZ_S:-600} SQLX_OFFLINE=true cargo test --locked -p queunir-whatsapp --test it observations:: -- --nocapture
scripts/setup.sh chromium-headless-shell docker.io nftables debootstrap slirp4netns
QN_CHAOS=${CHAOS:-35} QN_RUNTIME=docker scripts/test-docker.sh bash -c "cd e2e && node --run test -- chaos neighbours"
cd e2e
# Seven at a time: each look ends the browser, and one that has often ended waits longer before it comes back.
for from in 0 7 14; do QN_DRIFT_SEEDS=7 QN_DRIFT_FROM=$from node --run test -- tests/drift.spec.ts; done
QN_ENGINE=headless_shell node --run test -- tests/walk.spec.ts
QUEUNIR_TENANCY__MODE=schema node --run test -- tests/walk.spec.ts
QN_ROUNDS=${ROUNDS:-50} node --run test -- tests/send.spec.ts
QN_AWAY_S=600 node --run test -- orchestrator_dies -g "no orchestrator"
(cd .. && QN_SCHEMA=slice_7 SQLX_OFFLINE=true scripts/with-postgres.sh cargo test --locked -p queunir-db --lib -p queunir-slice --test it)
(cd .. && QUEUNIR_SOAK=1 SQLX_OFFLINE=true cargo test --locked -p queunir-db --test it a_round_that_is_killed -- --nocapture)
(cd .. && QUEUNIR_SOAK=40 SQLX_OFFLINE=true cargo test --locked -p queunir-slice --test it ten_thousand_interleavings)
(cd .. && QUEUNIR_SOAK=40 SQLX_OFFLINE=true cargo test --locked -p queunir-orchestrator --lib orc_01_never_two)
engines=(chromium headless_shell)
scenarios=(busy-seller mixed-generations hostile)
end=$((SECONDS + ${MINUTES:-30} * 60))
runs=0
while [ "$SECONDS" -lt "$end" ]; do
    seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
    QN_ENGINE=${engines[runs % 2]} QN_SCENARIO=${scenarios[runs / 2 % 3]} QN_SEED=$seed QN_IN=${IN:-2500} QN_OUT=${OUT:-60} \
        QN_FAULTS=${FAULTS:-14} QN_SPAN_MS=${SPAN_MS:-240000} QN_SETTLE_S=900 node --run test -- tests/loss.spec.ts
    QN_ROUNDS=10 node --run test -- _dies port_taken disk_full clock_steps
    runs=$((runs + 1))
done
echo "soak: $runs fault runs green in $((SECONDS / 60)) minutes"
