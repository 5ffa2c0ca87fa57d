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
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, fd = openat(at, path, flags);
	bool made = fd < 0 && errno == ENOENT && mkdirat(at, path, 0755) == 0;
	struct stat st;

	/* Made by us, or by somebody who was faster. */
	if (made || (fd < 0 && errno == EEXIST))
		fd = openat(at, path, flags);
	if (fd < 0)
		return err_errno(e, "cannot make or open the directory %s", path);
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
