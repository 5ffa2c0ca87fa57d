/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How members find names: the resolv.conf and nsswitch.conf that a fenced unit sees.
 *
 * Owns: both files, in /run/wgfence/NAME, and what is in them: the tunnel's resolvers, and no
 * helper outside of the unit. A unit sees them by a bind mount, which holds the file itself and not
 * its name: so they are written in place, never renamed over, and never empty for a moment.
 */
#ifndef WGF_RESOLVER_H
#define WGF_RESOLVER_H

#include "config.h"

#define RESOLVER_CONF	"resolv.conf"
#define RESOLVER_SWITCH "nsswitch.conf"

/* What resolv.conf says for this configuration; `size` is enough at RESOLVER_MAX. */
#define RESOLVER_MAX 1024
void resolver_text(const struct config *c, char *ret, size_t size);

/* Writes both where they differ from what they should be. `dir` is RUN_DIR. */
int resolver_write(const char *dir, const struct config *c, struct err *e);

/* Are both what they should be? */
bool resolver_stands(const char *dir, const struct config *c);

int resolver_remove(const char *dir, const char *name, struct err *e);

#endif
