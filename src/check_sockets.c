// SPDX-License-Identifier: GPL-2.0-only
#include "check_sockets.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cgroup.h"
#include "diag.h"

struct reading {
	struct holdings *h;
	pid_t pid;
};

static int take_held(u64 inode, const char *proto, void *context)
{
	struct reading *r = context;
	struct holdings *h = r->h;
	struct held *more = reallocarray(h->v, h->n + 1UL, sizeof(*more));

	if (!more)
		return -1;
	h->v = more;
	more[h->n] = (struct held){.pid = r->pid, .inode = inode};
	snprintf(more[h->n++].proto, sizeof(more->proto), "%s", proto);
	return 0;
}

/* Several processes may hold one. */
static int take_cgroup(u64 inode, u64 cgroup_id, void *context)
{
	struct holdings *h = context;

	for (unsigned i = 0; i < h->n; i++)
		if (h->v[i].inode == inode)
			h->v[i].cgroup_id = cgroup_id;
	return 0;
}

int holdings_read(const struct tree *t, struct holdings *ret, struct err *e)
{
	int r = 0;

	*ret = (struct holdings){0};
	for (unsigned i = 0; r == 0 && i < t->n_processes; i++)
		r = diag_held((u64)t->processes[i].pid, take_held,
			      &(struct reading){ret, t->processes[i].pid});
	r = r ? err_errno(e, "the list of sockets") : diag_each(take_cgroup, ret, e);
	for (unsigned i = 0; i < ret->n; i++)
		ret->untold += ret->v[i].cgroup_id == 0;
	if (r)
		holdings_free(ret);
	return r;
}

void holdings_free(struct holdings *h)
{
	free(h->v);
	*h = (struct holdings){0};
}

void cgroup_name(u64 id, char *ret, size_t size)
{
	int fd = cgroup_open_id(id);
	char link[64];
	ssize_t n = -1;

	if (fd >= 0) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, ret, size - 1);
		close(fd);
	}
	if (n > 0)
		ret[n] = '\0';
	else
		snprintf(ret, size, "a cgroup that was removed");
}
