/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the program itself costs: the loaded one, run by the kernel on a packet that it allows
 * through the tunnel (BPF_PROG_TEST_RUN).
 */
#ifndef BENCH_INSIDE_H
#define BENCH_INSIDE_H

#include "sender.h"

/* Nanoseconds of this thread's CPU time, for one run. */
double inside_sample(int program, enum family family);

#endif
