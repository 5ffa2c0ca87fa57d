// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whom a member asks for names, and as who it is looked into.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "check_names.h"
#include "inside.h"

static union wgf_ip ip(const char *text)
{
	union wgf_ip ret;

	assert_true(ip_parse(text, &ret));
	return ret;
}

static void test_place(void **state)
{
	struct link links[] = {{.ifindex = 1, .flags = IFF_UP, .name = "lo"},
			       {.ifindex = 2, .flags = IFF_UP, .name = "eth0"},
			       {.ifindex = 3, .flags = IFF_UP, .name = "wg0"}};
	struct addr addrs[] = {
		{.ifindex = 2, .local = ip("192.168.1.2"), .network = {ip("192.168.1.0"), 120}},
		{.ifindex = 3, .local = ip("10.2.0.2"), .network = {ip("10.2.0.0"), 120}}};
	const struct inventory inv = {.links = links, .addrs = addrs, .n_links = 3, .n_addrs = 2};
	static const struct {
		const char *server;
		enum server_place place;
	} rows[] = {{"127.0.0.53", SERVER_HERE},  {"::1", SERVER_HERE},
		    {"0.0.0.0", SERVER_HERE},	  {"192.168.1.2", SERVER_HERE},
		    {"192.168.1.1", SERVER_NEAR}, {"fe80::1", SERVER_NEAR},
		    {"10.2.0.1", SERVER_FAR},	  {"9.9.9.9", SERVER_FAR},
		    {"2620:fe::fe", SERVER_FAR}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		union wgf_ip a = ip(rows[i].server);

		if (server_place(&inv, "wg0", &a) != rows[i].place)
			fail_msg("%s", rows[i].server);
	}
}

static void test_servers(void **state)
{
	const char *at = "# nameserver 1.1.1.1\n"
			 " nameserver 2.2.2.2\n"
			 "nameserver\t9.9.9.9 # why\n"
			 "nameservers 3.3.3.3\n"
			 "nameserver nonsense\n"
			 "nameserver fe80::1%eth0\n"
			 "nameserver";
	union wgf_ip a, wanted = ip("9.9.9.9");

	(void)state;
	assert_true(server_next(&at, &a) && ip_equal(&a, &wanted));
	wanted = ip("fe80::1");
	assert_true(server_next(&at, &a) && ip_equal(&a, &wanted));
	assert_false(server_next(&at, &a));
}

static void test_user(void **state)
{
	struct inside_user user;

	(void)state;
	assert_true(inside_user_parse("Name:\tx\nUmask:\t0022\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n"
				      "FDSize:\t64\nGroups:\t9 10 \nNStgid:\t1\n",
				      &user));
	assert_true(user.uid == 4 && user.gid == 8 && user.n_groups == 2 && user.groups[1] == 10);
	assert_true(inside_user_parse("x\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t\nA:\t1\n",
				      &user));
	assert_int_equal(user.n_groups, 0);
	/* A process that calls itself so does not end up as root. */
	assert_false(inside_user_parse("Name:\tUid:\t0\t0\t0\t0\nGroups:\t\n", &user));
}

/* Only a regular file is read, and only so much; a pipe is not waited for. */
static void test_look(void **state)
{
	static const char *sockets[3];
	static struct inside seen;
	char dir[] = "/tmp/wgf-inside-XXXXXX", path[64], other[64], pipe[64];
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	struct err e;
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chmod(dir, 0755), 0);
	snprintf(path, sizeof(path), "%s/file", dir);
	snprintf(other, sizeof(other), "%s/link", dir);
	snprintf(pipe, sizeof(pipe), "%s/pipe", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, "nameserver 1.1.1.1\n", 19), 19);
	close(fd);
	assert_int_equal(symlink("/proc/self/exe", other), 0);
	assert_int_equal(mkfifo(pipe, 0644), 0);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/socket", dir);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	sockets[0] = sun.sun_path;
	sockets[1] = path;
	assert_int_equal(inside_look(getpid(), path, sockets, &seen, &e), 0);
	assert_true(seen.has_text && seen.reachable[0] && !seen.reachable[1]);
	assert_string_equal(seen.text, "nameserver 1.1.1.1\n");
	assert_int_equal(inside_look(getpid(), pipe, sockets, &seen, &e), 0);
	assert_false(seen.has_text);
	assert_int_equal(inside_look(getpid(), other, sockets, &seen, &e), 0);
	assert_false(seen.has_text);
	assert_int_equal(truncate(path, INSIDE_TEXT), 0);
	assert_int_equal(inside_look(getpid(), path, sockets, &seen, &e), 0);
	assert_false(seen.has_text);
	close(fd);
	unlink(sun.sun_path);
	unlink(path);
	unlink(other);
	unlink(pipe);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_look),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
