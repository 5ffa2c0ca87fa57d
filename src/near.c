// SPDX-License-Identifier: GPL-2.0-only
#include "near.h"

#include <limits.h>
#include <string.h>

/* Levenshtein's. */
unsigned near_distance(const char *word, size_t len, const char *known)
{
	unsigned row[NEAR_MAX];
	size_t n = strlen(known);

	if (n >= NEAR_MAX || len >= NEAR_MAX)
		return UINT_MAX;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; i <= len; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned best = diagonal + (word[i - 1] != known[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}
