/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The links: one pinned bpf_link for each hook of a fence.
 *
 * Owns: which programs are attached where, what the kernel says of them, and how one is put in
 * place without a moment in which none is there. Only bpf_link: a legacy attachment can be removed
 * by any local user.
 */
#ifndef WGF_LINKS_H
#define WGF_LINKS_H

#include <bpf/libbpf.h>
#include <stdbool.h>

#include "cgroup.h"

#define N_LINKS 11
#define N_UNIX	2 /* the first of them: not there on older kernels, nor with `unix = off` */

/* Newer than the headers of the oldest libbpf that is meant. */
#define WGF_UNIX_CONNECT ((enum bpf_attach_type)49)
#define WGF_UNIX_SENDMSG ((enum bpf_attach_type)50)

struct link_kind {
	const char *pin, *program;
	enum bpf_attach_type type;
};

/*
 * Egress last: detach removes them in this order, and is closed the longest. Those for unix sockets
 * first: a fence that is whole has them wherever they were meant to be.
 */
extern const struct link_kind link_kinds[N_LINKS];

struct link_state {
	bool pinned;
	u64 cgroup_id; /* 0: the cgroup is gone, and no socket of it is left */
	u32 prog_id;
	bool in_effect; /* the kernel runs this program for the cgroup, and the cgroup is there */
};

int link_read(const char *name, const struct link_kind *kind, struct link_state *ret,
	      struct err *e);

/* Does the kernel run this program at this hook for the cgroup, attached there or further up? */
int link_in_effect(int cgroup_fd, const struct link_kind *kind, u32 prog_id, bool *ret,
		   struct err *e);

/* Refuses where a link stands on another living cgroup; nothing is changed. */
int links_check(const char *name, const struct cgroup *cg, struct err *e);

/* The programs of a loaded object, by hook; descriptors of their own. */
int links_programs(struct bpf_object *obj, int ret[N_LINKS], struct err *e);
int links_unix_programs(struct bpf_object *obj, int ret[N_LINKS], struct err *e);

/*
 * Attaches, updates or keeps each link so that it runs its program on `cg`; gives retired links
 * that still hold something the programs, too, and drops those whose last socket is gone. Where a
 * program is -1 its link is left alone: not even what failed to load takes one away.
 */
int links_place(const char *name, const int programs[N_LINKS], const struct cgroup *cg,
		struct err *e);

/* Takes away the links for unix sockets: only ever because the configuration says so. */
int links_drop_unix(const char *name, struct err *e);

#endif
