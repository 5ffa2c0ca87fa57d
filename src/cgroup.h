/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cgroup that a fence stands on.
 *
 * Owns: where cgroup2 is mounted, which directory a configuration means, and whether sockets there
 * belong to cgroup2 at all. Must never create or remove a cgroup.
 */
#ifndef WGF_CGROUP_H
#define WGF_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "config.h"

struct cgroup {
	int fd;		     /* its directory */
	u64 id;		     /* the inode of the directory, which link info names */
	char path[PATH_MAX]; /* inside cgroup2, starting with a slash */
};

/* Where cgroup2 is mounted, whole (root "/"): pure half, given the text of /proc/self/mountinfo. */
bool cgroup_find_mount(const char *mountinfo, char *ret, size_t size);
int cgroup_mount(char *ret, size_t size, struct err *e);

/*
 * The cgroup that a process is in, below the mount: pure half, given the text of /proc/PID/cgroup.
 * False where it is in none that can be seen from this cgroup namespace, or in one that is removed.
 */
bool cgroup_own_path(const char *text, char *ret, size_t size);

/* NAME as systemd escapes it in the name of a unit. */
void cgroup_escape(const char *name, char *ret, size_t size);

/* wgfence-NAME.slice with NAME escaped as systemd does, below wgfence.slice. */
void cgroup_slice(const char *name, char *ret, size_t size);

int cgroup_open(const struct config *c, struct cgroup *ret, struct err *e);
void cgroup_close(struct cgroup *cg);

/* The directory of the cgroup with this id; -1 with errno ESTALE or ENOENT where it is removed. */
int cgroup_open_id(u64 id);
/* False only where the kernel says for certain that the directory is gone. */
bool cgroup_exists(u64 id);

/*
 * Before 5.15 a v1 net_cls or net_prio hierarchy takes every new socket out of cgroup2 (one word in
 * the socket held either), and no program of ours would run for it. `cgroups` is the text of
 * /proc/cgroups, `release` that of uname(2).
 */
bool cgroup_v1_takes_sockets(const char *cgroups, const char *release);

/* An error where that is so here and now. That it was so before, netns_cookie_by_program() sees. */
int cgroup_check_hybrid(struct err *e);

#endif
