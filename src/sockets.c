// SPDX-License-Identifier: GPL-2.0-only
#include "sockets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cgroup.h"

#define MAX_DEPTH	   16
#define TIME_WAIT_STATE	   6  /* has no cgroup any more */
#define NEW_SYN_RECV_STATE 12 /* its listener is counted */

struct ids {
	u64 *id;
	size_t n, room;
};

struct count {
	struct members *members;
	struct ids cgroups, processes;
	struct ids sockets; /* inodes of those that are counted */
	struct ids left;    /* inodes of those whose cgroup is gone, and which somebody holds */
	struct err *e;
};

static int add_id(struct ids *ids, u64 id)
{
	if (ids->n == ids->room) {
		size_t room = ids->room ? 2 * ids->room : 64;
		u64 *more = realloc(ids->id, room * sizeof(*more));

		if (!more)
			return -1;
		ids->id = more;
		ids->room = room;
	}
	ids->id[ids->n++] = id;
	return 0;
}

static bool has_id(const struct ids *ids, u64 id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->id[i] == id)
			return true;
	return false;
}

static int list_processes(int dir, struct count *c)
{
	int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC), ret = 0;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char line[32];

	while (ret == 0 && f && fgets(line, sizeof(line), f))
		ret = add_id(&c->processes, strtoull(line, NULL, 10));
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	return ret;
}

/* Walks the cgroup and those below it. A cgroup that vanishes meanwhile has no process left. */
static int walk(int dir, unsigned depth, struct count *c)
{
	DIR *d = fdopendir(dir);
	struct dirent *entry;
	struct stat st;
	int ret = 0;

	if (!d || fstat(dirfd(d), &st) || depth > MAX_DEPTH || add_id(&c->cgroups, st.st_ino) ||
	    list_processes(dirfd(d), c)) {
		if (d)
			closedir(d);
		else
			close(dir);
		return err_set(c->e, EXIT_FAILED, "cannot walk the cgroup");
	}
	while (ret == 0 && (entry = readdir(d))) {
		int child;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		child = openat(dirfd(d), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (child >= 0)
			ret = walk(child, depth + 1, c);
	}
	closedir(d);
	return ret;
}

static int find_cgroup_id(const struct nlattr *attr, void *data)
{
	u64 *id = data;

	if (mnl_attr_get_type(attr) == INET_DIAG_CGROUP_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U64) == 0)
		*id = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

/*
 * One that its process has closed, and TCP still has to send for, has no inode. Every other is
 * held, by a process or by the kernel itself: a WireGuard interface's, an NFS mount's, which belong
 * to the cgroup of whoever made them, wg-quick's say, that has ended.
 */
static int count_left(u32 inode, struct count *c)
{
	if (inode)
		return add_id(&c->left, inode) ? MNL_CB_ERROR : MNL_CB_OK;
	c->members->orphans++;
	return MNL_CB_OK;
}

u64 socket_parse(const struct nlmsghdr *nlh, u32 *ret_inode)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(nlh);
	u64 id = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*msg))
		return 0;
	mnl_attr_parse(nlh, sizeof(*msg), find_cgroup_id, &id);
	*ret_inode = msg->idiag_inode;
	return id;
}

static int count_socket(const struct nlmsghdr *nlh, void *data)
{
	struct count *c = data;
	u32 inode = 0;
	u64 id = socket_parse(nlh, &inode);

	if (!id)
		return MNL_CB_OK;
	if (!has_id(&c->cgroups, id))
		return cgroup_exists(id) ? MNL_CB_OK : count_left(inode, c);
	c->members->sockets++;
	return add_id(&c->sockets, inode) ? MNL_CB_ERROR : MNL_CB_OK;
}

static int dump(struct mnl_socket *nl, u8 family, u8 protocol, struct count *c)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	ssize_t n;
	int ret;

	nlh->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	*req = (struct inet_diag_req_v2){
		.sdiag_family = family,
		.sdiag_protocol = protocol,
		.idiag_states = ~((1u << TIME_WAIT_STATE) | (1u << NEW_SYN_RECV_STATE)),
	};
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return err_errno(c->e, "cannot ask for the sockets");
	do {
		n = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		ret = n < 0 ? -1 : mnl_cb_run(buffer, (size_t)n, 0, 0, count_socket, c);
	} while (ret > 0);
	/* A protocol that the kernel has no diag module for has no sockets to tell of. */
	return ret < 0 && errno != ENOENT ? err_errno(c->e, "cannot list the sockets") : 0;
}

