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

/*
 * False where lines were lost that cannot be told yet: not with room for `more` behind, or a line
 * that is lost in its turn would want a count of its own.
 */
static bool tell_lost(struct outbox *b, size_t more)
{
	char line[64];
	size_t room = sizeof(b->data) - (b->end - b->begin), len;

	if (!b->lost)
		return true;
	len = (size_t)snprintf(line, sizeof(line),
			       "{\"schema\":1,\"type\":\"lost\",\"count\":%llu}\n", b->lost);
	if (more > room || len > room - more || !append(b, line, len))
		return false;
	b->lost = 0;
	return true;
}

/* A line of no length is one that could not be made. */
void outbox_put(struct outbox *b, const char *line, size_t len)
{
	if (!len || !tell_lost(b, len) || !append(b, line, len))
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
	tell_lost(b, 0);
}
