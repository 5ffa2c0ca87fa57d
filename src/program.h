/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel says of a loaded program.
 *
 * Owns: telling whether two programs do the same, and which maps one reads. Must never change one.
 */
#ifndef WGF_PROGRAM_H
#define WGF_PROGRAM_H

#include <linux/bpf.h>
#include <stdbool.h>

#include "err.h"
#include "types.h"

/* The same code on the same maps? 1, 0, or -1 with errno where it cannot be told. */
int program_same(int a, int b);

/* The same code, on whatever maps? Likewise. */
int program_same_code(int a, int b);

/* What the kernel says of it, into room that `ret` names; -1 with errno, ENOENT where it is gone.
 */
int program_info(u32 prog_id, struct bpf_prog_info *ret);

/* A program that is gone meanwhile reads nothing. */
int program_reads(u32 prog_id, u32 map_id, bool *ret, struct err *e);

#endif
