// SPDX-License-Identifier: GPL-2.0-only
#include "cgroup.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "file.h"
#include "live.h"

#define FILEID_KERNFS 0xfe /* linux/exportfs.h: a handle that is a 64-bit kernfs id */

/* mountinfo: ID PARENT MAJ:MIN ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS */
static bool line_is_cgroup2(const char *line, size_t len, char *point, size_t size)
{
	char copy[PATH_MAX + 512], type[32], root[PATH_MAX], where[PATH_MAX];
	const char *dash;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, line, len);
	copy[len] = '\0';
	dash = strstr(copy, " - ");
	if (!dash || sscanf(dash, " - %31s", type) != 1 || strcmp(type, "cgroup2") != 0)
		return false;
	if (sscanf(copy, "%*s %*s %*s %4095s %4095s", root, where) != 2 || strcmp(root, "/") != 0)
		return false;
	return (size_t)snprintf(point, size, "%s", where) < size;
}

bool cgroup_find_mount(const char *mountinfo, char *ret, size_t size)
{
	for (const char *line = mountinfo; *line;) {
		size_t len = strcspn(line, "\n");

		if (line_is_cgroup2(line, len, ret, size))
			return true;
		line += len + (line[len] == '\n');
	}
	return false;
}

/* HIERARCHY:CONTROLLERS:PATH; that of cgroup2 is 0 and names no controller, hybrid or not. */
bool cgroup_own_path(const char *text, char *ret, size_t size)
{
	static const char head[] = "0::/", removed[] = " (deleted)";
	const char *line = text;
	size_t len;

	while (*line && strncmp(line, head, strlen(head)) != 0) {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	if (!*line)
		return false;
	line += strlen(head) - 1;
	len = strcspn(line, "\n");
	if (len >= size || strncmp(line, "/..", 3) == 0)
		return false;
	memcpy(ret, line, len);
	ret[len] = '\0';
	return len < strlen(removed) || strcmp(ret + len - strlen(removed), removed) != 0;
}

void cgroup_escape(const char *name, char *ret, size_t size)
{
	size_t n = 0;

	ret[0] = '\0';
	for (; *name && n + 5 < size; name++)
		n += (size_t)snprintf(
			ret + n, size - n,
			isalnum((unsigned char)*name) || strchr(":_", *name) ? "%c" : "\\x%02x",
			(unsigned char)*name);
}

void cgroup_slice(const char *name, char *ret, size_t size)
{
	char escaped[4 * FENCE_NAME_MAX + 6];

	cgroup_escape(name, escaped, sizeof(escaped));
	snprintf(ret, size, "/wgfence.slice/wgfence-%s.slice", escaped);
}

bool cgroup_v1_takes_sockets(const char *cgroups, const char *release)
{
	unsigned major = 0, minor = 0, hierarchy;
	char name[64];

	/* An unreadable release counts as old: closed. */
	if (sscanf(release, "%u.%u", &major, &minor) == 2 &&
	    (major > 5 || (major == 5 && minor >= 15)))
		return false;
	for (const char *line = cgroups; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (sscanf(line, "%63s %u", name, &hierarchy) == 2 && hierarchy != 0 &&
		    (strcmp(name, "net_cls") == 0 || strcmp(name, "net_prio") == 0))
			return true;
	return false;
}

int cgroup_check_hybrid(struct err *e)
{
	struct utsname u;
	char *cgroups = file_text("/proc/cgroups", e);
	bool taken;

	if (!cgroups)
		return -1;
	uname(&u);
	taken = cgroup_v1_takes_sockets(cgroups, u.release);
	free(cgroups);
	if (taken)
		return err_set(
			e, EXIT_UNSUPPORTED,
			"a cgroup v1 net_cls or net_prio hierarchy is in use: before Linux 5.15 it "
			"takes sockets out of cgroup2, past the fence; boot without it "
			"(systemd.unified_cgroup_hierarchy=1)");
	return 0;
}

int cgroup_mount(char *ret, size_t size, struct err *e)
{
	char *mountinfo = file_text("/proc/self/mountinfo", e);
	bool found;

	if (!mountinfo)
		return -1;
	found = cgroup_find_mount(mountinfo, ret, size);
	free(mountinfo);
	if (!found)
		return err_set(
			e, EXIT_UNSUPPORTED,
			"cgroup2 is not mounted here: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
	return 0;
}

/* 1: the unit's own, live; 0: as configured, or the slice; -1: e. */
static int find_path(const struct config *c, char *ret, size_t size, struct err *e)
{
	int live = c->unit[0] ? live_read(RUN_DIR, c->name, ret, size, e) : 0;

	if (live > 0 && strcmp(strrchr(ret, '/') + 1, c->unit) != 0)
		return err_set(e, EXIT_MISUSE,
			       "%s: the fence stands live on %s, which is not %s: detach it first",
			       c->file, ret, c->unit);
	if (live == 0 && c->cgroup[0])
		snprintf(ret, size, "%s", c->cgroup);
	else if (live == 0)
		cgroup_slice(c->name, ret, size);
	return live;
}

int cgroup_open(const struct config *c, struct cgroup *ret, struct err *e)
{
	char mount[PATH_MAX], full[2 * PATH_MAX];
	struct cgroup cg = {.fd = -1};
	struct stat st;
	int live;

	if (cgroup_check_hybrid(e) || cgroup_mount(mount, sizeof(mount), e))
		return -1;
	live = find_path(c, cg.path, sizeof(cg.path), e);
	if (live < 0)
		return -1;
	snprintf(full, sizeof(full), "%s%s", mount, cg.path);
	cg.fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cg.fd < 0 && errno == ENOENT && live)
		return err_set(e, EXIT_NOT_ENFORCED,
			       "%s: %s, which is fenced live, does not run (%s)", c->file, c->unit,
			       full);
	if (cg.fd < 0 && errno == ENOENT && c->unit[0])
		return err_set(e, EXIT_NOT_ENFORCED,
			       "%s: the slice of %s does not exist yet (%s): start it with "
			       "systemctl start "
			       "'%s'",
			       c->file, c->unit, full, strrchr(cg.path, '/') + 1);
	if (cg.fd < 0) {
		err_errno(e, "%s: cgroup: %s", c->file, full);
		if (errno == ENOENT)
			e->code = EXIT_NOT_ENFORCED; /* as for a slice: there is nothing to fence
							yet */
		return -1;
	}
	if (fstat(cg.fd, &st)) {
		err_errno(e, "%s", full);
		cgroup_close(&cg);
		return -1;
	}
	cg.id = st.st_ino;
	*ret = cg;
	return 0;
}

void cgroup_close(struct cgroup *cg)
{
	if (cg->fd >= 0)
		close(cg->fd);
	cg->fd = -1;
}

int cgroup_open_id(u64 id)
{
	char mount[PATH_MAX],
		buffer[sizeof(struct file_handle) + sizeof(id)] __attribute__((aligned(8)));
	struct file_handle *handle = (struct file_handle *)buffer;
	struct err e = {0};
	int mount_fd, fd, err;

	if (cgroup_mount(mount, sizeof(mount), &e)) {
		if (e.code == EXIT_UNSUPPORTED)
			errno = ENOTSUP;
		return -1;
	}
	mount_fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount_fd < 0)
		return -1;
	handle->handle_bytes = sizeof(id);
	handle->handle_type = FILEID_KERNFS;
	memcpy(handle->f_handle, &id, sizeof(id));
	fd = open_by_handle_at(mount_fd, handle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = errno;
	close(mount_fd);
	errno = err;
	return fd;
}

bool cgroup_exists(u64 id)
{
	int fd = cgroup_open_id(id);

	if (fd < 0)
		return errno != ESTALE && errno != ENOENT;
	close(fd);
	return true;
}
