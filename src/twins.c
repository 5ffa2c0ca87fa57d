// SPDX-License-Identifier: GPL-2.0-only
#include "twins.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "tally.h"

#define DROPPED_BY_TC 2 /* TC_ACT_SHOT */

int twins_open(const struct wgf_policy *p, struct twins *ret, struct err *e)
{
	static const int new[N_MAPS] = {-1, -1, -1, -1, -1, -1};
	struct wgf_image *image;
	int maps[N_MAPS];

	*ret = (struct twins){.guard = -1};
	ret->cpus = calloc((size_t)libbpf_num_possible_cpus(), sizeof(*ret->cpus));
	if (!ret->cpus)
		return err_errno(e, "the counters");
	ret->skel = load_programs(new, e);
	if (!ret->skel) {
		free(ret->cpus);
		return -1;
	}
	for (enum map_id id = 0; id < N_MAPS; id++)
		maps[id] = bpf_map__fd(load_map(ret->skel->obj, id));
	ret->guard = load_guard(maps, &ret->no_guard);
	image = &ret->skel->bss->image;
	image->magic = WGF_MAGIC;
	image->layout = WGF_LAYOUT;
	image->slots[0] = *p;
	image->slots[0].mode = WGF_ENFORCE;
	return 0;
}

void twins_close(struct twins *t)
{
	if (t->guard >= 0)
		close(t->guard);
	fence_bpf__destroy(t->skel);
	free(t->cpus);
}

int twins_same(const struct twins *t, const struct link_kind *kind, u32 prog_id, struct err *e)
{
	const struct bpf_program *prog =
		bpf_object__find_program_by_name(t->skel->obj, kind->program);
	int fd = bpf_prog_get_fd_by_id(prog_id), same;

	if (fd < 0)
		return err_errno(e, "cannot open program %u", prog_id);
	same = program_same_code(fd, bpf_program__fd(prog));
	close(fd);
	return same < 0 ? err_errno(e, "cannot compare program %u", prog_id) : same;
}

static int count(const struct twins *t, struct wgf_counters *ret, struct err *e)
{
	int fd = bpf_map__fd(load_map(t->skel->obj, MAP_COUNTERS)), n = libbpf_num_possible_cpus();
	static struct wgf_legend legend;
	u32 zero = 0;

	memset(ret, 0, sizeof(*ret));
	if (bpf_map_lookup_elem(fd, &zero, t->cpus))
		return err_errno(e, "cannot read the counters of the twins");
	tally_legend(&legend);
	for (int cpu = 0; cpu < n; cpu++)
		tally_counters(&legend, &t->cpus[cpu], ret);
	tally_rows(&legend, &t->skel->bss->image, ret);
	return 0;
}

/* What was counted once more than before; audit mode is never on. */
static u32 what_moved(const struct wgf_counters *before, const struct wgf_counters *after,
		      enum wgf_hook hook)
{
	for (u32 family = 0; family < WGF_N_FAMILIES; family++)
		for (u32 r = 0; r < WGF_N_REASONS; r++)
			if (after->of[WGF_ENFORCE][hook][family][r].packets !=
			    before->of[WGF_ENFORCE][hook][family][r].packets)
				return r;
	return WGF_CALL;
}

static int fd_of(const struct twins *t, enum wgf_hook hook)
{
	switch (hook) {
	case WGF_EGRESS:
		return bpf_program__fd(t->skel->progs.wgf_egress_skb);
	case WGF_INGRESS:
		return bpf_program__fd(t->skel->progs.wgf_ingress_skb);
	case WGF_GUARD:
		return t->guard;
	default:
		return -1;
	}
}

/* The interface in the context: Linux 5.9. */
int twins_run(struct twins *t, enum wgf_hook hook, u32 ifindex, const u8 *frame, unsigned len,
	      bool *ret_passes, u32 *ret_reason, struct err *e)
{
	static struct wgf_counters before, after; /* too large for comfort on the stack */
	struct __sk_buff ctx = {.ifindex = ifindex};
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	opts.data_in = frame;
	opts.data_size_in = len;
	opts.ctx_in = &ctx;
	opts.ctx_size_in = sizeof(ctx);
	if (count(t, &before, e))
		return -1;
	if (bpf_prog_test_run_opts(fd_of(t, hook), &opts))
		return err_errno(e, "cannot run the twin of %s",
				 hook == WGF_GUARD ? "the guard" : "a program");
	if (count(t, &after, e))
		return -1;
	*ret_passes = hook == WGF_GUARD ? opts.retval != DROPPED_BY_TC : opts.retval == 1;
	*ret_reason = what_moved(&before, &after, hook);
	return 0;
}
