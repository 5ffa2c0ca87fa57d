// SPDX-License-Identifier: GPL-2.0-only
#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file.h"

static void lacks(struct gate *g, enum gate_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void lacks(struct gate *g, enum gate_state state, const char *format, ...)
{
	va_list args;

	g->state = state;
	va_start(args, format);
	vsnprintf(g->why, sizeof(g->why), format, args);
	va_end(args);
}

static int own_path(struct gate *g, struct err *e)
{
	char *text = file_text("/proc/self/cgroup", e);
	bool found;

	if (!text)
		return -1;
	found = cgroup_own_path(text, g->path, sizeof(g->path));
	free(text);
	return found ? 0
		     : err_set(e, EXIT_NOT_ENFORCED,
			       "the cgroup2 that this was called in cannot be told from here");
}

/* Something else may be mounted over it: only a directory of cgroup2 has a cgroup's number. */
static int open_own(const char *mount, const char *path, struct err *e)
{
	char full[2 * PATH_MAX];
	struct statfs fs;
	int fd;

	snprintf(full, sizeof(full), "%s%s", mount, path);
	fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, "%s", full);
	if (fstatfs(fd, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC)
		return fd;
	close(fd);
	return err_set(e, EXIT_NOT_ENFORCED, "%s is no cgroup", full);
}

/* Is `path` the cgroup with this id, or below it? */
static bool is_within(const char *mount, const char *path, u64 id)
{
	char full[2 * PATH_MAX];
	size_t root = strlen(mount);
	struct stat st;
	char *slash;

	snprintf(full, sizeof(full), "%s%s", mount, path);
	for (;;) {
		if (stat(full, &st) == 0 && st.st_ino == id)
			return true;
		slash = strrchr(full, '/');
		if (!slash || (size_t)(slash - full) < root)
			return false;
		*slash = '\0';
	}
}

/* The links are whole where they are; are their programs what the kernel runs here? */
static int compare_programs(const char *name, int cgroup, struct gate *g, struct err *e)
{
	struct link_state link;
	bool runs;

	for (int i = 0; i < N_LINKS; i++) {
		if (link_read(name, &link_kinds[i], &link, e))
			return -1;
		if (i < N_UNIX && !link.pinned)
			continue;
		if (link_in_effect(cgroup, &link_kinds[i], link.prog_id, &runs, e))
			return -1;
		if (!runs) {
			lacks(g, GATE_LACKING, "the kernel does not run the program of %s for %s",
			      link_kinds[i].pin, g->path);
			return 0;
		}
	}
	/* The guard knows members by the policy; by a cgroup that is gone it knows none. */
	if (g->standing.policy.cgroup && g->standing.policy.cgroup != g->standing.cgroup_id) {
		lacks(g, GATE_LACKING, "the policy in force is of another cgroup than %s", g->path);
		return 0;
	}
	g->state = GATE_FENCED;
	return 0;
}

int gate_look(const char *name, struct gate *ret, struct err *e)
{
	char mount[PATH_MAX], slice[PATH_MAX];
	int cgroup, r;

	memset(ret, 0, sizeof(*ret));
	ret->state = GATE_LACKING;
	if (standing_read(name, &ret->standing, e) || own_path(ret, e) ||
	    cgroup_mount(mount, sizeof(mount), e))
		return -1;
	if (!ret->standing.whole) {
		lacks(ret, GATE_LACKING, "%s", ret->standing.missing);
		return 0;
	}
	if (!is_within(mount, ret->path, ret->standing.cgroup_id)) {
		cgroup_slice(name, slice, sizeof(slice));
		lacks(ret, GATE_ELSEWHERE,
		      "the fence stands, but this was called in %s, which is not inside it; the "
		      "unit needs Slice=%s",
		      ret->path, strrchr(slice, '/') + 1);
		return 0;
	}
	cgroup = open_own(mount, ret->path, e);
	if (cgroup < 0)
		return -1;
	r = compare_programs(name, cgroup, ret, e);
	close(cgroup);
	return r;
}
