// SPDX-License-Identifier: GPL-2.0-only
#include "guard.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "../bpf/match.h"
#include "guard_kernel.h"
#include "guard_tcx.h"
#include "program.h"

struct work {
	const char *fence;
	struct rtnl nl;
	struct guard_set set;
	bool tcx; /* this kernel has it; else a filter in clsact */
	int prog;
	u32 known; /* a program's id that was compared already ... */
	bool same; /* ... and is the same */
};

static int begin(struct work *w, const char *fence, int prog, struct err *e)
{
	*w = (struct work){.fence = fence, .tcx = guard_tcx_known(), .prog = prog};
	if (rtnl_open(&w->nl, e))
		return -1;
	if (guard_read(&w->nl, fence, &w->set, e) == 0)
		return 0;
	guard_free(&w->set);
	rtnl_close(&w->nl);
	return -1;
}

static void end(struct work *w)
{
	guard_free(&w->set);
	rtnl_close(&w->nl);
}

static bool is_wanted(const struct wgf_policy *p, const struct guard_link *l)
{
	return p && p->cgroup && !l->loopback && !wgf_is_tunnel(p, l->ifindex);
}

/* One that went meanwhile is another. */
static int compare(struct work *w, u32 prog_id, struct err *e)
{
	int fd, same;

	if (w->known == prog_id)
		return 0;
	fd = bpf_prog_get_fd_by_id(prog_id);
	if (fd < 0 && errno != ENOENT)
		return err_errno(e, "cannot open program %u", prog_id);
	same = fd < 0 ? 0 : program_same(fd, w->prog);
	if (fd >= 0)
		close(fd);
	if (same < 0)
		return err_errno(e, "cannot compare program %u", prog_id);
	w->known = prog_id;
	w->same = same;
	return 0;
}

static int keep_filter(struct work *w, const struct guard_filter *f, struct err *e)
{
	if (compare(w, f->prog_id, e))
		return -1;
	return w->same ? 0 : guard_replace(&w->nl, &w->set, f, w->prog, e);
}

/* Of several on one interface the first stays. */
static int see_to_filters(struct work *w, const struct guard_link *l, bool wanted, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; i < w->set.n_filters; i++) {
		const struct guard_filter *f = &w->set.filters[i];

		if (f->ifindex != l->ifindex)
			continue;
		if (wanted ? keep_filter(w, f, e) : guard_remove(&w->nl, f, e))
			r = -1;
		wanted = false;
	}
	return wanted ? guard_add(&w->nl, &w->set, l, w->prog, e) : r;
}

/* One that holds no interface any more, or one in another namespace, is made anew. */
static int see_to_tcx(struct work *w, const struct guard_link *l, bool wanted, struct err *e)
{
	struct guard_tcx t;

	if (guard_tcx_read(w->fence, l->ifindex, &t, e))
		return -1;
	if (!wanted || !t.in_effect) {
		if (t.pinned && guard_tcx_remove(w->fence, l->ifindex, e))
			return -1;
		return wanted ? guard_tcx_add(w->fence, l, w->prog, e) : 0;
	}
	if (compare(w, t.prog_id, e))
		return -1;
	return w->same ? 0 : guard_tcx_replace(w->fence, l, t.prog_id, w->prog, e);
}

/* A filter of ours beside tcx is an older wgfence's: it goes once the link is there. */
static int see_to(struct work *w, const struct guard_link *l, const struct wgf_policy *p,
		  struct err *e)
{
	bool wanted = is_wanted(p, l);

	if (!w->tcx)
		return see_to_filters(w, l, wanted, e);
	return see_to_tcx(w, l, wanted, e) ? -1 : see_to_filters(w, l, false, e);
}

int guard_put(const char *fence, int prog, const struct wgf_policy *p, struct err *e)
{
	struct work w;
	struct err why;
	int r = 0;

	if (begin(&w, fence, prog, e))
		return -1;
	for (unsigned i = 0; i < w.set.n_links; i++) {
		if (see_to(&w, &w.set.links[i], p, &why) == 0)
			continue;
		/* The first one that may go better later is told, else the first. */
		if (r == 0 || (e->code == EXIT_UNSUPPORTED && why.code != EXIT_UNSUPPORTED))
			err_set(e, why.code, "%s: %.900s", w.set.links[i].name, why.text);
		r = -1;
	}
	/* What a dump left out that was interrupted to the last is there all the same. */
	if (w.tcx && (!p || !w.nl.interrupted) && guard_tcx_sweep(fence, &w.set, &why)) {
		*e = r ? *e : why;
		r = -1;
	}
	end(&w);
	return r;
}

int guard_end(const char *fence, struct err *e)
{
	return guard_put(fence, -1, NULL, e);
}

/* The program that guards it; 0: none does. */
static int program_on(const struct work *w, u32 ifindex, u32 *ret, bool *ret_tcx, struct err *e)
{
	struct guard_tcx t = {.in_effect = false};

	*ret = 0;
	if (w->tcx && guard_tcx_read(w->fence, ifindex, &t, e))
		return -1;
	*ret_tcx = t.in_effect;
	if (t.in_effect)
		*ret = t.prog_id;
	for (unsigned i = 0; !*ret && i < w->set.n_filters; i++)
		if (w->set.filters[i].ifindex == ifindex)
			*ret = w->set.filters[i].prog_id;
	return 0;
}

int guard_stands(const char *fence, u32 image_id, const struct wgf_policy *p,
		 struct guard_standing *ret, struct err *e)
{
	struct work w;
	int r = 0;

	*ret = (struct guard_standing){.n = 0};
	if (begin(&w, fence, -1, e))
		return -1;
	for (unsigned i = 0; i < w.set.n_links && r == 0; i++) {
		const struct guard_link *l = &w.set.links[i];
		bool reads = false, tcx = false;
		u32 prog_id;

		if (!is_wanted(p, l))
			continue;
		r = program_on(&w, l->ifindex, &prog_id, &tcx, e);
		if (r == 0 && prog_id)
			r = program_reads(prog_id, image_id, &reads, e);
		if (reads) {
			ret->n++;
			ret->n_tcx += tcx;
		} else if (!*ret->missing) {
			snprintf(ret->missing, sizeof(ret->missing), "%s", l->name);
		}
	}
	end(&w);
	return r;
}
