// SPDX-License-Identifier: GPL-2.0-only
#include "guard_tcx.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pins.h"

#define PIN	  "guard-"
#define PIN_NAME  32
#define MAX_CHAIN 64 /* BPF_MPROG_MAX */

#define TCX_LINK  11   /* BPF_LINK_TYPE_TCX */
#define TCX_FIRST 0x8U /* BPF_F_BEFORE, and none that is named */

struct tcx_info {
	u32 type, id, prog_id, gap, ifindex, attach_type;
};
_Static_assert(offsetof(struct bpf_link_info, cgroup) == offsetof(struct tcx_info, ifindex),
	       "what is the link's own stands behind what all have");

static void pin_of(u32 ifindex, char ret[PIN_NAME])
{
	snprintf(ret, PIN_NAME, PIN "%u", ifindex);
}

/* No interface has the number 0, so a kernel that knows the type says that (ENODEV). */
bool guard_tcx_known(void)
{
	u32 flags, n = 0;

	return bpf_prog_query(0, TCX_EGRESS, 0, &flags, NULL, &n) == 0 || errno != EINVAL;
}

static int read_link(int fd, const char *pin, struct tcx_info *ret, struct err *e)
{
	u32 len = sizeof(*ret);

	*ret = (struct tcx_info){0};
	if (bpf_obj_get_info_by_fd(fd, (struct bpf_link_info *)ret, &len))
		return err_errno(e, "cannot read the link %s", pin);
	if (ret->type != TCX_LINK || ret->attach_type != TCX_EGRESS)
		return err_set(e, EXIT_FAILED, "the pin %s holds something that is not its link",
			       pin);
	return 0;
}

/*
 * The link alone does not say it: its interface may be in another network namespace now, under the
 * same number.
 */
static int is_run(u32 ifindex, u32 prog_id, bool *ret, struct err *e)
{
	u32 ids[MAX_CHAIN], n = MAX_CHAIN, flags;

	*ret = false;
	if (bpf_prog_query((int)ifindex, TCX_EGRESS, 0, &flags, ids, &n))
		return errno == ENOENT || errno == ENODEV
			       ? 0
			       : err_errno(e, "cannot ask for the programs of interface %u",
					   ifindex);
	for (u32 i = 0; i < n; i++)
		*ret |= ids[i] == prog_id;
	return 0;
}

int guard_tcx_read(const char *fence, u32 ifindex, struct guard_tcx *ret, struct err *e)
{
	struct tcx_info info;
	char pin[PIN_NAME];
	int fd, failed;

	*ret = (struct guard_tcx){.pinned = false};
	pin_of(ifindex, pin);
	fd = pins_get(fence, pin, e);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	failed = read_link(fd, pin, &info, e);
	close(fd);
	if (failed)
		return -1;
	ret->pinned = true;
	ret->prog_id = info.prog_id;
	return info.ifindex == ifindex ? is_run(ifindex, info.prog_id, &ret->in_effect, e) : 0;
}

/*
 * EEXIST: the kernel has this very program there, by a link that is pinned in a bpffs that was
 * unmounted. It stays, and is found again with that.
 */
int guard_tcx_add(const char *fence, const struct guard_link *l, int prog, struct err *e)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = TCX_FIRST);
	int fd = bpf_link_create(prog, (int)l->ifindex, TCX_EGRESS, &opts), ret;
	char pin[PIN_NAME];

	if (fd < 0)
		return errno == ENODEV || errno == EEXIST
			       ? 0
			       : err_errno(e, "cannot attach the guard by tcx");
	pin_of(l->ifindex, pin);
	ret = pins_put(fence, pin, fd, e);
	close(fd);
	return ret;
}

static int update(int link, u32 old_prog_id, int prog, struct err *e)
{
	LIBBPF_OPTS(bpf_link_update_opts, opts, .flags = BPF_F_REPLACE);
	int old = bpf_prog_get_fd_by_id(old_prog_id), failed;

	if (old < 0)
		return err_errno(e, "cannot open program %u", old_prog_id);
	opts.old_prog_fd = (u32)old;
	failed = bpf_link_update(link, prog, &opts) && errno != ENOLINK;
	if (failed)
		err_errno(e, "cannot replace the guard");
	close(old);
	return failed ? -1 : 0;
}

int guard_tcx_replace(const char *fence, const struct guard_link *l, u32 old_prog_id, int prog,
		      struct err *e)
{
	char pin[PIN_NAME];
	int fd, ret;

	pin_of(l->ifindex, pin);
	fd = pins_get(fence, pin, e);
	if (fd < 0)
		return errno == ENOENT ? err_errno(e, "%s", pin) : -1;
	ret = update(fd, old_prog_id, prog, e);
	close(fd);
	return ret;
}

int guard_tcx_remove(const char *fence, u32 ifindex, struct err *e)
{
	char pin[PIN_NAME];

	pin_of(ifindex, pin);
	return pins_remove(fence, pin, e);
}

struct sweep {
	const char *fence;
	const struct guard_set *set;
	struct err *e;
};

/* Begun anew after each: a directory that changes is not read on. */
static int sweep_one(const char *pin, void *context)
{
	const struct sweep *s = context;
	u32 ifindex;

	if (strncmp(pin, PIN, strlen(PIN)) != 0)
		return 0;
	ifindex = (u32)strtoul(pin + strlen(PIN), NULL, 10);
	for (unsigned i = 0; i < s->set->n_links; i++)
		if (s->set->links[i].ifindex == ifindex)
			return 0;
	return pins_remove(s->fence, pin, s->e) ? -1 : 1;
}

int guard_tcx_sweep(const char *fence, const struct guard_set *s, struct err *e)
{
	int more;

	if (!pins_exist(fence))
		return 0;
	do
		more = pins_each(fence, sweep_one, &(struct sweep){fence, s, e}, e);
	while (more > 0);
	return more;
}
