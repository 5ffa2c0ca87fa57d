/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking at the machine for `init`.
 *
 * Owns: where each finding comes from, and what is said of it. Must never write anything.
 */
#ifndef WGF_INIT_FIND_H
#define WGF_INIT_FIND_H

#include "init_findings.h"
#include "init_unit.h"
#include "inventory.h"

struct ask {
	const char *root;   /* before every path that is read or written; "" but in tests */
	const char *unit;   /* with .service */
	const char *name;   /* NULL: from the unit's */
	const char *tunnel; /* NULL: the only one that there is */
	bool replace;	    /* what the user edited, too */
	const char *binary;
};

/* A unit's name with .service behind where that is missing; false where it could be none. */
bool find_unit_name(const char *word, char *ret, size_t size);
/* The name that a fence would have after its unit. */
void find_default_name(const char *unit, char ret[FENCE_NAME_MAX + 1]);
/*
 * The name that it has: as asked for, else as the drop-in that is there says, else the default. An
 * error where both are there and differ: one unit has one fence.
 */
int find_fence_name(const struct ask *ask, const char *unit, char ret[FENCE_NAME_MAX + 1],
		    struct err *e);

/* The three files, in the order of writing. */
enum init_path { PATH_CONF, PATH_SLICE, PATH_DROPIN, N_PATHS };
#define PATH_OF_INIT (NAME_MAX + PATH_MAX)
void find_path(enum init_path which, const char *name, const char *unit, char ret[PATH_OF_INIT]);

int find_all(const struct ask *ask, const struct unit *u, const struct inventory *inv,
	     struct findings *ret, struct err *e);

/* Its parts, each of which may add notes. */
int find_tunnel(const struct ask *ask, const struct inventory *inv, struct findings *ret,
		struct err *e);
int find_client(const struct ask *ask, const struct unit *u, struct findings *ret, struct err *e);
/* Needs `qbittorrent`. */
int find_etc(const struct ask *ask, const struct unit *u, struct findings *ret, struct err *e);
int find_unit(const struct ask *ask, const struct unit *u, struct findings *ret, struct err *e);

#endif
