/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where `wgfence top` has it from: the daemon's two sockets, or as root without a daemon the pins.
 *
 * Owns: the sockets. Never waits, and takes a bounded piece at a time, whatever comes.
 */
#ifndef WGF_TOP_SOURCE_H
#define WGF_TOP_SOURCE_H

#include <poll.h>

#include "top_model.h"

struct top_source {
	const char *fence;
	int state, events; /* -1: not connected */
	bool no_events;	   /* wanted */
	u64 asked;	   /* now_msec() of the last question */
	char *answer;	   /* what came of it so far */
	size_t len, room;
	size_t have; /* of the begin of a line of events */
	char data[32768];
	struct err e; /* why there is nothing; code EXIT_FINE where there is */
};

int top_source_open(struct top_source *s, const char *fence, struct err *e);
void top_source_close(struct top_source *s);

/* Asks anew where it is time. True where a state came, from the pins. */
bool top_source_tick(struct top_source *s, u64 now, struct top *t);

/* Two descriptors to wait for; -1 where there is none. */
void top_source_wait(const struct top_source *s, struct pollfd fds[2]);

/* What is there. True where a state came. */
bool top_source_take(struct top_source *s, struct top *t);

#endif
