// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs that the kernel runs for each cgroup of the fence: ours, and others'.
 *
 * Several programs at one hook must all consent to a packet, so another one can only drop more. At
 * a call it can do more than that: from Linux 5.18 on bpf_set_retval() turns a refusal into
 * consent, and a program at connect or bind may write another address.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check_parts.h"
#include "check_tree.h"
#include "program.h"

#define MAX_EFFECTIVE 64 /* BPF_CGROUP_MAX_PROGS */

struct look {
	struct check *c;
	u32 ours[N_LINKS];	     /* 0: not there */
	u32 told[MAX_EFFECTIVE * 2]; /* others', each once at each hook */
	unsigned n_told, n_bare, n_unseen;
};

/* Its name, which its owner chose; "" where it has none or has gone. */
static void name_of(u32 id, char ret[BPF_OBJ_NAME_LEN])
{
	struct bpf_prog_info info = {0};

	program_info(id, &info);
	memcpy(ret, info.name, BPF_OBJ_NAME_LEN);
}

/* Another fence's, or systemd's: those only refuse. Whoever can attach a program is root. */
static bool only_refuses(const char *name)
{
	return strncmp(name, "wgf_", 4) == 0 || strncmp(name, "sd_", 3) == 0;
}

/* A link that holds this program, by number; 0 where it was attached without one. */
static u32 link_of(u32 prog_id)
{
	u32 id = 0;

	while (bpf_link_get_next_id(id, &id) == 0) {
		struct bpf_link_info info = {0};
		u32 len = sizeof(info);
		int fd = bpf_link_get_fd_by_id(id), failed;

		if (fd < 0)
			continue;
		failed = bpf_obj_get_info_by_fd(fd, &info, &len);
		close(fd);
		if (!failed && info.prog_id == prog_id)
			return id;
	}
	return 0;
}

/* Where it was attached is not told; at the fence's own cgroup is where it can be asked. */
static void mend_by_detach(struct look *l, const struct link_kind *kind, u32 id)
{
	u32 ids[MAX_EFFECTIVE], n = MAX_EFFECTIVE, flags = 0, link = link_of(id);
	char mount[PATH_MAX], path[2 * PATH_MAX], word[SHELL_WORD];
	bool here = false;
	struct err e;

	if (link) {
		finding_mend(&l->c->report, "bpftool link detach id %u", link);
		return;
	}
	if (bpf_prog_query(l->c->cgroup.fd, kind->type, 0, &flags, ids, &n) == 0)
		for (u32 i = 0; i < n; i++)
			here |= ids[i] == id;
	if (!here || cgroup_mount(mount, sizeof(mount), &e))
		return;
	snprintf(path, sizeof(path), "%s%s", mount, l->c->cgroup.path);
	finding_mend(&l->c->report, "bpftool cgroup detach %s %s id %u", shell_word(path, word),
		     kind->pin, id);
}

static void tell(struct look *l, const struct link_kind *kind, u32 id)
{
	bool packets =
		kind->type == BPF_CGROUP_INET_EGRESS || kind->type == BPF_CGROUP_INET_INGRESS;
	bool joins = kind->type == BPF_CGROUP_SETSOCKOPT;
	char name[BPF_OBJ_NAME_LEN];

	name_of(id, name);
	if (packets || only_refuses(name)) {
		finding_add(&l->c->report, FINDING_FINE, "fence.others", NULL,
			    "program %u (%s) is at %s, too: it can only drop more", id, name,
			    kind->pin);
		return;
	}
	finding_add(&l->c->report, joins ? FINDING_WARNING : FINDING_NOTICE, "fence.others",
		    joins ? "It may undo a refusal (Linux 5.18): the kernel then reports the group "
			    "that was joined past every filter."
			  : "It may undo a refusal (Linux 5.18). What the call then sends is still "
			    "judged at egress.",
		    "program %u (%s), which is not the fence's, is at %s for its members", id, name,
		    kind->pin);
	if (joins) /* the others lose nothing, and serve the whole host, mostly */
		mend_by_detach(l, kind, id);
}

static void tell_once(struct look *l, const struct link_kind *kind, u32 id)
{
	for (unsigned i = 0; i < l->n_told; i++)
		if (l->told[i] == id)
			return;
	if (l->n_told < sizeof(l->told) / sizeof(l->told[0]))
		l->told[l->n_told++] = id;
	tell(l, kind, id);
}

static void bare(struct look *l, const struct link_kind *kind, const char *path)
{
	l->n_bare++;
	finding_add(&l->c->report, FINDING_BROKEN, "fence.effective",
		    "What this program would drop or refuse, processes there can do.",
		    "the kernel does not run the program of %s for %s%s", kind->pin,
		    l->c->cgroup.path, path);
	check_mend_put_back(l->c);
}

static void look_at(struct look *l, int cgroup, const char *path)
{
	for (int k = 0; k < N_LINKS; k++) {
		u32 ids[MAX_EFFECTIVE], n = MAX_EFFECTIVE, flags = 0;
		bool ours = false;

		if (!l->ours[k])
			continue;
		if (bpf_prog_query(cgroup, link_kinds[k].type, BPF_F_QUERY_EFFECTIVE, &flags, ids,
				   &n)) {
			l->n_unseen += errno != ENOENT && errno != ENODEV; /* removed meanwhile */
			continue;
		}
		for (u32 i = 0; i < n; i++) {
			ours |= ids[i] == l->ours[k];
			if (ids[i] != l->ours[k])
				tell_once(l, &link_kinds[k], ids[i]);
		}
		/* That the fence's own cgroup lacks one, fence.whole has said. */
		if (!ours && *path)
			bare(l, &link_kinds[k], path);
	}
}

static void look_at_all(struct look *l, const struct tree *t)
{
	struct err e;

	for (unsigned i = 0; i < t->n_cgroups; i++) {
		int fd = tree_open(t, l->c->cgroup.fd, i);

		if (fd < 0) {
			l->n_unseen += errno != ENOENT;
			continue;
		}
		look_at(l, fd, t->cgroups[i].path);
		close(fd);
	}
	if (l->n_unseen) {
		err_set(&e, EXIT_FAILED, "%u questions were not answered", l->n_unseen);
		finding_unseen(&l->c->report, "fence.effective", &e);
	} else if (!l->n_bare) {
		finding_add(&l->c->report, FINDING_FINE, "fence.effective", NULL,
			    "asked of %u cgroups with %u processes, the kernel named each program "
			    "of the fence",
			    t->n_cgroups, t->n_processes);
	}
}

void check_fence_others(struct check *c)
{
	struct look l = {.c = c};
	struct link_state link;
	struct tree t;
	struct err e;

	if (c->cgroup.fd < 0)
		return;
	for (int k = 0; k < N_LINKS; k++)
		if (link_read(c->name, &link_kinds[k], &link, &e))
			l.n_unseen++;
		else if (link.pinned)
			l.ours[k] = link.prog_id;
	if (tree_read(c->cgroup.fd, &t, &e)) {
		finding_unseen(&c->report, "fence.effective", &e);
		return;
	}
	look_at_all(&l, &t);
	tree_free(&t);
}
