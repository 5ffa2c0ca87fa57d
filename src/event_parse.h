/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of the event stream, read back.
 *
 * Owns: which keys a line of each type must have, and what they may hold (wgfence-events(7)). Pure;
 * takes hostile input. Keys that it does not know are passed over: schema 1 may gain some.
 */
#ifndef WGF_EVENT_PARSE_H
#define WGF_EVENT_PARSE_H

#include "event_print.h"
#include "json_flat.h"

enum line_type { LINE_WRONG, LINE_EVENT, LINE_HELLO, LINE_LOST, LINE_REFUSED };

struct event_line {
	struct told told;	 /* event; of the others told.fence alone */
	u64 lost;		 /* lost: how many */
	char message[FLAT_TEXT]; /* refused: why; hello: the daemon's version */
};

/* Without its '\n'. *ret is only of use where the line is not wrong. */
enum line_type event_parse(const char *line, size_t len, struct event_line *ret);

#endif
