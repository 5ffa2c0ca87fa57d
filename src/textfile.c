// SPDX-License-Identifier: GPL-2.0-only
#include "textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void name_of(const char *fence, char final[NAME_MAX], char fresh[NAME_MAX])
{
	snprintf(final, NAME_MAX, "wgfence-%.100s.prom", fence);
	snprintf(fresh, NAME_MAX, ".wgfence-%.100s.new", fence);
}

static int open_directory(const char *directory, struct err *e)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? err_errno(e, "the metrics' directory %s", directory) : fd;
}

static int put(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = TEMP_FAILURE_RETRY(write(fd, text, len));

		if (n < 0)
			return -1;
		text += n;
		len -= (size_t)n;
	}
	return fchmod(fd, 0644) || fsync(fd) ? -1 : 0; /* whatever the umask */
}

/*
 * What was left by one that was killed goes first; O_EXCL then takes neither a link nor a pipe.
 * Without fsync(2) a machine that loses power may keep the name, and nothing in the file.
 */
static int write_fresh(int dir, const char *fresh, const char *text, size_t len)
{
	int fd, r;

	if (unlinkat(dir, fresh, 0) && errno != ENOENT)
		return -1;
	fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	r = put(fd, text, len);
	return close(fd) || r ? -1 : 0;
}

/*
 * Root is refused what the unit's sandbox does not give it. Without CAP_DAC_OVERRIDE it writes
 * where any user could: into directories of its own.
 */
static int refused(int dir, const char *directory, const char *final, struct err *e)
{
	struct stat st;

	err_errno(e, "cannot write the metrics, %s/%s", directory, final);
	if (errno == EROFS)
		err_set(e, e->code,
			"%s (if the disk is not, a drop-in for wgfence@.service with "
			"ReadWritePaths=%s is missing)",
			e->text, directory);
	else if (errno == EACCES && fstat(dir, &st) == 0 && st.st_uid != geteuid())
		err_set(e, e->code,
			"%s (the directory is uid %u's, mode %04o, and without CAP_DAC_OVERRIDE, "
			"as in the daemon's unit, root is refused like any other: "
			"chgrp root %s; chmod g+w %s)",
			e->text, st.st_uid, st.st_mode & 07777U, directory, directory);
	return -1;
}

int textfile_write(const char *directory, const char *fence, const char *text, size_t len,
		   struct err *e)
{
	int dir = open_directory(directory, e), r;
	char final[NAME_MAX], fresh[NAME_MAX];

	if (dir < 0)
		return -1;
	name_of(fence, final, fresh);
	r = write_fresh(dir, fresh, text, len) || renameat(dir, fresh, dir, final);
	if (r) {
		refused(dir, directory, final, e);
		unlinkat(dir, fresh, 0);
	}
	close(dir);
	return r ? -1 : 0;
}

int textfile_remove(const char *directory, const char *fence, struct err *e)
{
	char final[NAME_MAX], fresh[NAME_MAX];
	struct err none;
	struct stat st;
	int dir = open_directory(directory, &none), r = 0;

	if (dir < 0)
		return 0;
	name_of(fence, final, fresh);
	unlinkat(dir, fresh, 0);
	/* A read-only file system says so of what is not there, too. */
	if (unlinkat(dir, final, 0) && errno != ENOENT &&
	    fstatat(dir, final, &st, AT_SYMLINK_NOFOLLOW) == 0)
		r = err_errno(e, "cannot remove the metrics, %s/%s", directory, final);
	close(dir);
	return r;
}

long long textfile_age(const char *directory, const char *fence, struct err *e)
{
	char final[NAME_MAX], fresh[NAME_MAX], path[PATH_MAX + NAME_MAX];
	struct stat st;
	time_t now = time(NULL);

	name_of(fence, final, fresh);
	snprintf(path, sizeof(path), "%s/%s", directory, final);
	if (stat(path, &st))
		return err_errno(e, "%s", path);
	return now > st.st_mtime ? now - st.st_mtime : 0;
}
