/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Medians: of samples, and of their differences, in which what slowly drifts (heat, neighbours)
 * cancels out. And other quantiles.
 */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#define MAX_SAMPLES 20000

struct series {
	unsigned n;
	double at[MAX_SAMPLES]; /* what has the same index was taken close together in time */
};

/* The median, and between which bounds it lies with a confidence of 95 %. */
struct median {
	double is, low, high;
};

struct median median_of(const struct series *s);
struct median median_of_difference(const struct series *a, const struct series *b);

/* The least sample that is not less than this part of all, 0 to 1. */
double quantile_of(const struct series *s, double q);

/* A line of a report: the median, and what it adds to `against`, where that is another series. */
void print_series(const char *name, const struct series *s, const struct series *against);

#endif
