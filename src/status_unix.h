/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `status` says of unix sockets, and what a dry run does.
 *
 * Owns: its forms. Must never leave out a name that is admitted.
 */
#ifndef WGF_STATUS_UNIX_H
#define WGF_STATUS_UNIX_H

#include <stdio.h>

#include "names.h"
#include "standing.h"

struct unix_view {
	int wanted; /* by the configuration; -1 where it cannot be read */
	int hooks;  /* unix_hooks() */
	struct names names;
};

/* `c`: NULL where it cannot be read. */
int unix_look(const char *fence, const struct config *c, struct unix_view *ret, struct err *e);

void unix_people(FILE *out, const struct unix_view *v, const struct standing *s);
void unix_json(FILE *out, const struct unix_view *v, const struct standing *s);

/* As the configuration has it. */
void unix_print(FILE *out, const struct config *c);

#endif
