// SPDX-License-Identifier: GPL-2.0-only
#include "hub_listen.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 16

int hub_address(const char *dir, const char *name, const char *socket, struct sockaddr_un *ret,
		struct err *e)
{
	int len;

	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	len = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s/%s/%s", dir, name, socket);
	return (size_t)len < sizeof(ret->sun_path)
		       ? 0
		       : err_set(e, EXIT_FAILED, "%s/%s/%s is too long for a socket", dir, name,
				 socket);
}

/* Does somebody listen there still? Only one that is alive accepts, or has its queue full. */
static bool is_alive(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool alive =
		fd >= 0 && (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
			    errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return alive;
}

static int remove_stale(int dir, const char *socket, const struct sockaddr_un *address,
			struct err *e)
{
	struct stat st;

	if (fstatat(dir, socket, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : err_errno(e, "%s", address->sun_path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, EXIT_FAILED,
			       "%s is no socket: find out who made it, then remove it",
			       address->sun_path);
	if (is_alive(address))
		return err_set(e, EXIT_FAILED, "another wgfence listens at %s", address->sun_path);
	return unlinkat(dir, socket, 0) ? err_errno(e, "cannot remove %s", address->sun_path) : 0;
}

/* Nobody can connect before listen(2), so it is whose it should be from the first reader on. */
static int give(int dir, const char *socket, const char *group, const char *path, struct err *e)
{
	const struct group *g = getgrnam(group);

	if (fchmodat(dir, socket, 0600, 0))
		return err_errno(e, "%s", path);
	if (!g)
		return 0;
	if (fchownat(dir, socket, (uid_t)-1, g->gr_gid, AT_SYMLINK_NOFOLLOW) ||
	    fchmodat(dir, socket, 0660, 0))
		return err_errno(e, "cannot give %s to the group %s", path, group);
	return 0;
}

static int bind_and_listen(int dir, const char *name, const struct sockaddr_un *address,
			   const char *group, struct err *e)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_errno(e, "cannot make a socket");
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		err_errno(e, "cannot bind %s", address->sun_path);
	else if (give(dir, name, group, address->sun_path, e) == 0) {
		if (listen(fd, BACKLOG) == 0)
			return fd;
		err_errno(e, "cannot listen at %s", address->sun_path);
	}
	close(fd);
	return -1;
}

int hub_listen(const char *dir, const char *name, const char *socket, const char *group,
	       struct err *e)
{
	struct sockaddr_un address;
	int fd, inner;

	if (hub_address(dir, name, socket, &address, e))
		return -1;
	inner = run_dir_open(dir, name, e);
	if (inner < 0)
		return -1;
	fd = remove_stale(inner, socket, &address, e)
		     ? -1
		     : bind_and_listen(inner, socket, &address, group, e);
	close(inner);
	return fd;
}

void hub_unlisten(const char *dir, const char *name, const char *socket)
{
	struct sockaddr_un address;
	struct err e;
	char path[sizeof(address.sun_path)];

	if (hub_address(dir, name, socket, &address, &e))
		return;
	unlink(address.sun_path);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	rmdir(path);
}
