// SPDX-License-Identifier: GPL-2.0-only
#include "sockets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "diag.h"

#define MAX_DEPTH 16

struct ids {
	u64 *id;
	size_t n, room;
};

struct count {
	struct members *members;
	struct ids cgroups, processes;
	struct ids sockets; /* inodes of those that are counted */
	struct ids left;    /* inodes of those whose cgroup is gone, and which somebody holds */
	struct err *e;
};

static int add_id(struct ids *ids, u64 id)
{
	if (ids->n == ids->room) {
		size_t room = ids->room ? 2 * ids->room : 64;
		u64 *more = realloc(ids->id, room * sizeof(*more));

		if (!more)
			return -1;
		ids->id = more;
		ids->room = room;
	}
	ids->id[ids->n++] = id;
	return 0;
}

static bool has_id(const struct ids *ids, u64 id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->id[i] == id)
			return true;
	return false;
}

static int list_processes(int dir, struct count *c)
{
	int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC), ret = 0;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char line[32];

	while (ret == 0 && f && fgets(line, sizeof(line), f))
		ret = add_id(&c->processes, strtoull(line, NULL, 10));
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	return ret;
}

/* Walks the cgroup and those below it. A cgroup that vanishes meanwhile has no process left. */
static int walk(int dir, unsigned depth, struct count *c)
{
	DIR *d = fdopendir(dir);
	struct dirent *entry;
	struct stat st;
	int ret = 0;

	if (!d || fstat(dirfd(d), &st) || depth > MAX_DEPTH || add_id(&c->cgroups, st.st_ino) ||
	    list_processes(dirfd(d), c)) {
		if (d)
			closedir(d);
		else
			close(dir);
		return err_set(c->e, EXIT_FAILED, "cannot walk the cgroup");
	}
	while (ret == 0 && (entry = readdir(d))) {
		int child;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		child = openat(dirfd(d), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (child >= 0)
			ret = walk(child, depth + 1, c);
	}
	closedir(d);
	return ret;
}

/*
 * One that its process has closed, and TCP still has to send for, has no inode. Every other is
 * held, by a process or by the kernel itself: a WireGuard interface's, an NFS mount's, which belong
 * to the cgroup of whoever made them, wg-quick's say, that has ended.
 */
static int count_left(u64 inode, struct count *c)
{
	if (inode)
		return add_id(&c->left, inode);
	c->members->orphans++;
	return 0;
}

static int count_socket(u64 inode, u64 cgroup_id, void *context)
{
	struct count *c = context;

	if (!has_id(&c->cgroups, cgroup_id))
		return cgroup_exists(cgroup_id) ? 0 : count_left(inode, c);
	c->members->sockets++;
	return add_id(&c->sockets, inode);
}

/* Those that sock_diag did not tell of. */
static int count_held(u64 inode, const char *proto, void *context)
{
	struct count *c = context;

	(void)proto;
	if (has_id(&c->sockets, inode))
		return 0;
	c->members->sockets++;
	return add_id(&c->sockets, inode);
}

static int count_held_left(u64 inode, const char *proto, void *context)
{
	struct count *c = context;

	(void)proto;
	if (!has_id(&c->left, inode) || has_id(&c->sockets, inode))
		return 0;
	c->members->orphans++;
	return add_id(&c->sockets, inode);
}

/* Whoever holds them now. What no process holds is the kernel's own. */
static int count_all_left(struct count *c)
{
	DIR *proc = c->left.n ? opendir("/proc") : NULL;
	struct dirent *entry;
	int ret = 0;

	if (c->left.n && !proc)
		return err_errno(c->e, "/proc");
	while (ret == 0 && proc && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			ret = diag_held(strtoull(entry->d_name, NULL, 10), count_held_left, c);
	if (proc)
		closedir(proc);
	return ret ? err_set(c->e, EXIT_FAILED, "cannot list who holds the sockets") : 0;
}

static int count_processes(struct count *c)
{
	int ret = 0;

	c->members->processes = (unsigned)c->processes.n;
	for (size_t i = 0; ret == 0 && i < c->processes.n; i++)
		ret = diag_held(c->processes.id[i], count_held, c);
	return ret ? err_set(c->e, EXIT_FAILED, "cannot list the sockets of the members") : 0;
}

int members_count(int cgroup, struct members *ret, struct err *e)
{
	struct count c = {.members = ret, .e = e};
	int dir, failed = 0;

	*ret = (struct members){0};
	if (cgroup >= 0) {
		dir = openat(cgroup, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		failed = dir < 0 ? err_errno(e, "cannot open the cgroup") : walk(dir, 0, &c);
	}
	if (!failed)
		failed =
			diag_each(count_socket, &c, e) || count_processes(&c) || count_all_left(&c);
	free(c.cgroups.id);
	free(c.processes.id);
	free(c.sockets.id);
	free(c.left.id);
	return failed;
}
