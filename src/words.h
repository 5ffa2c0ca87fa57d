/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reasons, hooks and families as words.
 *
 * Owns: the tables made from include/reasons.h. Pure.
 */
#ifndef WGF_WORDS_H
#define WGF_WORDS_H

#include <stdbool.h>

#include "counters.h"
#include "reasons.h"

struct reason {
	const char *name, *label, *text, *sentence;
	bool allows;
	unsigned where; /* 1 << enum wgf_hook */
};

extern const struct reason reasons[WGF_N_REASONS];

/* egress, ingress, connect, bind, socket, setsockopt, unix, guard */
const char *hook_label(enum wgf_hook hook);
const char *family_label(enum wgf_family family); /* unknown, ipv4, ipv6 */

/* The same, but that what has no family at the hook for unix sockets is theirs: unix. */
const char *family_label_at(enum wgf_hook hook, enum wgf_family family);

/* The way back: -1 where there is no such word. `unix` is of no family. */
int hook_by_label(const char *label);
int family_by_label(const char *label);
int reason_by_label(const char *label);

bool hook_is_packet(enum wgf_hook hook);
/* Unix sockets and options of packet sockets are of neither; what else is of unknown family is not
 * ordinary. */
bool reason_has_family(enum wgf_reason reason, enum wgf_hook hook, enum wgf_family family);

#endif
