/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy compiler: configuration and inventory in, policy out.
 *
 * Owns: what names mean on this machine. Pure: no I/O. Never admits more than the configuration
 * names; what does not fit or contradicts itself admits less, and says so in a note.
 */
#ifndef WGF_COMPILE_H
#define WGF_COMPILE_H

#include "config.h"
#include "inventory.h"
#include "policy.h"

enum note_kind {
	NOTE_ABSENT,   /* named, but not there now: admits nothing until it is */
	NOTE_OVERFLOW, /* did not fit: admits less */
	NOTE_CONFLICT, /* contradicts the tunnel or the resolver: withdrawn. An error at the start
			*/
	NOTE_WARNING,  /* in force, but the user should know */
};

struct note {
	enum note_kind kind;
	unsigned line; /* of the configuration */
	char text[256];
};

#define MAX_NOTES 64

struct notes {
	unsigned n, dropped; /* dropped: those that did not fit */
	struct note note[MAX_NOTES];
};

/*
 * `netns` is the cookie of the fence's network namespace, `cgroup` the id of its cgroup. generation
 * is left 0.
 */
void policy_compile(const struct config *c, const struct inventory *inv, u64 netns, u64 cgroup,
		    struct wgf_policy *ret, struct notes *ret_notes);

/* Fills p->fast from what p says. */
void policy_set_fast(struct wgf_policy *p);

/* Do both say the same, whenever they were published? */
bool policy_same(const struct wgf_policy *a, const struct wgf_policy *b);

/* The first conflict, or NULL: at the start of a fence it is an error. */
const struct note *notes_conflict(const struct notes *notes);

#endif
