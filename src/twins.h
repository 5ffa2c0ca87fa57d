/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Twins: the programs of a fence once more, on maps of their own, with a copy of a policy.
 *
 * Owns: loading them, telling whether they are what is attached, and running them on a packet by
 * BPF_PROG_TEST_RUN, which sends nothing. Nothing is attached or pinned: all of it ends with the
 * process, and the counters and the ledger of the fence are not touched.
 */
#ifndef WGF_TWINS_H
#define WGF_TWINS_H

#include "counters.h"
#include "links.h"
#include "load.h"

struct twins {
	struct fence_bpf *skel;
	int guard; /* -1: this kernel has none, see `no_guard` */
	struct err no_guard;
	struct wgf_counters *cpus; /* room for a reading */
};

/* The policy is run enforcing, whatever its mode. */
int twins_open(const struct wgf_policy *p, struct twins *ret, struct err *e);
void twins_close(struct twins *t);

/* Is the twin of this kind the same code as the program `prog_id`? 1, 0 or -1 with e. */
int twins_same(const struct twins *t, const struct link_kind *kind, u32 prog_id, struct err *e);

/*
 * Runs it on the frame, as if that left or came by the interface: does it pass, and under which
 * reason? WGF_CALL where nothing was counted.
 */
int twins_run(struct twins *t, enum wgf_hook hook, u32 ifindex, const u8 *frame, unsigned len,
	      bool *ret_passes, u32 *ret_reason, struct err *e);

#endif
