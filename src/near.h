/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How near a word is to another.
 *
 * Owns: the measure by which an error names the word that was probably meant. Pure.
 */
#ifndef WGF_NEAR_H
#define WGF_NEAR_H

#include <stddef.h>

#define NEAR_MAX 64 /* longer than any word of ours */

/* Letters to put in, take out or change; UINT_MAX where one of them is not shorter than NEAR_MAX.
 */
unsigned near_distance(const char *word, size_t len, const char *known);

#endif
