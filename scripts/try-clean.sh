#!/usr/bin/env bash
# Tries the README on a bare Debian: makes a new root at ROOT, clones the last commit into it, runs `make demo`, looks at
# the page, runs `make test`, and prints how long each step took.
#
# The root gets nothing from this machine but the Rust toolchain (read-only) and the package configuration: apt's sources,
# npm's settings, own certificate authorities, proxy variables. It shares the network; processes, mounts and files are its
# own. ROOT must not exist; it is left there with its logs and the screenshot.
#
# usage: scripts/try-clean.sh ROOT
set -euo pipefail
cd "$(dirname "$0")/.."

root=${1:?usage: scripts/try-clean.sh ROOT}
[ "$(id -u)" -eq 0 ] || { echo "try-clean: needs root, for debootstrap and a root of its own" >&2; exit 2; }
[ ! -e "$root" ] || { echo "try-clean: $root exists; name a new one" >&2; exit 2; }
command -v rustc >/dev/null || { echo "try-clean: there is no Rust toolchain to lend" >&2; exit 2; }
if ! command -v debootstrap >/dev/null; then
    echo "try-clean: installing debootstrap"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
fi

# Home inside.
home=/home/try
table=$(mktemp)
timed() { # title, command...
    local title=$1 start=$SECONDS result=ok
    shift
    echo "try-clean: $title"
    "$@" || result="failed ($?)"
    printf '| %s | %s s | %s |\n' "$title" $((SECONDS - start)) "$result" >>"$table"
    [ "$result" = ok ]
}

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'; }

mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
    sed -nE 's/^URIs: *//p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' | sed -n 1p || true)
[ -n "$mirror" ] || { echo "try-clean: apt has no source to take Debian from" >&2; exit 2; }
bare() { debootstrap --variant=minbase bookworm "$root" "$mirror" >"$table.log" 2>&1 || { tail -20 "$table.log"; return 1; }; }

lend() {
    mkdir -p "$root/opt/rust" "$root/source" "$root/logs" "$root$home"
    rm -f "$root/etc/apt/sources.list"
    cp -a /etc/apt/sources.list.d/*.sources /etc/apt/sources.list "$root/etc/apt/sources.list.d/" 2>/dev/null || true
    cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    for file in .npmrc .cargo/config.toml; do
        [ ! -e "$HOME/$file" ] || install -D "$HOME/$file" "$root$home/$file"
    done
    if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
        install -D -t "$root/usr/local/share/ca-certificates" /usr/local/share/ca-certificates/*.crt
    fi
}

# A command inside, as root, with processes and mounts that end with it. A root of its own and no mere chroot, because
# the browser's sandbox is refused in a chroot.
inside() {
    local lent=()
    while IFS= read -r name; do lent+=("$name=${!name}"); done < <(compgen -e |
        grep -iE '^(https?_proxy|no_proxy|ssl_cert_(file|dir)|node_extra_ca_certs|npm_config_.*|cargo_(http|net|registr).*)$')
    unshare --mount --pid --fork --kill-child bash -c '
        set -e
        root=$1 toolchain=$2 source=$3
        shift 3
        mount --make-rprivate /
        mount --bind "$root" "$root"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
        mount -t proc proc "$root/proc"
        mount --rbind -o ro /sys "$root/sys"
        mount --bind -o ro "$toolchain" "$root/opt/rust"
        mount --bind -o ro "$source" "$root/source"
        mkdir -p "$root/outside"
        cd "$root"
        pivot_root . outside
        umount -l /outside
        cd /
        exec "$@"' inside "$root" "$(rustc --print sysroot)" "$PWD" \
        env -i "HOME=$home" LANG=C.UTF-8 TERM=dumb PATH=/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        "${lent[@]}" "$@"
}

prerequisites() {
    inside sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        git make nodejs npm ca-certificates >/logs/prerequisites.log 2>&1' || { tail -20 "$root/logs/prerequisites.log"; return 1; }
    inside git -c safe.directory='*' clone -q /source "$home/queunir"
}

# From the command to a page that a browser shows; everything must be gone after Ctrl-C.
demo() {
    inside "QUEUNIR_SERVER__LISTEN=127.0.0.1:$app" "QUEUNIR_DEMO__LISTEN=127.0.0.1:$phone" bash -c '
        set -m
        cd "$HOME/queunir"
        start=$SECONDS
        make demo >/logs/demo.log 2>&1 &
        demo=$!
        until grep -q "Ctrl-C stops everything" /logs/demo.log; do
            kill -0 $demo 2>/dev/null || { tail -30 /logs/demo.log; exit 1; }
            sleep 1
        done
        echo "try-clean: the addresses were printed after $((SECONDS - start)) s"
        install -d -o 200001 -g 200001 /tmp/look
        HOME=/tmp/look setpriv --reuid=200001 --regid=200001 --clear-groups chromium --headless=new --window-size=1440,900 \
            --virtual-time-budget=5000 --screenshot=/tmp/look/page.png "http://localhost:${QUEUNIR_SERVER__LISTEN##*:}/" >/logs/look.log 2>&1
        cp /tmp/look/page.png /logs/page.png
        kill -INT -- -$demo
        wait $demo || true
        ! grep -hsE "queunir|postgres|chrom" /proc/[0-9]*/comm || { echo "try-clean: these are still there" >&2; exit 1; }'
}

run_tests() { inside bash -c 'cd "$HOME/queunir" && make test >/logs/test.log 2>&1' || { tail -40 "$root/logs/test.log"; return 1; }; }

commit=$(git rev-parse --short HEAD)
app=$(free_port) phone=$(free_port)
status=0
{
    timed "bare Debian (debootstrap, minbase)" bare &&
        timed "configuration lent" lend &&
        timed "git, make, Node.js, the clone" prerequisites &&
        timed "\`make demo\` until a browser shows the page, and Ctrl-C" demo &&
        timed "\`make test\`" run_tests
} || status=1

echo
echo "$(date -u +%F), commit $commit, $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg):  scripts/try-clean.sh ROOT"
echo
printf '| step | time | |\n| --- | --- | --- |\n'
cat "$table"
echo
echo "logs and the screenshot: $root/logs"
rm -f "$table" "$table.log"
exit $status
