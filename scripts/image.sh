#!/usr/bin/env bash
# Builds the image of a slice, wank-slice:chromium (also :latest) or wank-slice:headless-shell, on the engine that answers.
# Where none does, it is built on an engine of its own and written to a file for `docker load`.
#
# The browser's part (deploy/docker/browser.Dockerfile) is kept and built anew when its files have changed or it is older
# than a week; it is the only part that needs the network. Where no registry is reached, its Debian is made here with
# debootstrap. Under scripts/with-docker.sh it is also kept as a file in QN_IMAGE_CACHE (default ~/.cache/queunir/images),
# so that engines without an uplink can load it.
#
# Ends with 69 where the base can be had in no way.
#
# usage: scripts/image.sh [--engine chromium|headless-shell] [--binary FILE] [--any-age] [--browser-only] [--save FILE]
#   --binary FILE   the executable to put in; the release build if not given
#   --any-age       the browser's part may be older than a week
set -euo pipefail

engine=chromium binary= save= any_age= browser_only=
while [ $# -gt 0 ]; do
    case $1 in
        --engine) engine=$2; shift ;;
        --binary) binary=$(realpath "$2"); shift ;;
        --save) save=$(realpath -m "$2"); shift ;;
        --any-age) any_age=yes ;;
        --browser-only) browser_only=yes ;;
        *) sed -n "/^# usage/,/^set/{/^#/p}" "$0" >&2; exit 2 ;;
    esac
    shift
done
case $engine in
    chromium) package=chromium ;;
    headless-shell) package=chromium-headless-shell ;;
    *) echo "image: there is no engine $engine" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."

cache=${QN_IMAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/queunir/images}
if ! docker version >/dev/null 2>&1; then
    echo "image: no Docker engine answers; building on one of its own"
    mkdir -p "$cache"
    exec scripts/with-docker.sh --uplink scripts/image.sh --engine "$engine" ${binary:+--binary "$binary"} ${any_age:+--any-age} \
        ${browser_only:+--browser-only} --save "${save:-$cache/wank-slice-$engine.tar}"
fi

key=$(cd deploy/docker && cat browser.Dockerfile trim.sh policies/* | sha256sum | cut -c1-12)
browser=queunir-browser:$engine-$key
kept=$cache/browser-$engine-$key.tar
table=$(mktemp -d)
trap 'rm -rf "$table"' EXIT

own_engine() { [[ ${DOCKER_HOST:-} == unix:///tmp/queunir-engine.* ]]; }

young() { # image
    local made
    made=$(docker image inspect --format '{{.Created}}' "$1" 2>/dev/null) || return 1
    [ -n "$any_age" ] || [ "$(date -d "$made" +%s)" -gt $(($(date +%s) - 7 * 86400)) ]
}

# Debian as the registry has it, named by its digest, or made here; sets base, base_name and base_digest.
take_base() {
    base_name=docker.io/library/debian:bookworm-slim
    if timeout 60 docker pull --quiet debian:bookworm-slim >/dev/null 2>&1; then
        base=$(docker image inspect --format '{{index .RepoDigests 0}}' debian:bookworm-slim)
        base_digest=${base#*@}
        return
    fi
    base=queunir-debian:bookworm base_name=debootstrap/bookworm
    if ! young "$base"; then make_base; fi
    base_digest=$(docker image inspect --format '{{.Id}}' "$base")
}

make_base() {
    echo "image: no registry is reached; making Debian with debootstrap"
    command -v debootstrap >/dev/null || { echo "image: scripts/setup.sh debootstrap installs what is missing" >&2; exit 69; }
    local root=$table/debian mirror
    mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
        sed -nE 's/^URIs: *//p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' | grep -E '/debian/?$' | sed -n 1p || true)
    [ -n "$mirror" ] || { echo "image: apt's sources name no Debian archive to take the base from" >&2; exit 1; }
    debootstrap --variant=minbase bookworm "$root" "$mirror" >"$table/log" 2>&1 || { tail -20 "$table/log" >&2; exit 69; }
    printf 'deb %s %s main\n' "$mirror" bookworm "$mirror" bookworm-updates \
        "${mirror%/debian*}/debian-security" bookworm-security >"$root/etc/apt/sources.list"
    tar -C "$root" --exclude='./dev/*' --exclude='./var/cache/apt/archives/*.deb' -c . | docker import - "$base" >/dev/null
    rm -rf "$root"
}

build_browser() {
    take_base
    echo "image: building $browser on $base_name $base_digest"
    local proxies=() name
    for name in http_proxy https_proxy no_proxy; do
        [ -z "${!name:-}" ] || proxies+=(--build-arg "$name=${!name}")
    done
    docker build --no-cache --build-arg "BASE=$base" --build-arg "BASE_NAME=$base_name" --build-arg "BASE_DIGEST=$base_digest" \
        --build-arg "PACKAGE=$package" --build-arg "ENGINE=$engine" "${proxies[@]}" \
        --tag "$browser" --file deploy/docker/browser.Dockerfile deploy/docker >"$table/log" 2>&1 || { tail -40 "$table/log" >&2; exit 1; }
    docker image prune --force --filter label=queunir.stage=whole >/dev/null
    if own_engine; then
        mkdir -p "$cache"
        docker save "$browser" >"$kept.$$"
        rm -f "$cache/browser-$engine-"*.tar
        mv "$kept.$$" "$kept"
    fi
}

if ! young "$browser"; then
    if own_engine && [ -e "$kept" ]; then docker load --quiet --input "$kept" >/dev/null; fi
    young "$browser" || build_browser
fi
[ -z "$browser_only" ] || exit 0

binary=${binary:-$(scripts/target-dir.sh)/release/queunir}
[ -x "$binary" ] || { echo "image: there is no executable $binary; make build-release builds it" >&2; exit 1; }
mkdir "$table/context"
strip --strip-debug -o "$table/context/queunir" "$binary"
chmod 755 "$table/context/queunir"
version=$("$binary" --version | cut -d' ' -f2)
revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
inside=(docker run --rm --network none --read-only --user 200001:200001 --cap-drop ALL)
chromium=$("${inside[@]}" "$browser" cat /usr/share/queunir/packages.txt | sed -n "s/^$package \([^ ]*\) .*/\1/p")
docker build --quiet --network none --build-arg "BROWSER=$browser" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
    --build-arg "CHROMIUM=$chromium" --tag "wank-slice:$engine" --file deploy/docker/Dockerfile "$table/context" >/dev/null 2>"$table/log" ||
    { tail -20 "$table/log" >&2; exit 1; }
[ "$engine" != chromium ] || docker tag wank-slice:chromium wank-slice:latest
# An executable that was built on a newer system than the image's ends here.
"${inside[@]}" "wank-slice:$engine" queunir slice --help >/dev/null || { echo "image: the executable does not run inside" >&2; exit 1; }
docker image inspect --format "image: wank-slice:$engine is {{.Id}}, {{.Size}} bytes, Chromium $chromium" "wank-slice:$engine"
if [ -n "$save" ]; then
    docker save "wank-slice:$engine" $([ "$engine" != chromium ] || echo wank-slice:latest) >"$save"
    echo "image: written to $save; docker load --input $save"
fi
