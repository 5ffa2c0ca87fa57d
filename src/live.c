// SPDX-License-Identifier: GPL-2.0-only
#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

#define RECORD	   "cgroup"
#define NEW_RECORD ".cgroup.new"

static void record_path(const char *dir, const char *name, char ret[PATH_MAX])
{
	snprintf(ret, PATH_MAX, "%s/%s/" RECORD, dir, name);
}

/* One line, a path from the root of cgroup2. A record that is cut off names another cgroup. */
static bool is_path(const char *text)
{
	size_t len = strcspn(text, "\n");

	return *text == '/' && len > 1 && text[len] == '\n' && !text[len + 1] &&
	       !strstr(text, "/../") && !strstr(text, "/..\n");
}

int live_read(const char *dir, const char *name, char *ret, size_t size, struct err *e)
{
	char path[PATH_MAX], *text;
	struct stat st;
	bool right;

	record_path(dir, name, path);
	if (lstat(path, &st))
		return errno == ENOENT || errno == ENOTDIR ? 0 : err_errno(e, "%s", path);
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e, EXIT_FAILED,
			       "%s must be a file that is root's and writable by nobody else: find "
			       "out who made it, then remove it",
			       path);
	text = file_text(path, e);
	if (!text)
		return -1;
	right = strlen(text) <= size && is_path(text);
	if (right)
		snprintf(ret, size, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return right ? 1
		     : err_set(e, EXIT_FAILED,
			       "%s names no cgroup: wgfence attach --live %s writes it anew", path,
			       name);
}

static int write_record(int dir, const char *cgroup)
{
	int fd = openat(dir, NEW_RECORD, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			0644),
	    r;

	if (fd < 0)
		return -1;
	r = dprintf(fd, "%s\n", cgroup) == (int)strlen(cgroup) + 1 ? 0 : -1;
	if (close(fd) || r)
		return -1;
	return renameat(dir, NEW_RECORD, dir, RECORD);
}

int live_write(const char *dir, const char *name, const char *cgroup, struct err *e)
{
	int fd = run_dir_open(dir, name, e), r;

	if (fd < 0)
		return -1;
	r = write_record(fd, cgroup) ? err_errno(e, "cannot write %s/%s/" RECORD, dir, name) : 0;
	close(fd);
	return r;
}

int live_remove(const char *dir, const char *name, struct err *e)
{
	char path[PATH_MAX];

	record_path(dir, name, path);
	return unlink(path) && errno != ENOENT && errno != ENOTDIR
		       ? err_errno(e, "cannot remove %s", path)
		       : 0;
}
