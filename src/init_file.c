// SPDX-License-Identifier: GPL-2.0-only
#include "init_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int full_path(const char *root, const char *path, char ret[PATH_MAX], struct err *e)
{
	return snprintf(ret, PATH_MAX, "%s%s", root, path) < PATH_MAX
		       ? 0
		       : err_set(e, EXIT_FAILED, "%s%s is too long a path", root, path);
}

static int read_whole(int fd, const char *path, char **ret, size_t *len, struct err *e)
{
	char *text = malloc(INIT_FILE_MAX + 1);
	size_t have = 0;
	ssize_t n = 1;

	while (text && n > 0 && have < INIT_FILE_MAX) {
		n = read(fd, text + have, INIT_FILE_MAX - have);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			have += (size_t)n;
	}
	if (!text || n < 0) {
		err_errno(e, "%s", path);
		free(text);
		return -1;
	}
	if (have == INIT_FILE_MAX) {
		free(text);
		return err_set(e, EXIT_FAILED, "%s is larger than %u bytes", path, INIT_FILE_MAX);
	}
	text[have] = '\0';
	*ret = text;
	*len = have;
	return 1;
}

/* A pipe in a file's place would be waited for, hence O_NONBLOCK. */
int init_file_read(const char *root, const char *path, char **ret, size_t *len, struct err *e)
{
	char full[PATH_MAX];
	struct stat st;
	int fd, r;

	if (full_path(root, path, full, e))
		return -1;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : err_errno(e, "%s", full);
	if (fstat(fd, &st))
		r = err_errno(e, "%s", full);
	else if (!S_ISREG(st.st_mode))
		r = err_set(e, EXIT_FAILED, "%s is no regular file", full);
	else
		r = read_whole(fd, full, ret, len, e);
	close(fd);
	return r;
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		left -= (size_t)n;
	}
	return 0;
}

/* Whatever the umask: readable for all, writable by the owner. close() may tell of a full disk. */
static int fill(int fd, const char *text)
{
	int r = write_all(fd, text) || fchmod(fd, 0644) || fsync(fd) ? -1 : 0, err = errno;

	if (close(fd) && r == 0)
		return -1;
	errno = err;
	return r;
}

static int write_in(int dir, const char *name, const char *text)
{
	char other[NAME_MAX + 1];
	int fd, err;

	if (snprintf(other, sizeof(other), ".%.200s.new", name) >= (int)sizeof(other)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* What a crash left behind has this name, too. */
	unlinkat(dir, other, 0);
	fd = openat(dir, other, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (fill(fd, text) == 0 && renameat(dir, other, dir, name) == 0)
		return fsync(dir);
	err = errno;
	unlinkat(dir, other, 0);
	errno = err;
	return -1;
}

/* Opens the directory of a path, and makes it where it is not there. *name is the rest. */
static int open_dir(char *full, bool make, const char **name, struct err *e)
{
	char *slash = strrchr(full, '/');
	int fd;

	*slash = '\0';
	*name = slash + 1;
	if (make && mkdir(full, 0755) && errno != EEXIST)
		return err_errno(e, "cannot make the directory %s", full);
	fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_errno(e, "%s", full) : fd;
}

/* A directory just made must outlive a crash as its file does. */
static int sync_parent(int dir)
{
	int parent = openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (parent < 0)
		return -1;
	r = fsync(parent);
	close(parent);
	return r;
}

int init_file_write(const char *root, const char *path, const char *text, struct err *e)
{
	char full[PATH_MAX];
	const char *name;
	int dir, r;

	if (full_path(root, path, full, e))
		return -1;
	dir = open_dir(full, true, &name, e);
	if (dir < 0)
		return -1;
	r = write_in(dir, name, text) || sync_parent(dir)
		    ? err_errno(e, "cannot write %s%s", root, path)
		    : 0;
	close(dir);
	return r;
}

int init_file_remove(const char *root, const char *path, struct err *e)
{
	char full[PATH_MAX];
	const char *name;
	int dir, r;

	if (full_path(root, path, full, e))
		return -1;
	dir = open_dir(full, false, &name, e);
	if (dir < 0)
		return -1;
	r = (unlinkat(dir, name, 0) && errno != ENOENT) || fsync(dir)
		    ? err_errno(e, "cannot remove %s%s", root, path)
		    : 0;
	close(dir);
	/* open_dir() has cut the name off. With more files in it the directory stays. */
	if (r == 0 && strlen(full) > 2 && strcmp(full + strlen(full) - 2, ".d") == 0)
		rmdir(full);
	return r;
}

bool init_dir_read_only(const char *root, const char *dir)
{
	char path[PATH_MAX];
	struct err e;

	if (full_path(root, dir, path, &e))
		return false;
	for (;;) {
		char *slash;

		if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
			return false;
		if (errno != ENOENT)
			return errno == EROFS;
		slash = strrchr(path, '/');
		if (!slash || slash == path)
			return false;
		*slash = '\0';
	}
}
