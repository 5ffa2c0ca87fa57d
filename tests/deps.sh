#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs what is missing, on Debian as root; else says what is missing, and fails.
#   tests/deps.sh          for `make test`
#   tests/deps.sh demo     for `make demo`
#   tests/deps.sh check    for `make check`
#   tests/deps.sh vm       for `make test-vm`
#
# Owns: the list of packages. Does nothing, and needs neither root nor network, when all is there.
set -euo pipefail
BUILD=$(cd "${0%/*}/.." && pwd)/build
DEBS=$BUILD/debs
UNPACKED=$BUILD/prometheus

# To build: README.md has the same.
for_build=(gcc libc6-dev make clang bpftool pkg-config
	libbpf-dev libelf-dev zlib1g-dev libmnl-dev libsystemd-dev libncurses-dev)
# And for the lab of network namespaces.
for_lab=("${for_build[@]}" libcmocka-dev
	iproute2 mount procps wireguard-go wireguard-tools)
# One client is all that a swarm needs: it has a tracker built in.
for_demo=("${for_lab[@]}" qbittorrent-nox mktorrent curl nftables)
for_test=("${for_demo[@]}" systemd dbus dnsmasq-base passwd tmux jq zsh fish)
# Not installed, where they would start services and take over names: laid into a machine of the tests.
for_inside=(systemd-resolved libnss-resolve nscd transmission-daemon transmission-cli)
# Each a program that needs nothing but libc: unpacked to build/prometheus, and run from there.
for_unpacking=(prometheus prometheus-node-exporter)
for_machines=(qemu-system-x86 busybox-static xz-utils debian-archive-keyring mmdebstrap e2fsprogs)
for_vm=("${for_lab[@]}" "${for_machines[@]}")
for_check=(clang clang-format clang-tidy cppcheck mandoc shellcheck)

# What the packages are for, where there is no dpkg to ask.
commands_there() {
	local command missing=()

	PATH=$PATH:/usr/sbin:/sbin
	for command in cc clang bpftool pkg-config ip wireguard-go wg \
		qbittorrent-nox mktorrent curl nft systemd-run dbus-daemon dnsmasq useradd tmux jq zsh fish; do
		command -v "$command" >/dev/null || missing+=("$command")
	done
	command -v pkg-config >/dev/null &&
		for command in libbpf libelf zlib libmnl libsystemd ncursesw cmocka; do
			pkg-config --exists "$command" || missing+=("$command (pkg-config)")
		done
	if ((${#missing[@]})); then
		printf >&2 'deps: not there: %s\n' "${missing[@]}"
		echo >&2 "deps: this is not Debian; install them, and libFuzzer (compiler-rt) for clang"
		return 1
	fi
}

installed() {
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		sed -n 's/^installed //p'
}

missing() {
	comm -23 <(printf '%s\n' "$@" | sort) <(installed "$@" | sort)
}

install() {
	apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends -y "$@" >/dev/null
}

# need PACKAGE...: there afterwards, or we fail.
need() {
	local wanted

	mapfile -t wanted < <(missing "$@")
	((${#wanted[@]})) || return 0
	if [[ $EUID -ne 0 ]]; then
		echo >&2 "deps: not installed; as root: apt-get install ${wanted[*]}"
		return 1
	fi
	echo "deps: installing ${wanted[*]}"
	export DEBIAN_FRONTEND=noninteractive
	install "${wanted[@]}" 2>/dev/null || { apt-get -qq update && install "${wanted[@]}"; }
}

fetched() {
	local package

	for package; do
		compgen -G "$DEBS/${package}_*.deb" >/dev/null || return 1
	done
}

# fetch PACKAGE...: with what they need and is not installed, to build/debs.
fetch() {
	fetched "$@" && return
	mkdir -p "$DEBS/partial"
	echo "deps: fetching $*"
	apt-get -qq -y --download-only --reinstall --no-install-recommends -o "Dir::Cache::archives=$DEBS" \
		install "$@" >/dev/null 2>&1 && fetched "$@"
}

# unpack PACKAGE...: without what they need.
unpack() {
	local deb

	[[ -x $UNPACKED/usr/bin/promtool && -x $UNPACKED/usr/bin/prometheus-node-exporter ]] && return
	mkdir -p "$UNPACKED"
	echo "deps: fetching $*"
	(cd "$UNPACKED" && apt-get -qq download "$@" >/dev/null 2>&1) || return
	for deb in "$UNPACKED"/*.deb; do
		dpkg-deb -x "$deb" "$UNPACKED" && rm "$deb" || return
	done
}

case ${1:-} in
check) packages=("${for_check[@]}") ;;
demo) packages=("${for_demo[@]}") ;;
vm) packages=("${for_vm[@]}") ;;
*) packages=("${for_test[@]}") ;;
esac
if ! command -v dpkg-query >/dev/null; then
	commands_there
	exit
fi
need "${packages[@]}"
# The runtime of libFuzzer and the sanitizers has clang's version in its name.
[[ ${1:-} == check || ${1:-} == demo ]] || need "libclang-rt-$(clang -dumpversion | cut -d . -f 1)-dev"
# Without these one suite is skipped, and says so.
if [[ -z ${1:-} ]]; then
	if [[ $EUID -eq 0 ]] && ! fetch "${for_inside[@]}"; then
		{ apt-get -qq update && fetch "${for_inside[@]}"; } ||
			echo >&2 "deps: cannot be had, and tests need them: ${for_inside[*]}"
	fi
	unpack "${for_unpacking[@]}" ||
		{ apt-get -qq update && unpack "${for_unpacking[@]}"; } ||
		echo >&2 "deps: cannot be had, and net/90 needs them: ${for_unpacking[*]}"
	need "${for_machines[@]}" || echo >&2 "deps: no virtual machine will be run"
fi
