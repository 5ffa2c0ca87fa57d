// SPDX-License-Identifier: GPL-2.0-only
#include "pins.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file.h"
#include "types.h"

#define LOCK_ALL_TRIES 200 /* with the pauses a second */
#define LOCK_ALL_USEC  5000

/*
 * bpffs lets anybody make directories at its root (mode 1777), so a directory that is there already
 * counts only if it is root's alone.
 */
static int make_private_dir(const char *path, struct err *e)
{
	struct stat st;

	if (mkdir(path, 0700) && errno != EEXIST)
		return err_errno(e, "cannot make %s", path);
	if (lstat(path, &st))
		return err_errno(e, "%s", path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != 0 || (st.st_mode & 077) != 0)
		return err_set(
			e, EXIT_FAILED,
			"%s must be a directory that is root's alone, but is of uid %u, mode %04o: "
			"find out who made it, then remove it",
			path, st.st_uid, st.st_mode & 07777);
	return 0;
}

int pins_mounted(struct err *e)
{
	struct statfs fs;

	if (statfs(PINS_ROOT, &fs))
		return err_errno(e, PINS_ROOT);
	if (fs.f_type != BPF_FS_MAGIC)
		return err_set(e, EXIT_UNSUPPORTED,
			       "bpffs is not mounted: mount -t bpf bpf " PINS_ROOT);
	return 0;
}

static int take_lock(const char *dir, struct err *e)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "%s", dir);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (errno == EWOULDBLOCK)
		err_set(e, EXIT_FAILED,
			"another wgfence is at work on this fence (its `run`, or an attach or "
			"detach)");
	else
		err_errno(e, "cannot lock %s", dir);
	close(fd);
	return -1;
}

/* A detach may have removed the directory between our open and our lock. */
static bool still_there(const char *dir, int fd)
{
	struct stat now, held;

	return stat(dir, &now) == 0 && fstat(fd, &held) == 0 && now.st_ino == held.st_ino &&
	       now.st_dev == held.st_dev;
}

int pins_lock(const char *name, struct pins *ret, struct err *e)
{
	struct pins p = {.lock = -1};

	snprintf(p.dir, sizeof(p.dir), PINS_DIR "/%s", name);
	if (pins_mounted(e))
		return -1;
	for (;;) {
		if (make_private_dir(PINS_DIR, e) || make_private_dir(p.dir, e))
			return -1;
		p.lock = take_lock(p.dir, e);
		if (p.lock < 0)
			return -1;
		if (still_there(p.dir, p.lock))
			break;
		close(p.lock);
	}
	*ret = p;
	return 0;
}

bool pins_in_place(const struct pins *pins)
{
	return still_there(pins->dir, pins->lock);
}

/* Of a map or a link: in the infos of both the type comes first, then the id. */
static u32 object_id(int fd)
{
	union {
		struct bpf_map_info map;
		struct bpf_link_info link;
	} info = {0};
	u32 len = sizeof(info);

	_Static_assert(offsetof(struct bpf_map_info, id) == offsetof(struct bpf_link_info, id),
		       "one place for both");
	return bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.map.id;
}

static int pin_again(const char *name, int from, const char *pin, struct err *e)
{
	char path[PATH_MAX];
	int fd, there, ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", from, pin);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return err_errno(e, "cannot open the pin %s of the bpffs that was unmounted", pin);
	there = pins_get(name, pin, e);
	if (there < 0)
		ret = errno == ENOENT ? pins_put(name, pin, fd, e) : -1;
	else if (object_id(there) != object_id(fd))
		ret = err_set(e, EXIT_FAILED,
			      "another fence was put in place meanwhile: end this one's `run`, "
			      "start it again");
	else
		ret = 0;
	if (there >= 0)
		close(there);
	close(fd);
	return ret;
}

int pins_restore(const char *name, struct pins *pins, struct err *e)
{
	struct pins now;
	struct dirent *entry;
	char path[64];
	int ret = 0;
	DIR *old;

	if (pins_lock(name, &now, e))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", pins->lock);
	old = opendir(path);
	if (!old) {
		pins_unlock(&now);
		return err_errno(e, "cannot read the bpffs that was unmounted");
	}
	while (ret == 0 && (entry = readdir(old)))
		if (entry->d_name[0] != '.')
			ret = pin_again(name, pins->lock, entry->d_name, e);
	closedir(old);
	if (ret) {
		pins_unlock(&now);
		return -1;
	}
	pins_unlock(pins);
	*pins = now;
	return 0;
}

