/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard by tcx, which Linux 6.6 brought: a pinned bpf_link for each interface.
 *
 * Owns: these links, their pins (guard-IFINDEX), and what the kernel says of them. Only links: one
 * that is merely attached could, up to 6.18, be taken away by any local user (BPF_PROG_DETACH
 * without a program). Must never decide where one should be.
 */
#ifndef WGF_GUARD_TCX_H
#define WGF_GUARD_TCX_H

#include <bpf/bpf.h>

#include "guard_kernel.h"

/* BPF_TCX_EGRESS: as all of it of 6.6, and newer than the headers of the oldest libbpf that is
 * meant. */
#define TCX_EGRESS ((enum bpf_attach_type)47)

struct guard_tcx {
	bool pinned, in_effect; /* the kernel runs `prog_id` on this interface */
	u32 prog_id;
};

/* Has this kernel got it? */
bool guard_tcx_known(void);

int guard_tcx_read(const char *fence, u32 ifindex, struct guard_tcx *ret, struct err *e);

/* Before all other programs there. Both are also fine where the interface has gone meanwhile. */
int guard_tcx_add(const char *fence, const struct guard_link *l, int prog, struct err *e);
int guard_tcx_replace(const char *fence, const struct guard_link *l, u32 old_prog_id, int prog,
		      struct err *e);

int guard_tcx_remove(const char *fence, u32 ifindex, struct err *e);

/* Takes away the pins of interfaces that are not in the set: the kernel's link went with them. */
int guard_tcx_sweep(const char *fence, const struct guard_set *s, struct err *e);

#endif
