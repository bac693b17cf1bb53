#!/usr/bin/env bash
# Runs a command beside a Docker engine of its own, both in a network without an uplink: ports that the engine publishes
# on loopback are reached, the machine's own engine, network and firewall are neither seen nor touched.
#
# Network, mounts and processes are namespaces that end with this script, also when it is killed; containers, networks and
# volumes end with them. Images stay in a folder that one engine at a time uses: engine-1, engine-2, ... in QN_DOCKER_CACHE
# (default ~/.cache/queunir/docker). The engine's log of a start that failed is printed; QN_DOCKER_LOG=FILE keeps any.
#
# usage: scripts/with-docker.sh [--uplink] CMD...    exports DOCKER_HOST; ends as CMD does, or with 69 where it cannot run
#   --uplink   lets containers out through a user-mode network; for building images, never for tests
set -euo pipefail

unavailable() {
    echo "with-docker: $*" >&2
    exit 69
}

remove_groups() { # control groups of this name, of every kind
    find /sys/fs/cgroup -maxdepth 2 -type d -name "$1" 2>/dev/null | while read -r folder; do
        find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
}

# From here to `outside`: pid 1 of the namespaces.

start_uplink() {
    # From the network that the script was started in, which descriptor 8 names.
    setsid nsenter --net=/proc/self/fd/8 slirp4netns --configure --disable-host-loopback --netns-type=path --ready-fd=7 /proc/1/ns/net up0 \
        7>"$work/uplink" >"$work/uplink.log" 2>&1 9>&- &
    wait_for "the uplink" "$!" "$work/uplink.log" test -s "$work/uplink"
}

start_engine() {
    local options=()
    [ -z "$uplink" ] || options=(--dns=10.0.2.3)
    echo '{}' >"$work/daemon.json"
    # In a session of its own: Ctrl-C is for the command, the engine ends after its containers are gone.
    setsid dockerd --config-file="$work/daemon.json" --host="$DOCKER_HOST" --data-root="$data" --exec-root="$work/exec" \
        --pidfile="$work/pid" --exec-opt=native.cgroupdriver=cgroupfs --cgroup-parent="/$group" "${options[@]}" \
        >"$log" 2>&1 8>&- &
    engine=$!
    wait_for "the engine" "$engine" "$log" docker version
}

wait_for() { # name, pid, log, condition...
    local name=$1 pid=$2 file=$3 end=$((SECONDS + 60))
    shift 3
    until "$@" >/dev/null 2>&1; do
        if ! kill -0 "$pid" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
            tail -n 30 "$file" >&2
            unavailable "$name did not start"
        fi
        sleep 0.05
    done
}

# What an earlier run left: everything but images.
clear_engine() {
    docker container ls --all --quiet | xargs --no-run-if-empty docker container rm --force --volumes >/dev/null
    docker volume ls --quiet | xargs --no-run-if-empty docker volume rm --force >/dev/null
    docker image prune --force >/dev/null
}

end_inside() {
    local status=$?
    trap '' INT TERM
    trap - EXIT
    [ -z "${command:-}" ] || kill -TERM "$command" 2>/dev/null || true
    if [ -n "${engine:-}" ] && kill -0 "$engine" 2>/dev/null; then
        docker container ls --all --quiet 2>/dev/null | xargs --no-run-if-empty docker container rm --force --volumes >/dev/null 2>&1 || true
        kill -TERM "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
    fi
    remove_groups "$group"
    exit "$status"
}

inside() { # work folder, data folder, log, name of the control group, whether with an uplink, command...
    work=$1 data=$2 log=$3 group=$4 uplink=$5
    shift 5
    trap end_inside EXIT
    trap 'exit 143' TERM
    ip link set lo up
    # Both places are used by every engine, whatever it is told.
    for place in /run/docker /run/containerd; do
        mkdir -p "$place"
        mount -t tmpfs -o mode=711 tmpfs "$place"
    done
    rm -rf "$data/network" "$data/swarm"
    unset DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION
    export DOCKER_HOST="unix://$work/docker.sock" DOCKER_CONFIG="$work/config"
    [ -z "$uplink" ] || start_uplink
    start_engine
    clear_engine
    # In the background, because bash attends to signals only while it waits; with the signals a foreground command has.
    env --default-signal=INT,QUIT "$@" <&0 6>&- 7>&- 8>&- 9>&- &
    command=$!
    local status=0
    wait "$command" || status=$?
    command=
    exit "$status"
}

# From here on: the caller's side.

check_machine() {
    [ "$(id -u)" -eq 0 ] || unavailable "needs root, for namespaces and an engine"
    local program missing=()
    for program in dockerd containerd runc docker iptables nft ip unshare nsenter setpriv ${uplink:+slirp4netns}; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    [ ${#missing[@]} -eq 0 ] ||
        unavailable "these programs are missing: ${missing[*]}; scripts/setup.sh docker.io nftables${uplink:+ slirp4netns} installs them"
    unshare --net --pid --mount --fork true 2>/dev/null || unavailable "this machine allows no namespaces"
}

# The first folder of images that no engine uses; locked as long as descriptor 9 is open anywhere.
take_data() {
    local cache=${QN_DOCKER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/queunir/docker} number=1
    mkdir -p "$cache"
    while :; do
        exec 9>"$cache/engine-$number.lock"
        flock --nonblock 9 && break
        number=$((number + 1))
    done
    data="$cache/engine-$number"
    mkdir -p "$data"
}

# What a script that was killed could not take away: its folder, and the control groups that are named like it.
sweep() {
    local folder
    for folder in /tmp/queunir-engine.*; do
        if [ -e "$folder/alive" ] && flock --nonblock "$folder/alive" true; then
            remove_groups "queunir-engine-${folder#*.}"
            rm -rf "$folder"
        fi
    done
}

# The folder of this run; `alive` in it is locked as long as descriptor 6 is open anywhere, in whatever namespace.
make_work() {
    local unlocked
    unlocked=$(mktemp -d /tmp/new-queunir-engine.XXXXXX)
    exec 6>"$unlocked/alive"
    flock 6
    work=/tmp/queunir-engine.${unlocked#*.}
    mv "$unlocked" "$work"
    mkdir "$work/config"
}

outside() {
    uplink=
    if [ "${1:-}" = --uplink ]; then
        uplink=yes
        shift
    fi
    [ $# -gt 0 ] || { echo "usage: scripts/with-docker.sh [--uplink] CMD..." >&2; exit 2; }
    check_machine
    sweep
    take_data
    make_work
    trap 'rm -rf "$work"' EXIT
    exec 8</proc/self/ns/net
    # The chain ends as one: killing this script ends `unshare`, which ends pid 1, which ends everything else inside.
    setpriv --pdeathsig KILL unshare --net --pid --mount --propagation slave --mount-proc --fork --kill-child=KILL \
        bash "$0" --inside "$work" "$data" "${QN_DOCKER_LOG:-$work/engine.log}" "queunir-engine-${work#*.}" "$uplink" "$@" <&0 &
    local namespaces=$! status=0
    exec 8<&- 9>&-
    trap 'kill -TERM $(cat "/proc/$namespaces/task/$namespaces/children") 2>/dev/null || true' INT TERM HUP
    while :; do
        status=0
        wait "$namespaces" || status=$?
        kill -0 "$namespaces" 2>/dev/null || break
    done
    exit "$status"
}

if [ "${1:-}" = --inside ]; then
    shift
    inside "$@"
else
    outside "$@"
fi
