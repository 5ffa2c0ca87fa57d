/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: how a fuzzer says that something does not hold: it aborts, which libFuzzer takes for a
 * find. */
#ifndef WGF_FUZZ_MUST_H
#define WGF_FUZZ_MUST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition)                                                                         \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                \
		}                                                                               \
	} while (0)

/* What is printed: one line, at its end, and printable. */
static inline bool is_line(const char *text)
{
	size_t len = strlen(text);

	if (!len || text[len - 1] != '\n')
		return false;
	for (size_t i = 0; i < len - 1; i++)
		if (text[i] < 0x20 || text[i] >= 0x7f)
			return false;
	return true;
}

#endif
