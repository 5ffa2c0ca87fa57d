// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fence without its ledger: drops and counts in silence. What the ledger costs is measured
 * against it.
 */
#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "ledger.h"

#define record(f, sk, hook, reason, mode, bytes) ((void)(sk))

#include "../../bpf/fence.bpf.c" // NOLINT(bugprone-suspicious-include): the programs themselves
