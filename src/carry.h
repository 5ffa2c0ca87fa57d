/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeping the kernel's rules and routes in step with a policy, which has their numbers.
 *
 * Owns: what is added and removed, and in which order: what is led to comes before what leads
 * there, the new before the old goes. However it fails, nothing of a member leaves that would not
 * have: the programs do not ask for routes.
 */
#ifndef WGF_CARRY_H
#define WGF_CARRY_H

#include "route.h"

#define CARRY_TEXT 256

/* What of others is in the way of these numbers; "" where nothing is. */
int carry_check(const struct route_numbers *n, char ret[CARRY_TEXT], struct err *e);

/* Adds what is missing and removes what is too much, for a policy in force. */
int carry_put(const struct wgf_policy *p, struct err *e);

/* Removes all of these numbers, but for what the policy wants (NULL: nothing). */
int carry_end(const struct route_numbers *n, const struct wgf_policy *p, struct err *e);

/* Is all of it there? 1, 0, or -1 with e. `missing` says the first thing that is not. */
int carry_stands(const struct wgf_policy *p, char missing[CARRY_TEXT], struct err *e);

#endif
