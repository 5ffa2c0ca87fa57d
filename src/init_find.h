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
	const char *binary;
};

/* The unit's with .service behind where it has no suffix; the fence's after it. */
void find_unit_name(const char *word, char *ret, size_t size);
void find_fence_name(const char *unit, char ret[FENCE_NAME_MAX + 1]);

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
int find_unit(const struct ask *ask, const struct unit *u, struct findings *ret, struct err *e);

#endif
