/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The examination of a fence: what is known of it, and the areas that are looked at.
 *
 * Owns: the form between looking once (check.c) and the areas, one file check_AREA.c each. An area
 * adds a finding for each thing that it looked at, fine or not, and nothing for what does not apply
 * here. Must never change anything that lasts, nor send anything.
 */
#ifndef WGF_CHECK_H
#define WGF_CHECK_H

#include "cgroup.h"
#include "finding.h"
#include "inventory.h"
#include "standing.h"

#define CHECK_COMMAND (SHELL_WORD + 64)

struct check {
	struct report report;
	const char *name;
	struct standing standing; /* may not exist, nor be whole */
	struct err unread;	  /* why a fence that stands could not be read; "": it could */
	struct inventory inv;
	struct config config;
	bool configured; /* `config` could be used; else `unconfigured` says why not */
	struct err unconfigured;
	struct cgroup cgroup; /* that the links are on; fd -1: none, or it was removed */
	bool daemon;	      /* a `wgfence run` is at work on it */
	bool guarded; /* no interface lets out what bears a tunnel's address (check_fence()) */
	bool booted;  /* by systemd */
	const char *file_given; /* --config, which the daemon's unit does not know; NULL: none */
};

/* All that the areas share. `file` as for config_read(). */
int check_begin(const char *name, const char *file, struct check *ret, struct err *e);
void check_end(struct check *c);

/* The daemon's unit, as a word for a shell. */
const char *check_daemon_unit(const struct check *c, char ret[SHELL_WORD]);

/* Mends the finding that was added last: puts in place again what is missing. */
void check_mend_put_back(struct check *c);

/* The same, by an edit of the configuration in the words of sed(1), without a quote in them; the
 * daemon of a unit takes it anew. None where there is no configuration. */
void check_mend_config(struct check *c, const char *edit);

/* The policy in force, or NULL where none is. */
const struct wgf_policy *check_policy(const struct check *c);

/* The areas, in the order in which they are told. */
void check_fence(struct check *c);
void check_twins(struct check *c);
void check_calls(struct check *c);
void check_members(struct check *c);
void check_unit(struct check *c);
void check_kernel(struct check *c);
void check_tunnel(struct check *c);
void check_route(struct check *c);
void check_names(struct check *c);
void check_filter(struct check *c);
void check_tc(struct check *c);
void check_redirect(struct check *c);

#endif
