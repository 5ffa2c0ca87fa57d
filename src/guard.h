/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard of the interfaces: bpf/guard.bpf.c on each that is neither the tunnel nor loopback.
 *
 * Owns: where it should be, and keeping it there as interfaces come, go and become the tunnel. What
 * is held by the programs on the cgroup does not rest on it.
 */
#ifndef WGF_GUARD_H
#define WGF_GUARD_H

#include "err.h"
#include "policy.h"

#define GUARD_TEXT 256

/*
 * Puts it wherever the policy wants it, in the place of another program of the fence, and takes it
 * away from everywhere else. What fails on one interface is told, and the others are seen to.
 */
int guard_put(const char *fence, int prog, const struct wgf_policy *p, struct err *e);

/* Takes it away from everywhere. */
int guard_end(const char *fence, struct err *e);

/* Where it stands and reads the policy image that is asked for. */
struct guard_standing {
	unsigned n, n_tcx;	  /* interfaces; of these by tcx, the others by clsact */
	char missing[GUARD_TEXT]; /* one where it should and does not; "": there is none */
};

int guard_stands(const char *fence, u32 image_id, const struct wgf_policy *p,
		 struct guard_standing *ret, struct err *e);

#endif
