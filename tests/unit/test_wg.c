// SPDX-License-Identifier: GPL-2.0-only
/* What WireGuard says of its peers, by socket and by message, and whom to send a packet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"
#include "wg.h"

static struct wg wg;
static struct err err;

static struct prefix prefix(const char *text)
{
	char line[64];

	snprintf(line, sizeof(line), "allowed_ip=%s\nerrno=0\n\n", text);
	assert_int_equal(wg_parse_answer(line, &wg, &err), 0);
	assert_int_equal(wg.n_allowed, 1);
	return wg.allowed[0];
}

static int answer(const char *text)
{
	char copy[512];

	assert_true(strlen(text) < sizeof(copy));
	return wg_parse_answer(strcpy(copy, text), &wg, &err);
}

static void test_answer(void **state)
{
	char text[IP_TEXT];

	(void)state;
	assert_int_equal(answer("private_key=00\nlisten_port=51820\npublic_key=01\n"
				"last_handshake_time_sec=100\nlast_handshake_time_nsec=5\n"
				"allowed_ip=10.5.0.0/16\nallowed_ip=fd00::/8\npublic_key=02\n"
				"last_handshake_time_sec=70\nallowed_ip=0.0.0.0/0\nallowed_ip=::/"
				"0\nerrno=0\n\n"),
			 0);
	assert_int_equal(wg.handshake, 100);
	assert_int_equal(wg.n_allowed, 4);
	assert_string_equal(prefix_print(&wg.allowed[1], text), "fd00::/8");
	assert_int_equal(answer("listen_port=0\nerrno=0\n\n"), 0);
	assert_int_equal(wg.handshake, 0);
	assert_int_equal(wg.n_allowed, 0);
	assert_int_equal(answer("errno=-22\n\n"), -1);
	assert_int_equal(answer("errno=\n\n"), -1);
	assert_int_equal(answer("last_handshake_time_sec=100\n"), -1);
	assert_int_equal(answer("rubbish\nerrno=0\n\n"), -1);
	assert_int_equal(answer(""), -1);
}

/* As many as fit, and one more. */
static void test_answer_of_many(void **state)
{
	static const char line[] = "allowed_ip=10.0.0.99/32\n";
	char *text = malloc((WG_MAX_ALLOWED + 2) * sizeof(line)), *end;

	(void)state;
	assert_non_null(text);
	for (int more = 0; more < 2; more++) {
		end = text;
		for (int i = 0; i < WG_MAX_ALLOWED + more; i++)
			end = stpcpy(end, line);
		strcpy(end, "errno=0\n\n");
		assert_int_equal(wg_parse_answer(text, &wg, &err), 0);
		assert_int_equal(wg.n_allowed, WG_MAX_ALLOWED);
		assert_int_equal(wg.more, more);
	}
	free(text);
}

/* What is no prefix is passed over, and is none. */
static void test_wrong_prefixes(void **state)
{
	static const char *const wrong[] = {
		"",	      "0.0.0.0",     "0.0.0.0/33",
		"::/129",     "x/0",	     "0.0.0.0/-1",
		"0.0.0.0/ 1", "0.0.0.0/0/0", "0000:0000:0000:0000:0000:0000:0000:0000:0000/0"};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "allowed_ip=%s\nerrno=0\n\n", wrong[i]);
		assert_int_equal(wg_parse_answer(text, &wg, &err), 0);
		assert_int_equal(wg.n_allowed, 0);
	}
}

static char buf[2048] __attribute__((aligned(NLMSG_ALIGNTO)));

static struct nlmsghdr *begin(void)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(memset(buf, 0, sizeof(buf)));

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(nlh, WGDEVICE_A_IFNAME, "wg0");
	return nlh;
}

