/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hooks, for proofs about all of them.
 *
 * Owns: which facts a hook can gather.
 */
#ifndef WGF_PROVE_HOOKS_H
#define WGF_PROVE_HOOKS_H

#include "prove.h"

/* Where reasons.h says that a reason can occur. */
enum {
	E = 1 << WGF_EGRESS,
	I = 1 << WGF_INGRESS,
	C = 1 << WGF_CONNECT,
	B = 1 << WGF_BIND,
	S = 1 << WGF_SOCK_CREATE,
	O = 1 << WGF_SETSOCKOPT,
	U = 1 << WGF_UNIX,
	G = 1 << WGF_GUARD
};

/* connect_call() in bpf/fence.bpf.c turns the unspecified address into this host's. */
static inline struct wgf_facts any_at(u32 hook)
{
	struct wgf_facts f = nondet_facts();

	assume(hook < WGF_N_HOOKS);
	if (hook == WGF_EGRESS || hook == WGF_INGRESS) {
		assume(is_packet(&f));
		return f;
	}
	f.problem = 0;
	if (hook == WGF_CONNECT) {
		f.family = wgf_is_v4(&f.remote) ? WGF_IPV4 : WGF_IPV6;
		wgf_this_host(&f.remote);
	}
	return f;
}

#endif
