// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dialogue with the kernel: a real namespace read back, and answers that went wrong.
 *
 * This program has a recvmsg() of its own, which asks the kernel and then spoils what came.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "inventory.h"
#include "table.h"

enum fault {
	SOUND,
	INTERRUPTED, /* by a change, as the kernel says in the last message of a piece */
	NOT_FROM_THE_KERNEL,
	SIGNALLED,
	TOO_LONG,
	CUT_SHORT,
	ANOTHER_QUESTION,
	REFUSED,
	REFUSED_LATE, /* in the message that ends the dump */
	REFUSED_IN_FEW_BYTES,
	FAILED,
};

static enum fault fault;
static unsigned faults; /* so many pieces more are spoilt */
static unsigned spared; /* but these not, which come first */
static unsigned pieces, dumps;
static void (*at_end)(void); /* called once, when a dump has ended */

/* How many dumps end in this piece. */
static unsigned ends(const struct msghdr *msg, ssize_t n)
{
	const struct nlmsghdr *nlh = msg->msg_iov->iov_base;
	unsigned done = 0;

	for (; NLMSG_OK(nlh, n); nlh = NLMSG_NEXT(nlh, n))
		done += nlh->nlmsg_type == NLMSG_DONE;
	return done;
}

/* In the place of what came: one message of a status, of the same question. */
static ssize_t replace(struct nlmsghdr *nlh, u16 type, u32 payload, int status)
{
	nlh->nlmsg_len = NLMSG_HDRLEN + payload;
	nlh->nlmsg_type = type;
	memcpy(NLMSG_DATA(nlh), &status, sizeof(status));
	return nlh->nlmsg_len;
}

static ssize_t spoil(struct msghdr *msg, ssize_t n)
{
	struct nlmsghdr *nlh = msg->msg_iov->iov_base;

	switch (fault) {
	case INTERRUPTED:
		nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
		return n;
	case TOO_LONG:
		msg->msg_flags |= MSG_TRUNC;
		return n;
	case CUT_SHORT:
		return n - 4;
	case ANOTHER_QUESTION:
		nlh->nlmsg_seq--;
		return n;
	case REFUSED:
		return replace(nlh, NLMSG_ERROR, sizeof(struct nlmsgerr), -EOPNOTSUPP);
	case REFUSED_LATE:
		return replace(nlh, NLMSG_DONE, 4, -ENOMEM);
	case REFUSED_IN_FEW_BYTES:
		return replace(nlh, NLMSG_ERROR, 2, -1);
	default:
		return n;
	}
}

/* Takes the place of libc's. What is forged or signalled comes before the real answer. */
ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;
	ssize_t n;

	pieces++;
	if (faults && (fault == SIGNALLED || fault == FAILED)) {
		faults--;
		errno = fault == SIGNALLED ? EINTR : ENOBUFS;
		return -1;
	}
	if (faults && fault == NOT_FROM_THE_KERNEL) {
		faults--;
		memset(msg->msg_iov->iov_base, 0x41, 64);
		*from = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = 4711};
		return 64;
	}
	n = syscall(SYS_recvmsg, fd, msg, flags);
	if (n <= 0)
		return n;
	dumps += ends(msg, n);
	if (dumps && at_end) {
		at_end();
		at_end = NULL;
	}
	if (spared) {
		spared--;
		return n;
	}
	if (!faults)
		return n;
	faults--;
	return spoil(msg, n);
}

struct fault_row {
	const char *name;
	enum fault fault;
	unsigned faults;
	const char *error; /* NULL: read all the same */
};

#define FOREVER ~0U

static const struct fault_row fault_rows[] = {
	/* clang-format off */
	{"sound", SOUND, 0, NULL},
	{"interrupted once, begun anew", INTERRUPTED, 1, NULL},
	{"interrupted often", INTERRUPTED, 10, NULL},
	{"interrupted for ever", INTERRUPTED, FOREVER,
	 "rtnetlink: interfaces or addresses changed during each of 64 readings"},
	{"messages of others are not listened to", NOT_FROM_THE_KERNEL, 3, NULL},
	{"a signal", SIGNALLED, 3, NULL},
	{"a piece larger than there is room for", TOO_LONG, 1,
	 "rtnetlink: a message of more than 65536 bytes"},
	{"a piece cut short", CUT_SHORT, 1, "rtnetlink: a message cut short"},
	{"the answer to another question", ANOTHER_QUESTION, 1, "rtnetlink: an answer to no question"},
	{"refused", REFUSED, 1, "rtnetlink: the kernel refused: Operation not supported"},
	{"refused at the end", REFUSED_LATE, 1, "rtnetlink: the kernel refused: Cannot allocate memory"},
	{"refused in two bytes", REFUSED_IN_FEW_BYTES, 1, "rtnetlink: an answer cut short"},
	{"nothing received", FAILED, 1, "rtnetlink: receiving: No buffer space available"},
	/* clang-format on */
};

