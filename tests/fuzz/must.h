/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: how a fuzzer says that something does not hold: it aborts, which libFuzzer takes for a
 * find. */
#ifndef WGF_FUZZ_MUST_H
#define WGF_FUZZ_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(condition)                                                                         \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                \
		}                                                                               \
	} while (0)

#endif
