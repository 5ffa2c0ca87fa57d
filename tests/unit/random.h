/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers that can be had again.
 *
 * Owns: the generator (splitmix64), its seed (TEST_SEED, else a new one, printed either way) and
 * how many rounds are run (the test's own number, divided by TEST_SHORTER where that is set).
 */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "types.h"

static u64 random_state;

static inline u64 random_u64(void)
{
	u64 z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* 0 .. n-1 */
static inline u32 random_below(u32 n)
{
	return (u32)((random_u64() >> 32) * n >> 32);
}

static inline int one_in(u32 n)
{
	return random_below(n) == 0;
}

static inline u64 random_seed(void)
{
	const char *given = getenv("TEST_SEED");
	u64 seed = given ? strtoull(given, NULL, 0) : 0;

	if (!given && getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		abort();
	printf("# TEST_SEED=%llu\n", seed);
	return random_state = seed;
}

static inline unsigned rounds(unsigned usual)
{
	const char *divisor = getenv("TEST_SHORTER");
	unsigned n = divisor ? (unsigned)strtoul(divisor, NULL, 0) : 1;

	return usual / (n ? n : 1);
}

#endif