static void put_peer(struct nlmsghdr *nlh, long long at, u16 size, u8 len)
{
	static const u8 address[16] = {10, 5};
	long long time[2] = {at, 1};
	struct nlattr *peers = mnl_attr_nest_start(nlh, WGDEVICE_A_PEERS);
	struct nlattr *peer = mnl_attr_nest_start(nlh, 0);
	struct nlattr *allowed, *one;

	mnl_attr_put(nlh, WGPEER_A_LAST_HANDSHAKE_TIME, sizeof(time), time);
	allowed = mnl_attr_nest_start(nlh, WGPEER_A_ALLOWEDIPS);
	one = mnl_attr_nest_start(nlh, 0);
	mnl_attr_put_u16(nlh, WGALLOWEDIP_A_FAMILY, 2);
	mnl_attr_put(nlh, WGALLOWEDIP_A_IPADDR, size, address);
	mnl_attr_put_u8(nlh, WGALLOWEDIP_A_CIDR_MASK, len);
	mnl_attr_nest_end(nlh, one);
	mnl_attr_nest_end(nlh, allowed);
	mnl_attr_nest_end(nlh, peer);
	mnl_attr_nest_end(nlh, peers);
}

/* A copy of exactly its length, so that the sanitizer sees every byte that is read behind it. */
static int parse(const struct nlmsghdr *nlh)
{
	void *copy = malloc(nlh->nlmsg_len);
	int r;

	assert_non_null(copy);
	memcpy(copy, nlh, nlh->nlmsg_len);
	r = wg_parse_message(copy, &wg, &err);
	free(copy);
	return r;
}

static void test_message(void **state)
{
	struct nlmsghdr *nlh;
	char text[IP_TEXT];

	(void)state;
	memset(&wg, 0, sizeof(wg));
	nlh = begin();
	put_peer(nlh, 100, 4, 16);
	assert_int_equal(parse(nlh), 0);
	/* The device goes on in the next message. */
	nlh = begin();
	put_peer(nlh, 0, 16, 8);
	assert_int_equal(parse(nlh), 0);
	assert_int_equal(wg.handshake, 100);
	assert_int_equal(wg.n_allowed, 2);
	assert_string_equal(prefix_print(&wg.allowed[0], text), "10.5.0.0/16");
	assert_int_equal(wg.allowed[1].len, 8);
	assert_int_equal(parse(begin()), 0);
}

static void test_broken_message(void **state)
{
	struct nlmsghdr *nlh;

	(void)state;
	nlh = begin();
	put_peer(nlh, 1, 4, 33);
	assert_int_equal(parse(nlh), -1);
	nlh = begin();
	put_peer(nlh, 1, 5, 1);
	assert_int_equal(parse(nlh), -1);
	nlh = begin();
	nlh->nlmsg_len = NLMSG_HDRLEN;
	assert_int_equal(parse(nlh), -1);
	for (u32 len = NLMSG_HDRLEN;; len++) {
		nlh = begin();
		put_peer(nlh, 1, 4, 16);
		if (len >= nlh->nlmsg_len)
			break;
		nlh->nlmsg_len = len;
		parse(nlh); /* whatever it says: nothing is read behind it */
	}
}

/* Each bit of a message the other way: whatever is read of it is a prefix. */
static void test_flipped_bits(void **state)
{
	u32 len;

	(void)state;
	put_peer(begin(), 1, 4, 16);
	len = ((struct nlmsghdr *)(void *)buf)->nlmsg_len;
	for (u32 i = NLMSG_HDRLEN; i < len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct nlmsghdr *nlh = begin();

			put_peer(nlh, 1, 4, 16);
			buf[i] = (char)((unsigned char)buf[i] ^ (1U << bit));
			memset(&wg, 0, sizeof(wg));
			parse(nlh);
			for (unsigned p = 0; p < wg.n_allowed; p++)
				assert_in_range(wg.allowed[p].len, 0, 128);
		}
}

struct choice {
	const char *own, *network, *allowed[3], *to; /* to NULL: there is none */
	const char *broadcast;
};

static void check_choice(const struct choice *c)
{
	struct prefix allowed[3];
	struct addr own = {.ifindex = 1};
	union wgf_ip to;
	char text[IP_TEXT];
	unsigned n = 0;
	bool found;

	assert_true(ip_parse(c->own, &own.local));
	own.network = prefix(c->network);
	if (c->broadcast) {
		assert_true(ip_parse(c->broadcast, &to));
		own.has_broadcast = true;
		own.broadcast = to.w[3];
	}
	for (; n < 3 && c->allowed[n]; n++)
		allowed[n] = prefix(c->allowed[n]);
	found = probe_address(&own, allowed, n, &to);
	assert_string_equal(found ? ip_print(&to, text) : "none", c->to ? c->to : "none");
}

