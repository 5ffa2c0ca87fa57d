// SPDX-License-Identifier: GPL-2.0-only
/*
 * An outbox: the lines that one reader has not taken yet.
 *
 * Owns: the order of lines and counts. The data lies in one piece, so that one send takes all of
 * it; it is moved to the front only where a line does not fit behind it, which happens at most once
 * after each send.
 */
#include "outbox.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool append(struct outbox *b, const char *line, size_t len)
{
	size_t pending = b->end - b->begin;

	if (len > sizeof(b->data) - pending)
		return false;
	if (len > sizeof(b->data) - b->end) {
		memmove(b->data, b->data + b->begin, pending);
		b->begin = 0;
		b->end = pending;
	}
	memcpy(b->data + b->end, line, len);
	b->end += len;
	return true;
}

/* False where lines were lost that cannot be told yet. */
static bool tell_lost(struct outbox *b)
{
	char line[64];
	int len;

	if (!b->lost)
		return true;
	len = snprintf(line, sizeof(line), "{\"schema\":1,\"type\":\"lost\",\"count\":%llu}\n",
		       b->lost);
	if (!append(b, line, (size_t)len))
		return false;
	b->lost = 0;
	return true;
}

void outbox_put(struct outbox *b, const char *line, size_t len)
{
	if (!tell_lost(b) || !append(b, line, len))
		b->lost++;
}

const char *outbox_pending(const struct outbox *b, size_t *len)
{
	*len = b->end - b->begin;
	return b->data + b->begin;
}

void outbox_sent(struct outbox *b, size_t n)
{
	b->begin += n;
	if (b->begin == b->end)
		b->begin = b->end = 0;
	tell_lost(b);
}
