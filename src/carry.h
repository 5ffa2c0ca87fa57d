/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeping the kernel's rules and routes in step with a policy.
 *
 * Owns: what is added and removed, and in which order: what is led to comes before what leads
 * there. However it fails, nothing leaves that would not have: the programs do not ask for routes.
 */
#ifndef WGF_CARRY_H
#define WGF_CARRY_H

#include "config.h"
#include "policy.h"

#define CARRY_TEXT 256

/* What of others is in the way of the configuration's numbers; "" where nothing is. */
int carry_check(const struct config *c, char ret[CARRY_TEXT], struct err *e);

/* Adds what is missing and removes what is too much, for a policy in force. */
int carry_put(const struct config *c, const struct wgf_policy *p, struct err *e);

/* Removes all of the fence whose members have this mark. */
int carry_end(u32 mark, u32 mask, struct err *e);

/* Is all of it there? 1, 0, or -1 with e. `missing` says the first thing that is not. */
int carry_stands(const struct config *c, const struct wgf_policy *p, char missing[CARRY_TEXT],
		 struct err *e);

#endif
