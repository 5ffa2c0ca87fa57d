// SPDX-License-Identifier: GPL-2.0-only
#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"
#include "file.h"

/* The last of a line's first four numbers: real, effective, saved, of the file system. */
static bool last_of_four(const char *status, const char *key, unsigned *ret)
{
	const char *line = strstr(status, key);

	return line && sscanf(line + strlen(key), "%*u %*u %*u %u", ret) == 1;
}

bool inside_user_parse(const char *status, struct inside_user *ret)
{
	const char *line = strstr(status, "\nGroups:");

	memset(ret, 0, sizeof(*ret));
	if (!line || !last_of_four(status, "\nUid:", &ret->uid) ||
	    !last_of_four(status, "\nGid:", &ret->gid))
		return false;
	line += strlen("\nGroups:");
	while (ret->n_groups < INSIDE_GROUPS) {
		char *end;

		line += strspn(line, " \t");
		ret->groups[ret->n_groups] = (gid_t)strtoul(line, &end, 10);
		if (end == line || *line == '\n')
			break;
		ret->n_groups++;
		line = end;
	}
	return true;
}

/* In the process's root, by no link out of it nor into another process. */
static int open_in(int root, const char *path, u64 flags)
{
	const struct open_how how = {.flags = flags | O_CLOEXEC,
				     .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* A path first, which opens nothing: what is no regular file is never opened. */
static void read_text(int root, const char *path, struct inside *ret)
{
	int place = open_in(root, path, O_PATH), fd;
	char self[32];
	struct stat st;
	ssize_t n;

	if (place < 0 || fstat(place, &st) || !S_ISREG(st.st_mode))
		return;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", place);
	fd = open(self, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, ret->text, sizeof(ret->text) - 1);
	if (n < 0 || n == (ssize_t)sizeof(ret->text) - 1)
		return;
	ret->text[n] = '\0';
	ret->has_text = true;
}

/* Connecting asks for the right to write to the socket's inode. */
static bool is_reachable(int root, const char *path)
{
	int place = open_in(root, path, O_PATH);
	struct stat st;

	return place >= 0 && fstat(place, &st) == 0 && S_ISSOCK(st.st_mode) &&
	       faccessat(place, "", W_OK, AT_EACCESS | AT_EMPTY_PATH) == 0;
}

/*
 * setfsuid(2), not setuid(2): the process may not signal the child then, and the change makes it
 * no object of ptrace(2) for its user.
 */
static bool look(int root, const struct inside_user *user, const char *file,
		 const char *const *sockets, struct inside *ret)
{
	if (setgroups(user->n_groups, user->groups))
		return false;
	setfsgid(user->gid);
	setfsuid(user->uid);
	if ((gid_t)setfsgid((gid_t)-1) != user->gid || (uid_t)setfsuid((uid_t)-1) != user->uid)
		return false;
	read_text(root, file, ret);
	for (unsigned i = 0; i < INSIDE_SOCKETS && sockets[i]; i++)
		ret->reachable[i] = is_reachable(root, sockets[i]);
	return true;
}

static int wait_for(pid_t child, struct err *e)
{
	int status = child_ended(child, INSIDE_MSEC);

	if (status < 0)
		return err_set(e, EXIT_FAILED, "what it sees does not answer");
	return status == 0 ? 0 : err_set(e, EXIT_FAILED, "it cannot be looked into");
}

static int look_by_child(int root, const struct inside_user *user, const char *file,
			 const char *const *sockets, struct inside *ret, struct err *e)
{
	struct inside *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;
	int r;

	if (shared == MAP_FAILED)
		return err_errno(e, "no memory");
	child = fork();
	if (child == 0)
		_exit(look(root, user, file, sockets, shared) ? 0 : 1);
	r = child < 0 ? err_errno(e, "cannot start a process") : wait_for(child, e);
	if (r == 0)
		memcpy(ret, shared, sizeof(*ret));
	munmap(shared, sizeof(*shared));
	return r;
}

int inside_look(pid_t pid, const char *file, const char *const *sockets, struct inside *ret,
		struct err *e)
{
	struct inside_user user;
	char path[64], *status;
	bool known;
	int root, r;

	memset(ret, 0, sizeof(*ret));
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = file_text(path, e);
	known = status && inside_user_parse(status, &user);
	free(status);
	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	root = known ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (root < 0)
		return err_errno(e, "%s", path);
	r = look_by_child(root, &user, file, sockets, ret, e);
	close(root);
	return r;
}
