/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guard costs a packet of somebody else's, by an interface that it is on. */
#ifndef BENCH_GUARD_H
#define BENCH_GUARD_H

/* Takes so many samples with the guard and without, and reports. */
int guard_main(unsigned samples);

#endif
