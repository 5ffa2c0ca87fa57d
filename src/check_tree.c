// SPDX-License-Identifier: GPL-2.0-only
#include "check_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 32

static int add_cgroup(struct tree *t, u64 id, const char *path)
{
	struct tree_cgroup *more =
		reallocarray(t->cgroups, t->n_cgroups + 1UL, sizeof(*t->cgroups));

	if (!more)
		return -1;
	t->cgroups = more;
	more[t->n_cgroups] = (struct tree_cgroup){id, strdup(path)};
	return more[t->n_cgroups].path ? (int)t->n_cgroups++ : -1;
}

static int add_process(struct tree *t, pid_t pid, unsigned cgroup)
{
	struct tree_process *more =
		reallocarray(t->processes, t->n_processes + 1UL, sizeof(*t->processes));

	if (!more)
		return -1;
	t->processes = more;
	more[t->n_processes++] = (struct tree_process){pid, cgroup};
	return 0;
}

/* A threaded cgroup refuses to be read so (EOPNOTSUPP): its processes are told by the one above. */
static int add_processes(struct tree *t, int dir, unsigned cgroup)
{
	int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC), r = 0;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char line[32];

	while (r == 0 && f && fgets(line, sizeof(line), f))
		r = add_process(t, (pid_t)strtol(line, NULL, 10), cgroup);
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	return r;
}

static int walk(struct tree *t, int dir, const char *path, unsigned depth);

static int walk_below(struct tree *t, DIR *d, const char *path, unsigned depth)
{
	const struct dirent *entry;
	int r = 0;

	while (r == 0 && (entry = readdir(d))) {
		char below[PATH_MAX];
		int child;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) >=
		    sizeof(below))
			return -1;
		child = openat(dirfd(d), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (child >= 0)
			r = walk(t, child, below, depth + 1);
	}
	return r;
}

/* Closes `dir`. */
static int walk(struct tree *t, int dir, const char *path, unsigned depth)
{
	DIR *d = fdopendir(dir);
	struct stat st;
	int i = -1, r;

	if (!d) {
		close(dir);
		return -1;
	}
	if (fstat(dirfd(d), &st) == 0 && depth < MAX_DEPTH)
		i = add_cgroup(t, st.st_ino, path);
	r = i < 0 || add_processes(t, dirfd(d), (unsigned)i) || walk_below(t, d, path, depth) ? -1
											      : 0;
	closedir(d);
	return r;
}

int tree_read(int cgroup, struct tree *ret, struct err *e)
{
	int dir = openat(cgroup, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*ret = (struct tree){0};
	if (dir < 0)
		return err_errno(e, "cannot open the cgroup");
	if (walk(ret, dir, "", 0) == 0)
		return 0;
	tree_free(ret);
	return err_set(e, EXIT_FAILED, "cannot walk the cgroup");
}

void tree_free(struct tree *t)
{
	for (unsigned i = 0; i < t->n_cgroups; i++)
		free(t->cgroups[i].path);
	free(t->cgroups);
	free(t->processes);
	*t = (struct tree){0};
}

bool tree_has(const struct tree *t, u64 cgroup_id)
{
	for (unsigned i = 0; i < t->n_cgroups; i++)
		if (t->cgroups[i].id == cgroup_id)
			return true;
	return false;
}

bool tree_has_process(const struct tree *t, pid_t pid)
{
	for (unsigned i = 0; i < t->n_processes; i++)
		if (t->processes[i].pid == pid)
			return true;
	return false;
}

int tree_open(const struct tree *t, int cgroup, unsigned i)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), ".%s", t->cgroups[i].path);
	return openat(cgroup, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}
