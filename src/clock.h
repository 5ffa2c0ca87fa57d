/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: the time by which waits end; it does not jump. */
#ifndef WGF_CLOCK_H
#define WGF_CLOCK_H

#include <time.h>

#include "types.h"

static inline u64 now_msec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

#endif
