// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files by which members find names: what is in them, and that a reader who has one open never
 * sees anything but whole lines of the old text or of the new one.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolver.h"

static char dir[64];
static struct err err;

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/resolver.XXXXXX");
	return mkdtemp(dir) && chmod(dir, 0755) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

/* A configuration with the servers of the list, blanks between them. */
static const struct config *with(const char *servers)
{
	static struct config c;
	char text[256];
	struct err e;

	snprintf(text, sizeof(text), "[fence]\nunit = a.service\ntunnel = wg0\n%s%s\n",
		 *servers ? "[dns]\nserver = " : "", servers);
	assert_int_equal(config_parse(text, strlen(text), "q.conf", "q", &c, &e), 0);
	return &c;
}

static int open_file(const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/q/%s", dir, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void assert_text(int fd, const char *wanted)
{
	char text[RESOLVER_MAX + 1];
	ssize_t n = pread(fd, text, RESOLVER_MAX, 0);

	assert_true(n >= 0);
	text[n] = '\0';
	assert_string_equal(text, wanted);
}

#define HEAD "# Of the fence q: [dns] of its configuration"

static void test_text(void **state)
{
	char text[RESOLVER_MAX];

	(void)state;
	resolver_text(with("10.2.0.1 fd00::53"), text, sizeof(text));
	assert_string_equal(text, HEAD ".\nnameserver 10.2.0.1\nnameserver fd00::53\n");
	resolver_text(with(""), text, sizeof(text));
	assert_string_equal(text, HEAD " names no server.\n");
}

/* Who has the file open or mounted sees the change: it stays the same file. */
static void test_in_place(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(resolver_write(dir, with("10.2.0.1 10.2.0.2 fd00::53"), &err), 0);
	fd = open_file(RESOLVER_CONF);
	assert_text(fd, HEAD ".\nnameserver 10.2.0.1\nnameserver 10.2.0.2\nnameserver fd00::53\n");
	assert_int_equal(resolver_write(dir, with("10.3.0.1"), &err), 0);
	assert_text(fd, HEAD ".\nnameserver 10.3.0.1\n");
	assert_int_equal(resolver_write(dir, with("10.2.0.1 10.2.0.2"), &err), 0);
	assert_text(fd, HEAD ".\nnameserver 10.2.0.1\nnameserver 10.2.0.2\n");
	close(fd);
}

static void test_switch(void **state)
{
	static const char *const helpers[] = {"resolve", "mymachines", "sss",
					      "mdns",	 "systemd",    "nis"};
	char text[RESOLVER_MAX + 1];
	ssize_t n;
	int fd;

	(void)state;
	assert_int_equal(resolver_write(dir, with("10.2.0.1"), &err), 0);
	fd = open_file(RESOLVER_SWITCH);
	n = pread(fd, text, RESOLVER_MAX, 0);
	close(fd);
	assert_true(n > 0);
	text[n] = '\0';
	assert_non_null(strstr(text, "\nhosts: files dns\n"));
	for (unsigned i = 0; i < sizeof(helpers) / sizeof(*helpers); i++)
		assert_null(strstr(text, helpers[i]));
}

/* Whatever the umask, and where it says so already nothing is written. */
static void test_modes(void **state)
{
	mode_t mask = umask(077);
	struct stat st, again;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/q/" RESOLVER_CONF, dir);
	assert_int_equal(resolver_write(dir, with("10.2.0.1"), &err), 0);
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(resolver_write(dir, with("10.2.0.1"), &err), 0);
	assert_int_equal(stat(path, &again), 0);
	assert_memory_equal(&st.st_mtim, &again.st_mtim, sizeof(st.st_mtim));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(resolver_write(dir, with("10.2.0.1"), &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
}

static void test_stands(void **state)
{
	char path[128];

	(void)state;
	assert_false(resolver_stands(dir, with("10.2.0.1")));
	assert_int_equal(resolver_write(dir, with("10.2.0.1"), &err), 0);
	assert_true(resolver_stands(dir, with("10.2.0.1")));
	assert_false(resolver_stands(dir, with("10.2.0.2")));
	assert_false(resolver_stands(dir, with("10.2.0.1 10.2.0.2")));
	snprintf(path, sizeof(path), "%s/q/" RESOLVER_SWITCH, dir);
	assert_int_equal(truncate(path, 10), 0);
	assert_false(resolver_stands(dir, with("10.2.0.1")));
	assert_int_equal(resolver_remove(dir, "q", &err), 0);
	assert_false(resolver_stands(dir, with("10.2.0.1")));
	assert_int_equal(resolver_remove(dir, "q", &err), 0);
	assert_int_equal(resolver_remove(dir, "absent", &err), 0);
}

/* What somebody else put there is not followed, and not written to. */
static void test_link(void **state)
{
	char path[128], target[128];

	(void)state;
	assert_int_equal(resolver_write(dir, with("10.2.0.1"), &err), 0);
	snprintf(path, sizeof(path), "%s/q/" RESOLVER_CONF, dir);
	snprintf(target, sizeof(target), "%s/target", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(resolver_write(dir, with("10.2.0.1"), &err), -1);
	assert_non_null(strstr(err.text, RESOLVER_CONF));
	assert_int_equal(access(target, F_OK), -1);
	assert_false(resolver_stands(dir, with("10.2.0.1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test_setup_teardown(test_in_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_switch, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_modes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stands, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_link, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
