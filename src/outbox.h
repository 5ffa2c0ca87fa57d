/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An outbox: the lines that one reader has not taken yet.
 *
 * Owns: which lines fit, and the exact count of those that did not. What comes out is whole lines
 * in order, with a line {"schema":1,"type":"lost","count":N} in the place of N that were lost.
 * Pure. Must never grow: a reader that does not read costs what it always costs.
 */
#ifndef WGF_OUTBOX_H
#define WGF_OUTBOX_H

#include <stddef.h>

#include "types.h"

#define OUTBOX_SIZE 65536

struct outbox {
	size_t begin, end; /* what is pending lies between them */
	u64 lost;	   /* not told yet; while there are any, nothing overtakes their count */
	char data[OUTBOX_SIZE];
};

/* A whole line, its '\n' included; kept or counted as lost. */
void outbox_put(struct outbox *b, const char *line, size_t len);

/* What is to be sent next; *len is 0 where nothing is pending. */
const char *outbox_pending(const struct outbox *b, size_t *len);

/* The first n bytes of it are gone: there may be room for the count of lost lines now. */
void outbox_sent(struct outbox *b, size_t n);

#endif
