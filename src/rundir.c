// SPDX-License-Identifier: GPL-2.0-only
#include "rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whatever the caller's umask: a new directory is readable for all. Returns a descriptor. */
static int open_own_dir(int at, const char *path, struct err *e)
{
	bool made = mkdirat(at, path, 0755) == 0;
	struct stat st;
	int fd;

	if (!made && errno != EEXIST)
		return err_errno(e, "cannot make the directory %s", path);
	fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, "the directory %s", path);
	if (fstat(fd, &st) || (made && fchmod(fd, 0755)))
		err_errno(e, "the directory %s", path);
	else if ((st.st_uid != 0 && st.st_uid != geteuid()) || st.st_mode & (S_IWGRP | S_IWOTH))
		err_set(e, EXIT_FAILED,
			"the directory %s must be root's and writable by nobody else, but is of "
			"uid %u, mode %04o: find out who made it, then remove it",
			path, st.st_uid, st.st_mode & 07777U);
	else
		return fd;
	close(fd);
	return -1;
}

int run_dir_open(const char *dir, const char *name, struct err *e)
{
	int outer = open_own_dir(AT_FDCWD, dir, e), inner;

	if (outer < 0)
		return -1;
	inner = open_own_dir(outer, name, e);
	close(outer);
	return inner;
}
