/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client while it is looked at: what find_client() and its parts share.
 *
 * Owns: nothing but the form.
 */
#ifndef WGF_INIT_CLIENT_H
#define WGF_INIT_CLIENT_H

#include "init_find.h"
#include "init_qbt.h"

struct client {
	const struct ask *ask;
	const struct unit *unit;
	struct list environment;
	struct qbt_places places;
	char home[PATH_MAX];
	char *conf; /* NULL: not there, or not readable */
	struct findings *f;
	struct err *e;
};

/* Needs `conf`. */
int client_paths(const struct client *c);
int client_note_paths(const struct client *c, const char *why);

#endif
