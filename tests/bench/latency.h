/* SPDX-License-Identifier: GPL-2.0-only */
/* How long `wgfence run` takes from a change of the tunnel to the first packet judged by it. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include <stdbool.h>

/* Measures so many changes of each kind, and reports; `carried`: with rules and routes, too. */
int latency_main(unsigned changes, bool carried);

#endif
