#!/usr/bin/env bash
# Copies what a slice needs from this root to another: packages that are named or that a kept program links, without
# documents, translations and what only other programs use. Ends with an error if a kept program misses a library.
#
# usage: trim.sh BROWSER_PACKAGE TARGET    runs as root inside the image that is built
set -euo pipefail

browser=$1 target=$2

# Kept, whoever links them. dash and coreutils are for a person who looks inside.
named=(base-files tzdata tini dash coreutils fontconfig-config fonts-liberation fonts-noto-color-emoji
    chromium-common "$browser")
# Opened by name while running: the cryptography of NSS.
named+=(libnss3)
# Of these packages nothing else is used.
single=(/usr/bin/setpriv /usr/lib/locale/C.utf8)

# GTK, Mesa and the LLVM of its software rendering are linked by nobody here and stay behind with their packages. These
# are inside kept packages, and headless Chromium does without.
excluded='^/usr/lib/chromium/(libVkLayer_khronos_validation\.so|libVkICD_mock_icd\.so|.*\.TOC$)
^/usr/lib/[^/]*/gconv/
^/usr/share/(applications|base-files|bash-completion|bug|doc|icons|info|lintian|locale|man|menu|metainfo|pixmaps|xml)/
^/usr/share/zoneinfo/right/
^/usr/(bin|sbin)/(chromium|iconvconfig|ldconfig.*|tini-static|tzselect|zdump|zic)$
^/etc/(apt|bash\.bashrc|chromium\.d|cron|default|dpkg|init\.d|issue|logrotate\.d|motd|pam\.d|profile|security|skel|update-motd\.d)'

# One name for each file: /bin, /lib and their like are links into /usr, and packages name their files either way.
merged() { sed -E 's,^/(bin|sbin|lib|lib32|lib64|libx32)/,/usr/\1/,'; }
either() { sed -E 'p; s,^/usr/(bin|sbin|lib|lib64)/,/\1/,'; }

files_of() { dpkg-query --listfiles "$@" | grep '^/' | merged | grep -vE "$excluded" | sort -u; }
owners() { { either | xargs dpkg-query --search 2>/dev/null || true; } | grep -v '^diversion' | sed -E 's/^([^:, ]+).*/\1/' | sort -u; }
is_elf() { [ -f "$1" ] && [ ! -L "$1" ] && head -c 4 "$1" | grep -aq ELF; }
libraries() {
    while IFS= read -r file; do
        if is_elf "$file"; then ldd "$file" 2>/dev/null || true; fi
    done | grep -oE '(/[^ ]+) \(0x' | cut -d' ' -f1 | grep -v '^/usr/lib/chromium/' | merged | sort -u
}

packages=$({ printf '%s\n' "${named[@]}"; printf '%s\n' "${single[@]}" | libraries | owners; } | sort -u)
known=
while [ "$packages" != "$known" ]; do
    known=$packages
    mapfile -t list <<<"$known"
    packages=$({ echo "$known"; files_of "${list[@]}" | libraries | owners; } | sort -u)
done
mapfile -t list <<<"$packages"

mkdir -p "$target"/usr/{bin,sbin,lib,lib64} "$target"/{dev,proc,sys,run/queunir,root} "$target/usr/share/queunir"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$target/$name"; done
mkdir -m 1777 "$target/tmp"
{
    files_of "${list[@]}" | grep -vE '^/(bin|sbin|lib|lib64|tmp|root)$'
    find "${single[@]}" /etc/{passwd,group,nsswitch.conf,localtime,timezone,fonts,ld.so.cache} /var/cache/fontconfig /usr/share/fonts
} | sort -u >/tmp/kept
tar --create --no-recursion --files-from=/tmp/kept 2>/dev/null | tar --extract --directory="$target" --same-owner --preserve-permissions

# What is inside, for people and for scanners.
mapfile -t partly < <(printf '%s\n' "${single[@]}" | owners)
dpkg-query --show --showformat='${Package} ${Version} ${Architecture}\n' "${list[@]}" "${partly[@]}" | sort >"$target/usr/share/queunir/packages.txt"
mkdir -p "$target/var/lib/dpkg"
for package in "${list[@]}" "${partly[@]}"; do dpkg-query --status "$package"; done >"$target/var/lib/dpkg/status"

missing=$(find "$target/usr" -type f \( -perm /111 -o -name '*.so*' \) | while IFS= read -r file; do
    if is_elf "$file"; then chroot "$target" /lib64/ld-linux-x86-64.so.2 --list "${file#"$target"}" 2>/dev/null || true; fi
done | grep 'not found' | sort -u || true)
[ -z "$missing" ] || { echo "trim: a kept program misses $missing" >&2; exit 1; }
