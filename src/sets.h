/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sets of maps of a fence: this layout's, and while one takes over from the other, a former's.
 *
 * Owns: what has been counted in all of them, without losing or doubling a count whenever somebody
 * is killed. The former maps count until the last link has a new program; then their sums are
 * copied, one store says that they are, and only then are they removed.
 */
#ifndef WGF_SETS_H
#define WGF_SETS_H

#include "counters.h"
#include "err.h"

/* All that the fence has counted. EXIT_NOT_ENFORCED where the counters are lost. */
int sets_read(const char *fence, struct wgf_counters *ret, struct err *e);

/* Pins the legend, where it is not there yet. For who holds the lock. */
int sets_describe(const char *fence, struct err *e);

/*
 * Carries over what former layouts counted, and removes their maps. No link may use these, nor a
 * guard on an interface.
 */
int sets_carry(const char *fence, struct err *e);

#endif
