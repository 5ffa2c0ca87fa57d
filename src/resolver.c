// SPDX-License-Identifier: GPL-2.0-only
#include "resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rundir.h"

/*
 * Files and DNS alone: every other service of the switch (resolve, mymachines, sss, mdns4 ...) asks
 * a process outside of the unit.
 */
static const char switch_text[] =
	"# Of a fence: files, and DNS by resolv.conf. Written by wgfence.\n"
	"passwd: files\n"
	"group: files\n"
	"shadow: files\n"
	"hosts: files dns\n"
	"networks: files\n"
	"services: files\n"
	"protocols: files\n"
	"rpc: files\n"
	"ethers: files\n"
	"netgroup: files\n";

/* libc takes this host where no server is named, and the fence refuses that: names fail at once. */
void resolver_text(const struct config *c, char *ret, size_t size)
{
	size_t n = (size_t)snprintf(ret, size, "# Of the fence %s: [dns] of its configuration%s\n",
				    c->name, c->n_servers ? "." : " names no server.");

	for (unsigned i = 0; i < c->n_servers && n < size; i++) {
		char text[IP_TEXT];

		n += (size_t)snprintf(ret + n, size - n, "nameserver %s\n",
				      ip_print(&c->servers[i], text));
	}
}

/* Files of /run are read whole, or not at all. */
static bool has(int fd, const char *text)
{
	char there[RESOLVER_MAX + 1];
	ssize_t n = pread(fd, there, sizeof(there), 0);

	return n == (ssize_t)strlen(text) && memcmp(there, text, (size_t)n) == 0;
}

/*
 * Over what is there: what was longer is covered by empty lines before it is cut off, so that a
 * reader never finds the end of an old line.
 */
static int overwrite(int fd, const char *text)
{
	char lines[RESOLVER_MAX];
	size_t len = strlen(text), all = len;
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	if ((size_t)st.st_size > all)
		all = (size_t)st.st_size < sizeof(lines) ? (size_t)st.st_size : sizeof(lines);
	memset(lines, '\n', sizeof(lines));
	for (size_t i = 0; i < len; i++)
		lines[i] = text[i];
	if (pwrite(fd, lines, all, 0) != (ssize_t)all)
		return -1;
	return ftruncate(fd, (off_t)len);
}

/* Whatever the caller's umask: everybody's resolver reads it. */
static int write_file(int dir, const char *file, const char *text)
{
	int fd = openat(dir, file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644), r;

	if (fd < 0)
		return -1;
	r = fchmod(fd, 0644);
	if (r == 0 && !has(fd, text))
		r = overwrite(fd, text);
	return close(fd) || r ? -1 : 0;
}

int resolver_write(const char *dir, const struct config *c, struct err *e)
{
	int fd = run_dir_open(dir, c->name, e), r;
	char text[RESOLVER_MAX];

	if (fd < 0)
		return -1;
	resolver_text(c, text, sizeof(text));
	r = write_file(fd, RESOLVER_CONF, text) || write_file(fd, RESOLVER_SWITCH, switch_text) ? -1
												: 0;
	if (r)
		err_errno(e, "cannot write how members find names, %s/%s/" RESOLVER_CONF, dir,
			  c->name);
	close(fd);
	return r;
}

static bool stands(const char *dir, const char *name, const char *file, const char *text)
{
	char path[PATH_MAX];
	bool right;
	int fd;

	snprintf(path, sizeof(path), "%s/%s/%s", dir, name, file);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	right = has(fd, text);
	close(fd);
	return right;
}

bool resolver_stands(const char *dir, const struct config *c)
{
	char text[RESOLVER_MAX];

	resolver_text(c, text, sizeof(text));
	return stands(dir, c->name, RESOLVER_CONF, text) &&
	       stands(dir, c->name, RESOLVER_SWITCH, switch_text);
}

int resolver_remove(const char *dir, const char *name, struct err *e)
{
	static const char *const files[] = {RESOLVER_CONF, RESOLVER_SWITCH};
	char path[PATH_MAX];

	for (unsigned i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", dir, name, files[i]);
		if (unlink(path) && errno != ENOENT && errno != ENOTDIR)
			return err_errno(e, "cannot remove %s", path);
	}
	return 0;
}