/* Two loopbacks would be one dump kept and another added. */
static unsigned loopbacks(const struct inventory *inv)
{
	unsigned n = 0;

	for (unsigned i = 0; i < inv->n_links; i++)
		n += strcmp(inv->links[i].name, "lo") == 0;
	return n;
}

static void test_fault(void **state)
{
	const struct fault_row *row = *state;
	struct inventory inv = {.n_links = 4711};
	struct err e = {0};
	int r;

	fault = row->fault;
	faults = row->faults;
	r = inventory_read(&inv, &e);
	assert_int_equal(r, row->error ? -1 : 0);
	if (row->error) {
		assert_string_equal(e.text, row->error);
		assert_int_equal(e.code, EXIT_FAILED);
		assert_int_equal(inv.n_links, 4711); /* untouched */
		return;
	}
	assert_int_equal(faults, 0);
	assert_int_equal(loopbacks(&inv), 1);
	assert_non_null(inventory_link_by_name(&inv, "lo"));
	inventory_free(&inv);
}

/* An interruption in any piece of any dump begins all of them anew. */
static void test_begun_anew(void **state)
{
	struct inventory inv;
	unsigned sound;
	struct err e;

	(void)state;
	faults = pieces = dumps = 0;
	assert_int_equal(inventory_read(&inv, &e), 0);
	inventory_free(&inv);
	sound = pieces;
	assert_int_equal(dumps, 3);
	for (unsigned i = 0; i < sound; i++) {
		fault = INTERRUPTED;
		faults = 1;
		spared = i;
		dumps = 0;
		assert_int_equal(inventory_read(&inv, &e), 0);
		assert_int_equal(dumps, 6);
		assert_int_equal(loopbacks(&inv), 1);
		inventory_free(&inv);
	}
}

static void set_loopback(short flags)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = flags};
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(ioctl(s, SIOCSIFFLAGS, &lo), 0);
	close(s);
}

static void loopback_up(void)
{
	set_loopback(IFF_UP);
}

/* Between the dump of the links and that of the addresses: neither is changed while it is dumped.
 */
static void test_link_changes_between_dumps(void **state)
{
	struct inventory inv;
	struct err e;

	(void)state;
	set_loopback(0);
	faults = dumps = 0;
	at_end = loopback_up;
	assert_int_equal(inventory_read(&inv, &e), 0);
	assert_int_equal(dumps, 6);
	assert_true(inventory_link_by_name(&inv, "lo")->flags & IFF_UP);
	assert_int_equal(loopbacks(&inv), 1);
	inventory_free(&inv);
}

static const char namespace[] = "set -e\n"
				"ip link set lo up\n"
				"ip link add br0 type bridge\n"
				"ip link add v0 type veth peer name v1\n"
				"ip link set v0 master br0\n"
				"for l in br0 v0 v1; do ip link set $l addrgenmode none up; done\n"
				"ip addr add 10.1.2.3/24 brd 10.1.2.127 dev v1\n"
				"ip addr add 10.9.0.1 peer 10.9.0.2/32 dev v1\n"
				"ip addr add fd00::1/64 dev br0 nodad\n"
				"ip addr add fe80::9/64 dev v1 nodad\n"
				"ip addr add ::ffff:10.7.7.7/128 dev v1 nodad\n"
				"ip route add 2001:db8:1::/64 dev v1\n"
				"ip route add 2001:db8:2::/64 via fd00::2\n"
				"ip route add 2001:db8:3::/64 dev v1 table 7\n"
				"ip route add unreachable 2001:db8:4::/64\n"
				"ip route add default dev v1\n"
				"ip -6 route add default dev v1\n";

