/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arrays that grow one by one.
 *
 * Owns: how much room there is: it doubles whenever the number reaches a power of two, so that no
 * capacity needs to be kept.
 */
#ifndef WGF_GROW_H
#define WGF_GROW_H

#include <stddef.h>

#include "err.h"

/* The array with room for one element more behind n; NULL, and the array is as it was. */
void *grown(void *array, unsigned n, size_t size, struct err *e);

#endif
