// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs of bpf/fence.bpf.c, told that of no packet anything is linear.
 *
 * Owns: nothing but that lie. A test run hands over linear packets only, so that the copying way
 * would else be tested with the shortest ones alone.
 */
#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define data_end data
#include "../../bpf/fence.bpf.c" // NOLINT(bugprone-suspicious-include): the programs themselves