void pins_unlock(struct pins *pins)
{
	if (pins->lock >= 0)
		close(pins->lock);
	pins->lock = -1;
}

bool pins_exist(const char *name)
{
	char path[PATH_MAX];

	pins_path(name, "", path);
	return access(path, F_OK) == 0;
}

/* "1: FLOCK  ADVISORY  WRITE PID MAJOR:MINOR:INODE 0 EOF"; PID 0: of another pid namespace. */
static bool find_lock(const char *name, int *ret_pid)
{
	unsigned long long inode;
	char path[PATH_MAX], *text;
	struct err e;
	struct stat st;
	bool busy = false;
	int pid;

	*ret_pid = 0;
	pins_path(name, "", path);
	if (stat(path, &st))
		return false;
	text = file_text("/proc/locks", &e);
	for (const char *line = text; line && *line && !busy;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		unsigned major, minor;

		busy = sscanf(line, "%*s FLOCK %*s WRITE %d %x:%x:%llu", &pid, &major, &minor,
			      &inode) == 4 &&
		       makedev(major, minor) == st.st_dev && inode == st.st_ino;
	}
	if (busy)
		*ret_pid = pid;
	free(text);
	return busy;
}

bool pins_busy(const char *name)
{
	int pid;

	return find_lock(name, &pid);
}

int pins_holder(const char *name)
{
	int pid;

	find_lock(name, &pid);
	return pid;
}

void pins_path(const char *name, const char *pin, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, PINS_DIR "/%s/%s", name, pin);
}

int pins_get(const char *name, const char *pin, struct err *e)
{
	char path[PATH_MAX];
	int fd;

	pins_path(name, pin, path);
	fd = bpf_obj_get(path);
	if (fd < 0 && errno != ENOENT)
		return err_errno(e, "cannot open the pin %s", path);
	return fd;
}

int pins_put(const char *name, const char *pin, int fd, struct err *e)
{
	char path[PATH_MAX];

	pins_path(name, pin, path);
	return bpf_obj_pin(fd, path) ? err_errno(e, "cannot pin %s", path) : 0;
}

int pins_rename(const char *name, const char *from, const char *to, struct err *e)
{
	char a[PATH_MAX], b[PATH_MAX];

	pins_path(name, from, a);
	pins_path(name, to, b);
	return rename(a, b) ? err_errno(e, "cannot rename %s to %s", a, to) : 0;
}

int pins_remove(const char *name, const char *pin, struct err *e)
{
	char path[PATH_MAX];

	pins_path(name, pin, path);
	return unlink(path) ? err_errno(e, "cannot remove %s", path) : 0;
}

/* Held for milliseconds; by one that was stopped (SIGSTOP) for ever, which nobody waits for. */
int pins_lock_all(struct err *e)
{
	int fd = open(PINS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, PINS_DIR);
	for (int i = 0; i < LOCK_ALL_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		usleep(LOCK_ALL_USEC);
	}
	err_errno(e, "cannot compare the numbers of all fences: " PINS_DIR);
	close(fd);
	return -1;
}

int pins_each_fence(int (*f)(const char *name, void *context), void *context, struct err *e)
{
	DIR *d = opendir(PINS_DIR);
	const struct dirent *entry;
	int ret = 0;

	if (!d)
		return errno == ENOENT ? 0 : err_errno(e, PINS_DIR);
	while (ret == 0 && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			ret = f(entry->d_name, context);
	closedir(d);
	return ret;
}

int pins_each(const char *name, int (*f)(const char *pin, void *context), void *context,
	      struct err *e)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	pins_path(name, "", path);
	dir = opendir(path);
	if (!dir)
		return err_errno(e, "%s", path);
	while (ret == 0 && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			ret = f(entry->d_name, context);
	closedir(dir);
	return ret;
}

void pins_remove_empty_dir(const char *name)
{
	char path[PATH_MAX];

	pins_path(name, "", path);
	rmdir(path);	 /* fails where pins are left */
	rmdir(PINS_DIR); /* fails where other fences stand */
}