static int count_sockets(struct count *c)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_SOCK_DIAG);
	int ret = nl ? 0 : err_errno(c->e, "cannot open sock_diag");

	for (int i = 0; ret == 0 && i < 4; i++)
		ret = dump(nl, i & 1 ? AF_INET6 : AF_INET, i & 2 ? IPPROTO_UDP : IPPROTO_TCP, c);
	if (nl)
		mnl_socket_close(nl);
	return ret;
}

/* What a descriptor's socket is, by its protocol's name; a name that is not known counts. */
static bool is_internet(const char *path)
{
	char name[32];
	ssize_t n = getxattr(path, "system.sockprotoname", name, sizeof(name) - 1);

	if (n <= 0)
		return false;
	name[n] = '\0';
	return strncmp(name, "UNIX", strlen("UNIX")) != 0 && strcmp(name, "NETLINK") != 0;
}

/* each(path, inode) for the sockets that a process holds. One that is gone holds none. */
static int each_held(u64 pid, int (*each)(const char *path, u64 inode, struct count *c),
		     struct count *c)
{
	char path[64];
	struct dirent *entry;
	struct stat st;
	int ret = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%llu/fd", pid);
	d = opendir(path);
	while (ret == 0 && d && (entry = readdir(d))) {
		snprintf(path, sizeof(path), "/proc/%llu/fd/%.32s", pid, entry->d_name);
		if (stat(path, &st) == 0 && S_ISSOCK(st.st_mode) && !has_id(&c->sockets, st.st_ino))
			ret = each(path, st.st_ino, c);
	}
	if (d)
		closedir(d);
	return ret;
}

/*
 * sock_diag tells of no socket before it is bound or has sent, nor of one that is neither TCP nor
 * UDP.
 */
static int count_held(const char *path, u64 inode, struct count *c)
{
	if (!is_internet(path))
		return 0;
	c->members->sockets++;
	return add_id(&c->sockets, inode);
}

static int count_held_left(const char *path, u64 inode, struct count *c)
{
	(void)path;
	if (!has_id(&c->left, inode))
		return 0;
	c->members->orphans++;
	return add_id(&c->sockets, inode);
}

/* Whoever holds them now. What no process holds is the kernel's own. */
static int count_all_left(struct count *c)
{
	DIR *proc = c->left.n ? opendir("/proc") : NULL;
	struct dirent *entry;
	int ret = 0;

	if (c->left.n && !proc)
		return err_errno(c->e, "/proc");
	while (ret == 0 && proc && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			ret = each_held(strtoull(entry->d_name, NULL, 10), count_held_left, c);
	if (proc)
		closedir(proc);
	return ret ? err_set(c->e, EXIT_FAILED, "cannot list who holds the sockets") : 0;
}

static int count_processes(struct count *c)
{
	int ret = 0;

	c->members->processes = (unsigned)c->processes.n;
	for (size_t i = 0; ret == 0 && i < c->processes.n; i++)
		ret = each_held(c->processes.id[i], count_held, c);
	return ret ? err_set(c->e, EXIT_FAILED, "cannot list the sockets of the members") : 0;
}

int members_count(int cgroup, struct members *ret, struct err *e)
{
	struct count c = {.members = ret, .e = e};
	int dir, failed = 0;

	*ret = (struct members){0};
	if (cgroup >= 0) {
		dir = openat(cgroup, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		failed = dir < 0 ? err_errno(e, "cannot open the cgroup") : walk(dir, 0, &c);
	}
	if (!failed)
		failed = count_sockets(&c) || count_processes(&c) || count_all_left(&c);
	free(c.cgroups.id);
	free(c.processes.id);
	free(c.sockets.id);
	free(c.left.id);
	return failed;
}
