/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events as lines: JSON for programs (wgfence-events(7)), text for people.
 *
 * Owns: what is told of a record of include/event.h, and what of it a hook does not know. Pure,
 * event_realtime_now() apart. Must never trust a name: a process chooses its own, with control
 * characters if it likes.
 */
#ifndef WGF_EVENT_PRINT_H
#define WGF_EVENT_PRINT_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "config.h"
#include "event.h"
#include "unix_text.h"

#define EVENT_LINE 1024 /* more than the longest JSON line, its end included */

/* A record, and what the kernel did not write into it. */
struct told {
	struct wgf_event event;
	struct timespec time; /* by the wall clock */
	char fence[FENCE_NAME_MAX + 1];
	char ifname[WGF_IFNAME]; /* "": not known, or a call */
};

/*
 * `ifname`: of event->ifindex; NULL where there is no such interface any more. False where the
 * record is none of this layout's.
 */
bool event_tell(const struct wgf_event *event, const char *fence, const char *ifname,
		struct timespec time, struct told *ret);

/* The wall clock's time of an instant `boottime`, by what both clocks say now. */
struct timespec event_realtime(u64 boottime, struct timespec boot_now, struct timespec real_now);
struct timespec event_realtime_now(u64 boottime);

/* One line each, its end included. */
void event_json(FILE *out, const struct told *t);
void event_text(FILE *out, const struct told *t, bool colour);

/* The same JSON line in a buffer; its length, without the final zero. */
size_t event_json_line(const struct told *t, char line[EVENT_LINE]);

/* Text as it is, but bytes that are no printable ASCII, and the backslash, as \xNN. */
void event_text_name(FILE *out, const char *name, size_t max);

/* Of the name of a unix socket what a record has, its end: see name_print(). */
const char *event_name(const struct wgf_event *e, char out[NAME_TEXT]);

/* What both forms leave out. */
bool event_knows_local(const struct wgf_event *e);
bool event_knows_remote(const struct wgf_event *e);
bool event_knows_who(const struct wgf_event *e);
size_t event_name_length(const struct wgf_event *e); /* of a unix socket's; 0: not known */

/* The way back from what those two said; false where they cannot have. */
bool event_set_name(struct wgf_event *e, const char *text, size_t len);
const char *event_protocol(u32 proto); /* NULL: it is told as a number */

#endif
