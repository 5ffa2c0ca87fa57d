/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The unix sockets that members may reach, as the kernel has them.
 *
 * Owns: which are named always, and the map of them. Must never admit for a moment what neither the
 * old nor the new configuration names.
 */
#ifndef WGF_NAMES_H
#define WGF_NAMES_H

#include <stdbool.h>

#include "config.h"

#define MAX_NAMES (WGF_MAX_NAMES + WGF_ALWAYS_NAMES)

struct names {
	unsigned n;
	struct config_name name[MAX_NAMES]; /* line 0: named always */
};

/* What a configuration admits: pure. */
void names_of_config(const struct config *c, struct names *ret);

bool names_have(const struct names *names, const struct wgf_name *name);

/* What the fence's map admits, in the order of the lines; empty where there is none. */
int names_read(const char *fence, struct names *ret, struct err *e);

/* Makes the map `fd` admit these and no other. For who holds the lock. */
int names_put(int fd, const struct names *names, struct err *e);

#endif