static void test_address(void **state)
{
	static const struct choice cases[] = {
		{"10.128.0.2", "10.128.0.2/32", {"0.0.0.0/0", "::/0"}, "10.128.0.1", NULL},
		{"10.128.0.1", "10.128.0.1/32", {"0.0.0.0/0"}, "10.128.0.2", NULL},
		{"10.128.0.1", "10.128.0.0/24", {"0.0.0.0/0"}, "10.128.0.2", "10.128.0.255"},
		{"10.0.0.5", "10.0.0.4/30", {"0.0.0.0/0"}, "10.0.0.6", "10.0.0.7"},
		{"10.0.0.6", "10.0.0.4/30", {"0.0.0.0/0"}, "10.0.0.5", "10.0.0.7"},
		{"10.0.0.254", "10.0.0.254/32", {"0.0.0.0/0"}, "10.0.0.253", NULL},
		{"fd00:128::2", "fd00:128::2/128", {"0.0.0.0/0", "::/0"}, "fd00:128::1", NULL},
		/* The peers stand for other networks: the first address of one. */
		{"10.128.0.2", "10.128.0.2/32", {"fd00::/8", "10.5.0.0/16"}, "10.5.0.1", NULL},
		{"10.128.0.2", "10.128.0.2/32", {"10.5.0.7/32"}, "10.5.0.7", NULL},
		{"fd00:128::2", "fd00:128::2/128", {"fd77::/64"}, "fd77::1", NULL},
		{"10.128.0.2", "10.128.0.2/32", {"fd00::/8"}, NULL, NULL},
		{"10.128.0.2", "10.128.0.2/32", {"10.128.0.2/32"}, NULL, NULL},
		/* No WireGuard: nothing says what it stands for. */
		{"10.128.0.2", "10.128.0.2/32", {NULL}, "10.128.0.1", NULL},
		/* ::/0 would cover what is v4-mapped. */
		{"10.128.0.2", "10.128.0.2/32", {"::/0"}, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_choice(&cases[i]);
}

/* Another process, at that path: takes whoever connects, and lets `act` deal with it. */
static pid_t serve(const char *path, void (*act)(int fd))
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	pid = fork();
	if (pid == 0)
		for (;;)
			act(accept(fd, NULL, NULL));
	close(fd);
	return pid;
}

static void say_nothing(int fd)
{
	char rubbish[16];

	while (read(fd, rubbish, sizeof(rubbish)) > 0)
		;
	close(fd);
}

/* Never an empty line, which would end the answer. */
static void drip(int fd)
{
	while (send(fd, "x", 1, MSG_NOSIGNAL) == 1)
		usleep(20 * 1000);
	close(fd);
}

static void tell_whole(int fd)
{
	static const char text[] = "last_handshake_time_sec=7\nerrno=0\n\n";

	send(fd, text, strlen(text), MSG_NOSIGNAL);
	say_nothing(fd);
}

/* Whoever asks comes back, whatever the other side does. */
static void test_socket(void **state)
{
	static const struct {
		void (*act)(int fd);
		int result;
		const char *text;
	} rows[] = {{tell_whole, 0, ""},
		    {say_nothing, -1, "Connection timed out"},
		    {drip, -1, "Connection timed out"}};
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "/tmp/wg.%d", (int)getpid());
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pid_t pid = serve(path, rows[i].act);

		err.text[0] = '\0';
		assert_int_equal(wg_read_socket(path, &wg, &err), rows[i].result);
		assert_non_null(strstr(err.text, rows[i].text));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		unlink(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),	       cmocka_unit_test(test_answer_of_many),
		cmocka_unit_test(test_wrong_prefixes), cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_message),	       cmocka_unit_test(test_broken_message),
		cmocka_unit_test(test_address),	       cmocka_unit_test(test_socket),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("wg", tests, NULL, NULL);
}
