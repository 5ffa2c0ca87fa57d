/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of a fence share among themselves.
 *
 * Owns: nothing but the declarations.
 */
#ifndef WGF_FENCE_PARTS_H
#define WGF_FENCE_PARTS_H

#include "fence.h"

/* Of a configuration, for the interfaces as they are. */
int fence_compile(const struct fence *f, const struct config *c, struct wgf_policy *policy,
		  struct notes *notes, struct err *e);
int fence_refuse_conflict(const struct config *c, const struct notes *notes, struct err *e);
int fence_publish(struct fence *f, const struct config *c, const struct wgf_policy *policy,
		  struct err *e);

#endif
