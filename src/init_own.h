/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a unit says of itself: the assignments in its files, our own drop-in left out.
 *
 * Owns: reading unit files as systemd does, as far as single keys go. The service manager's answer
 * would not do: once our drop-in is loaded it cannot tell what was tight before, and `init`, run
 * again, would find nothing left to tighten and take its own lines out. Pure.
 */
#ifndef WGF_INIT_OWN_H
#define WGF_INIT_OWN_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"

/* Each value of a key, in order, resets (empty values) included. `texts` are whole files. */
int own_values(const struct list *texts, const char *section, const char *key, struct list *ret,
	       struct err *e);

/* The last value; false where there is none, or where it is empty. */
bool own_last(const struct list *texts, const char *section, const char *key, char *ret,
	      size_t size);

/* A list such as RestrictAddressFamilies=: the first value decides which kind it is. */
enum own_kind { OWN_NONE, OWN_ALLOWS, OWN_DENIES };
int own_list(const struct list *texts, const char *key, struct list *ret, enum own_kind *kind,
	     struct err *e);

/* False for what systemd takes for no, and for nothing at all. */
bool own_is_on(const char *value);
/* True for what systemd takes for yes, and nothing else. */
bool own_is_yes(const char *value);

#endif
