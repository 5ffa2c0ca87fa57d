// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* By order statistics: the median's rank has a standard deviation of half the root of n. */
struct median median_of(const struct series *s)
{
	static struct series sorted;
	unsigned off = (unsigned)ceil(0.98 * sqrt(s->n)), middle = s->n / 2;

	sorted = *s;
	qsort(sorted.at, s->n, sizeof(sorted.at[0]), compare);
	return (struct median){.is = (sorted.at[(s->n - 1) / 2] + sorted.at[middle]) / 2,
			       .low = sorted.at[middle > off ? middle - off : 0],
			       .high = sorted.at[middle + off < s->n ? middle + off : s->n - 1]};
}

struct median median_of_difference(const struct series *a, const struct series *b)
{
	static struct series d;

	d.n = a->n < b->n ? a->n : b->n;
	for (unsigned i = 0; i < d.n; i++)
		d.at[i] = a->at[i] - b->at[i];
	return median_of(&d);
}

double quantile_of(const struct series *s, double q)
{
	static struct series sorted;
	unsigned rank = (unsigned)ceil(q * s->n);

	sorted = *s;
	qsort(sorted.at, s->n, sizeof(sorted.at[0]), compare);
	return sorted.at[rank > 0 ? rank - 1 : 0];
}

void print_series(const char *name, const struct series *s, const struct series *against)
{
	struct median d = median_of_difference(s, against);

	printf("    %-22s%8.1f", name, median_of(s).is);
	if (s != against)
		printf("   %+7.1f  %+7.1f to %+7.1f   %.3f", d.is, d.low, d.high,
		       1 + d.is / median_of(against).is);
	printf("\n");
}
