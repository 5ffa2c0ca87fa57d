/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A unit as the service manager knows it.
 *
 * Owns: the dialogue with systemd over the system bus. Must never change a unit; unit_reload() only
 * has the manager read its files again.
 */
#ifndef WGF_INIT_UNIT_H
#define WGF_INIT_UNIT_H

#include <stdbool.h>

#include "list.h"

struct unit {
	char id[256]; /* its name, also where it was asked for by an alias */
	char *load_state, *fragment, *user, *active, *netns_path;
	char *slice;
	char *control_group; /* inside cgroup2; empty where it does not run */
	bool private_network, dynamic_user, needs_reload;
	struct list dropins, requires, binds_to, triggered_by, environment, environment_files;
	struct list exec, exec_pre; /* the words of all its ExecStart=, ExecStartPre= */
};

/* `name` ends with .service. Loads it where it is not. One that does not exist, or is masked or
 * broken, is an error. */
int unit_read(const char *name, struct unit *ret, struct err *e);
void unit_free(struct unit *u);

/* Does one of its ExecStartPre= have these two words, one behind the other? */
bool unit_has_gate(const struct unit *u, const char *word, const char *next);

int unit_reload(struct err *e);

#endif
