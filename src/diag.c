// SPDX-License-Identifier: GPL-2.0-only
#include "diag.h"

#include <dirent.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define TIME_WAIT_STATE	   6  /* has no cgroup any more */
#define NEW_SYN_RECV_STATE 12 /* its listener is told */

struct each {
	int (*f)(u64 inode, u64 cgroup_id, void *context);
	void *context;
};

static int find_cgroup_id(const struct nlattr *attr, void *data)
{
	u64 *id = data;

	if (mnl_attr_get_type(attr) == INET_DIAG_CGROUP_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U64) == 0)
		*id = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

u64 diag_parse(const struct nlmsghdr *nlh, u32 *ret_inode)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(nlh);
	u64 id = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*msg))
		return 0;
	mnl_attr_parse(nlh, sizeof(*msg), find_cgroup_id, &id);
	*ret_inode = msg->idiag_inode;
	return id;
}

static int take_socket(const struct nlmsghdr *nlh, void *data)
{
	const struct each *each = data;
	u32 inode = 0;
	u64 id = diag_parse(nlh, &inode);

	return !id || each->f(inode, id, each->context) == 0 ? MNL_CB_OK : MNL_CB_ERROR;
}

static int dump(struct mnl_socket *nl, u8 family, u8 protocol, struct each *each, struct err *e)
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
		return err_errno(e, "cannot ask for the sockets");
	do {
		n = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		ret = n < 0 ? -1 : mnl_cb_run(buffer, (size_t)n, 0, 0, take_socket, each);
	} while (ret > 0);
	if (ret < 0 && errno == ENOENT)
		return err_set(e, EXIT_FAILED,
			       "this kernel cannot list its %s sockets (it has no module %s_diag)",
			       protocol == IPPROTO_TCP ? "TCP" : "UDP",
			       protocol == IPPROTO_TCP ? "tcp" : "udp");
	return ret < 0 ? err_errno(e, "cannot list the sockets") : 0;
}

int diag_each(int (*f)(u64 inode, u64 cgroup_id, void *context), void *context, struct err *e)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_SOCK_DIAG);
	struct each each = {f, context};
	int ret = nl ? 0 : err_errno(e, "cannot open sock_diag");

	for (int i = 0; ret == 0 && i < 4; i++)
		ret = dump(nl, i & 1 ? AF_INET6 : AF_INET, i & 2 ? IPPROTO_UDP : IPPROTO_TCP, &each,
			   e);
	if (nl)
		mnl_socket_close(nl);
	return ret;
}

/* By its protocol's name; one that is not known counts. */
static bool is_internet(const char *path, char proto[DIAG_PROTO])
{
	ssize_t n = getxattr(path, "system.sockprotoname", proto, DIAG_PROTO - 1);

	if (n <= 0)
		return false;
	proto[n] = '\0';
	return strncmp(proto, "UNIX", strlen("UNIX")) != 0 && strcmp(proto, "NETLINK") != 0;
}

/* Asked of /proc alone: another file's own file system might never answer. */
static bool is_socket(const char *path, u64 *ret_inode)
{
	unsigned long long inode;
	char link[32];
	ssize_t n = readlink(path, link, sizeof(link) - 1);

	link[n > 0 ? n : 0] = '\0';
	if (sscanf(link, "socket:[%llu]", &inode) != 1)
		return false;
	*ret_inode = inode;
	return true;
}

int diag_held(u64 pid, int (*f)(u64 inode, const char *proto, void *context), void *context)
{
	char path[64], proto[DIAG_PROTO];
	struct dirent *entry;
	int ret = 0;
	u64 inode;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%llu/fd", pid);
	d = opendir(path);
	while (ret == 0 && d && (entry = readdir(d))) {
		snprintf(path, sizeof(path), "/proc/%llu/fd/%.32s", pid, entry->d_name);
		if (is_socket(path, &inode) && is_internet(path, proto))
			ret = f(inode, proto, context);
	}
	if (d)
		closedir(d);
	return ret;
}
