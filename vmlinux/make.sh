#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Writes vmlinux.h to standard output, from a kernel's BTF:
#   vmlinux/make.sh [BTF]    (default: that of the running kernel)
#
# Without preserve_access_index on purpose: these are UAPI types, whose layout the kernel promises
# never to change, so the programs need no relocation and load on kernels that have no BTF.
set -eu
: "${BPFTOOL:=bpftool}"
btf=${1:-/sys/kernel/btf/vmlinux}
here=$(dirname "$0")
all=$(mktemp)
trap 'rm -f "$all"' EXIT

[ "$btf" = /sys/kernel/btf/vmlinux ] && origin="Linux $(uname -r)" || origin=$(basename "$btf")
"$BPFTOOL" btf dump file "$btf" format c >"$all"

cat <<HEAD
/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The kernel's types, as far as the programs name them (types.txt).
 *
 * Made by \`make vmlinux\`, never by hand:
 *   bpftool btf dump file $btf format c | trim.awk
 *   $origin, $(uname -m), $("$BPFTOOL" version | sed "s|.*/||; q")
 *
 * All of it is UAPI, the same on every kernel and architecture; hence no preserve_access_index.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__
HEAD
awk -f "$here/trim.awk" "$here/types.txt" "$all"
printf '\n#endif /* __VMLINUX_H__ */\n'
