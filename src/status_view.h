/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `status` found, before it is shown.
 *
 * Owns: the form between looking (cmd_status.c) and the two ways of showing it.
 */
#ifndef WGF_STATUS_VIEW_H
#define WGF_STATUS_VIEW_H

#include "carry.h"
#include "guard.h"
#include "inventory.h"
#include "standing.h"
#include "status_flows.h"
#include "status_unix.h"

struct view {
	const char *name;
	struct standing standing;
	struct top_flows flows;
	struct unix_view unix_view;
	struct inventory inv;
	const char *tunnel; /* its name; "" where nobody knows it */
	bool tunnel_up;
	bool enforced;
	char path[PATH_MAX]; /* of the cgroup, where the configuration tells it */
	int carried; /* 1: rules and routes are there; 0: `uncarried` is not; -1: not asked */
	char uncarried[CARRY_TEXT];
	int names; /* 1: resolv.conf and nsswitch.conf are as they should be; -1: not asked */
	const struct config *c; /* NULL: could not be used */
	int guarded; /* 1: the guard is wherever it should be; 0: it is missing; -1: not asked */
	struct guard_standing guard;
	bool live;	   /* on the unit's own cgroup: until the next boot */
	char config[1024]; /* why the configuration could not be used; "" where it could */
};

/* Calls f for every counter that is not 0. */
void each_count(const struct view *v,
		void (*f)(int mode, int hook, int family, int reason, const struct wgf_count *c,
			  void *context),
		void *context);

void status_people(const struct view *v);
void status_json(const struct view *v);

#endif