static bool has_addr(const struct inventory *inv, const char *on, const char *own,
		     const char *network, const char *broadcast)
{
	union wgf_ip ip = {0};
	char text[IP_TEXT];

	for (unsigned i = 0; i < inv->n_addrs; i++) {
		const struct addr *a = &inv->addrs[i];

		if (strcmp(inventory_link(inv, a->ifindex)->name, on) != 0 ||
		    strcmp(ip_print(&a->local, text), own) != 0)
			continue;
		return strcmp(prefix_print(&a->network, text), network) == 0 &&
		       a->has_broadcast == (broadcast != NULL) &&
		       (!broadcast || (ip_parse(broadcast, &ip) && ip.w[3] == a->broadcast));
	}
	return false;
}

static bool has_onlink(const struct inventory *inv, const char *on, const char *network)
{
	char text[IP_TEXT];

	for (unsigned i = 0; i < inv->n_onlinks; i++)
		if (strcmp(prefix_print(&inv->onlinks[i].network, text), network) == 0 &&
		    strcmp(inventory_link(inv, inv->onlinks[i].ifindex)->name, on) == 0)
			return true;
	return false;
}

static void test_live(void **state)
{
	struct inventory inv;
	const struct link *br0, *v0;
	struct err e;

	(void)state;
	faults = 0;
	assert_true(system(namespace) == 0);
	assert_true(inventory_read(&inv, &e) == 0);
	br0 = inventory_link_by_name(&inv, "br0");
	v0 = inventory_link_by_name(&inv, "v0");
	assert_true(br0 && v0 && inventory_link_by_name(&inv, "lo"));
	assert_true(strcmp(br0->kind, "bridge") == 0 && strcmp(v0->kind, "veth") == 0);
	assert_true(v0->master == br0->ifindex && br0->master == 0 && v0->flags & 1);
	assert_true(has_addr(&inv, "lo", "127.0.0.1", "127.0.0.0/8", NULL));
	assert_true(has_addr(&inv, "v1", "10.1.2.3", "10.1.2.0/24", "10.1.2.127"));
	assert_true(has_addr(&inv, "v1", "10.9.0.1", "10.9.0.2", NULL));
	assert_true(has_addr(&inv, "br0", "fd00::1", "fd00::/64", NULL));
	assert_true(has_addr(&inv, "v1", "fe80::9", "fe80::/64", NULL));
	assert_true(!has_addr(&inv, "v1", "10.7.7.7", "10.7.7.7", NULL));
	assert_true(has_onlink(&inv, "v1", "2001:db8:1::/64") &&
		    has_onlink(&inv, "br0", "fd00::/64"));
	assert_true(has_onlink(&inv, "v1", "::/0"));
	assert_true(!has_onlink(&inv, "br0", "2001:db8:2::/64"));
	assert_true(!has_onlink(&inv, "v1", "2001:db8:3::/64"));
	assert_true(!has_onlink(&inv, "lo", "2001:db8:4::/64"));
	assert_true(inventory_tunnel_up(&inv, "v1") && !inventory_tunnel_up(&inv, "v0"));
	inventory_free(&inv);
}

static void nothing(void **state)
{
	(void)state;
}

int main(void)
{
	static const struct CMUnitTest real = cmocka_unit_test(test_live);
	static const struct CMUnitTest skipped = {
		"test_live # SKIP needs ip(8) and the right to make a network namespace", nothing,
		NULL, NULL, NULL};
	static const struct CMUnitTest changing = cmocka_unit_test(test_link_changes_between_dumps);
	static const struct CMUnitTest cannot_change = {
		"test_link_changes_between_dumps # SKIP needs the right to make a network "
		"namespace",
		nothing, NULL, NULL, NULL};
	struct CMUnitTest tests[N(fault_rows) + 3], *t;
	/* Where it may be, in a namespace where nobody else changes anything. */
	bool own = unshare(CLONE_NEWNET) == 0;

	t = TABLE_ADD(tests, fault_rows, test_fault, NULL);
	*t++ = (struct CMUnitTest)cmocka_unit_test(test_begun_anew);
	*t++ = own ? changing : cannot_change;
	*t++ = own && system("command -v ip >/dev/null") == 0 ? real : skipped;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
