// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a configuration from its file.
 *
 * Owns: which file, and whom it may belong to. Whoever can write it decides what leaks, so it is
 * refused where that could be anybody but root and the caller. Links are followed: NixOS makes
 * /etc/wgfence/NAME.conf one into its store. Every question is asked of the open file, so that a
 * file that is replaced meanwhile cannot answer for another.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

void fence_name_from_file(const char *file, char out[FENCE_NAME_MAX + 1])
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	size_t len = strlen(base), suffix = strlen(".conf");

	if (len >= suffix && strcmp(base + len - suffix, ".conf") == 0)
		len -= suffix;
	if (len > FENCE_NAME_MAX)
		len = 0;
	memcpy(out, base, len);
	out[len] = '\0';
}

static int check_file(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_errno(e, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, EXIT_MISUSE, "%s: found no regular file, one would be right",
			       path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return err_set(e, EXIT_MISUSE,
			       "%s: found the owner %u, who would decide what may leave, root "
			       "would be right: chown root %s",
			       path, st.st_uid, path);
	/* The mask of an access list shows as the group's bits. */
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e, EXIT_MISUSE,
			       "%s: found mode %04o, by which others may write, %04o would be "
			       "right: chmod go-w %s",
			       path, st.st_mode & 07777U,
			       st.st_mode & 07777U & ~(S_IWGRP | S_IWOTH), path);
	return 0;
}

/* Everything, up to `size` bytes; how many, or -1. */
static ssize_t read_whole(int fd, const char *path, char *text, size_t size, struct err *e)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = TEMP_FAILURE_RETRY(read(fd, text + len, size - len));
		if (n < 0)
			return err_errno(e, "%s", path);
		len += (size_t)n;
	} while (n && len < size);
	return (ssize_t)len;
}

static ssize_t read_checked(const char *path, char *text, size_t size, struct err *e)
{
	/* O_NONBLOCK: the open would wait for the other end of a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t len;

	if (fd < 0) {
		err_errno(e, "%s", path);
		if (errno == ENOENT)
			e->code = EXIT_MISUSE; /* no such fence: not the system's fault */
		return -1;
	}
	len = check_file(fd, path, e) ? -1 : read_whole(fd, path, text, size, e);
	close(fd);
	return len;
}

int config_read(const char *name, const char *file, struct config *ret, struct err *e)
{
	char text[CONFIG_MAX + 1]; /* one more than there may be, for config_parse() to see */
	char path[sizeof(CONFIG_DIR "/.conf") + FENCE_NAME_MAX], from_file[FENCE_NAME_MAX + 1];
	ssize_t len;

	if (file) {
		fence_name_from_file(file, from_file);
		name = from_file;
	} else if (fence_name_valid(name)) {
		snprintf(path, sizeof(path), CONFIG_DIR "/%s.conf", name);
		file = path;
	} else {
		return err_set(e, EXIT_MISUSE,
			       "found a fence's name that is none, 1 to %d of [A-Za-z0-9_@:-] "
			       "would be right",
			       FENCE_NAME_MAX);
	}
	len = read_checked(file, text, sizeof(text), e);
	return len < 0 ? -1 : config_parse(text, (size_t)len, file, name, ret, e);
}
