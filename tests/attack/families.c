// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every family of sockets that there is, in every type and protocol.
 *
 * Owns: which of them can be made, and that each one that can tries to send. Many speak to devices
 * that are not there, or to nobody: their answer is what could be made.
 */
#include "attack.h"

#include <linux/netlink.h>
#include <unistd.h>

#define TYPES	 11 /* SOCK_STREAM 1 to SOCK_PACKET 10 */
#define NOT_HERE "no way that a packet could take is set up here; the answer tells what can be made"

static unsigned made, refused;
static int first_errno;
static char names[80];

static void send_anywhere(int fd, int family)
{
	struct sockaddr_storage ss = {.ss_family = (sa_family_t)family};
	union address a = {0};
	struct iovec iov = {mark.text, mark.len};
	struct msghdr msg = {
		.msg_name = &ss, .msg_namelen = sizeof(ss), .msg_iov = &iov, .msg_iovlen = 1};

	if (family == AF_INET || family == AF_INET6) {
		a = at(&world.past[family == AF_INET6]);
		msg.msg_name = &a;
		msg.msg_namelen = size_of(&a);
	}
	(void)connect(fd, msg.msg_name, msg.msg_namelen);
	(void)sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	msg.msg_name = NULL;
	msg.msg_namelen = 0;
	(void)sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void try_one(int family, int type, int proto)
{
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, proto);

	if (fd < 0) {
		refused++;
		/* What is refused tells more than what is not there. */
		if (!first_errno || errno == EPERM)
			first_errno = errno;
		return;
	}
	if (made++ < 6)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), " %d/%d", type,
			 proto);
	send_anywhere(fd, family);
	close(fd);
}

static void by_family(int family)
{
	/* Protocols of the internet go to 262 (MPTCP); elsewhere those of netlink go furthest. */
	int protos = family == AF_INET || family == AF_INET6 ? 264 : 33;

	for (int type = 1; type < TYPES; type++)
		for (int proto = 0; proto < protos; proto++)
			try_one(family, type, proto);
	if (made)
		say("made %u (type/protocol%s), refused %u: %s", made, names, refused,
		    first_errno ? strerrorname_np(first_errno) : "-");
	else
		say("socket %s", strerrorname_np(first_errno));
}

const struct attempt families_attempts[] = {
	{.name = "AF_INET, every type and protocol", .run = by_family, .arg = AF_INET},
	{.name = "AF_INET6, every type and protocol", .run = by_family, .arg = AF_INET6},
	{.name = "AF_UNSPEC", .run = by_family, .unseen = NOT_HERE},
	{.name = "AF_AX25", .run = by_family, .arg = 3, .unseen = NOT_HERE},
	{.name = "AF_IPX", .run = by_family, .arg = 4, .unseen = NOT_HERE},
	{.name = "AF_APPLETALK", .run = by_family, .arg = 5, .unseen = NOT_HERE},
	{.name = "AF_NETROM", .run = by_family, .arg = 6, .unseen = NOT_HERE},
	{.name = "AF_BRIDGE", .run = by_family, .arg = 7, .unseen = NOT_HERE},
	{.name = "AF_ATMPVC", .run = by_family, .arg = 8, .unseen = NOT_HERE},
	{.name = "AF_X25", .run = by_family, .arg = 9, .unseen = NOT_HERE},
	{.name = "AF_ROSE", .run = by_family, .arg = 11, .unseen = NOT_HERE},
	{.name = "AF_DECnet", .run = by_family, .arg = 12, .unseen = NOT_HERE},
	{.name = "AF_NETBEUI", .run = by_family, .arg = 13, .unseen = NOT_HERE},
	{.name = "AF_SECURITY", .run = by_family, .arg = 14, .unseen = NOT_HERE},
	{.name = "AF_KEY", .run = by_family, .arg = 15, .unseen = NOT_HERE},
	{.name = "AF_NETLINK", .run = by_family, .arg = AF_NETLINK, .unseen = NOT_HERE},
	{.name = "AF_PACKET, made only", .run = by_family, .arg = 17, .unseen = NOT_HERE},
	{.name = "AF_ASH", .run = by_family, .arg = 18, .unseen = NOT_HERE},
	{.name = "AF_ECONET", .run = by_family, .arg = 19, .unseen = NOT_HERE},
	{.name = "AF_ATMSVC", .run = by_family, .arg = 20, .unseen = NOT_HERE},
	{.name = "AF_RDS", .run = by_family, .arg = 21, .unseen = NOT_HERE},
	{.name = "AF_SNA", .run = by_family, .arg = 22, .unseen = NOT_HERE},
	{.name = "AF_IRDA", .run = by_family, .arg = 23, .unseen = NOT_HERE},
	{.name = "AF_PPPOX, made only", .run = by_family, .arg = 24, .unseen = NOT_HERE},
	{.name = "AF_WANPIPE", .run = by_family, .arg = 25, .unseen = NOT_HERE},
	{.name = "AF_LLC", .run = by_family, .arg = 26, .unseen = "without the module llc2"},
	{.name = "AF_IB", .run = by_family, .arg = 27, .unseen = NOT_HERE},
	{.name = "AF_MPLS", .run = by_family, .arg = 28, .unseen = NOT_HERE},
	{.name = "AF_CAN", .run = by_family, .arg = 29, .unseen = NOT_HERE},
	{.name = "AF_TIPC", .run = by_family, .arg = 30, .unseen = NOT_HERE},
	{.name = "AF_BLUETOOTH", .run = by_family, .arg = 31, .unseen = NOT_HERE},
	{.name = "AF_IUCV", .run = by_family, .arg = 32, .unseen = NOT_HERE},
	{.name = "AF_RXRPC", .run = by_family, .arg = 33, .unseen = NOT_HERE},
	{.name = "AF_ISDN", .run = by_family, .arg = 34, .unseen = NOT_HERE},
	{.name = "AF_PHONET", .run = by_family, .arg = 35, .unseen = NOT_HERE},
	{.name = "AF_IEEE802154", .run = by_family, .arg = 36, .unseen = NOT_HERE},
	{.name = "AF_CAIF", .run = by_family, .arg = 37, .unseen = NOT_HERE},
	{.name = "AF_ALG", .run = by_family, .arg = 38, .unseen = NOT_HERE},
	{.name = "AF_NFC", .run = by_family, .arg = 39, .unseen = NOT_HERE},
	{.name = "AF_VSOCK", .run = by_family, .arg = 40, .unseen = NOT_HERE},
	{.name = "AF_KCM", .run = by_family, .arg = 41, .unseen = NOT_HERE},
	{.name = "AF_QIPCRTR", .run = by_family, .arg = 42, .unseen = NOT_HERE},
	{.name = "AF_SMC", .run = by_family, .arg = 43, .unseen = NOT_HERE},
	{.name = "AF_XDP, made only", .run = by_family, .arg = 44, .unseen = NOT_HERE},
	{.name = "AF_MCTP", .run = by_family, .arg = 45, .unseen = NOT_HERE, .since = "5.15"},
	{.name = "the families behind the last", .run = by_family, .arg = 46, .unseen = NOT_HERE},
	{.name = NULL},
};
