// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a configuration from its file: which files are refused, and which name they give.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

#define FENCE  "[fence]\nunit = a.service\ntunnel = wg0\n"
#define NOBODY 65534

static char dir[] = "/tmp/wgfence-test-XXXXXX";
static struct config c;
static struct err e;

/* A path in the test's own directory; good until the next call. */
static const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static const char *write_file(const char *name, const char *text, size_t len)
{
	const char *path = in_dir(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(fchmod(fd, 0644), 0); /* whatever the umask */
	close(fd);
	return path;
}

static int read_config(const char *path)
{
	memset(&c, 0xa5, sizeof(c));
	memset(&e, 0, sizeof(e));
	return config_read(NULL, path, &c, &e);
}

static void refuse(const char *path, enum exit_code code, const char *says)
{
	static struct config untouched;

	memset(&untouched, 0xa5, sizeof(untouched));
	if (!read_config(path))
		fail_msg("%s was accepted", path);
	assert_memory_equal(&c, &untouched, sizeof(c));
	assert_int_equal(e.code, code);
	if (strncmp(e.text, path, strlen(path)) != 0 || !strstr(e.text, says))
		fail_msg("said %s, not %s", e.text, says);
}

static void test_reads(void **state)
{
	const char *path = write_file("a-b@1.conf", FENCE, strlen(FENCE));

	(void)state;
	assert_int_equal(read_config(path), 0);
	assert_string_equal(c.file, path);
	assert_string_equal(c.name, "a-b@1");
	assert_string_equal(c.unit, "a.service");
	assert_int_equal(chmod(path, 0444), 0); /* as in the Nix store */
	assert_int_equal(read_config(path), 0);
}

/* NixOS: a link in /etc into the store; the link's name counts, not its target's. */
static void test_follows_links(void **state)
{
	char target[128];

	(void)state;
	snprintf(target, sizeof(target), "%s",
		 write_file("0123-target.conf", FENCE, strlen(FENCE)));
	assert_int_equal(symlink(target, in_dir("linked.conf")), 0);
	assert_int_equal(read_config(in_dir("linked.conf")), 0);
	assert_string_equal(c.name, "linked");
	assert_int_equal(chmod(target, 0666), 0);
	refuse(in_dir("linked.conf"), EXIT_MISUSE, "mode 0666");
}

static void test_parser_speaks(void **state)
{
	(void)state;
	refuse(write_file("bad.conf", "[x]\n", 4), EXIT_MISUSE, "bad.conf:1: found [x]");
	refuse(write_file("empty.conf", "", 0), EXIT_MISUSE, "empty.conf: found no [fence]");
	refuse(write_file("a.b.conf", FENCE, strlen(FENCE)), EXIT_MISUSE, "the name \"a.b\"");
	refuse(write_file(".conf", FENCE, strlen(FENCE)), EXIT_MISUSE, "the name \"\"");
}

static void test_unreadable(void **state)
{
	(void)state;
	refuse(in_dir("absent.conf"), EXIT_MISUSE, ": No such file or directory");
	refuse(in_dir("bad.conf/x.conf"), EXIT_FAILED, ": Not a directory");
	if (geteuid() != 0)
		return;
	chmod(write_file("secret.conf", FENCE, strlen(FENCE)), 0600);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	refuse(in_dir("secret.conf"), EXIT_FAILED, ": Permission denied (needs root)");
	assert_int_equal(seteuid(0), 0);
}

static void test_no_regular_file(void **state)
{
	(void)state;
	refuse(dir, EXIT_MISUSE, "found no regular file");
	refuse("/dev/null", EXIT_MISUSE, "found no regular file");
	assert_int_equal(mkfifo(in_dir("fifo.conf"), 0600), 0);
	refuse(in_dir("fifo.conf"), EXIT_MISUSE, "found no regular file"); /* and does not wait */
}

static void test_modes(void **state)
{
	static const struct {
		mode_t mode;
		const char *says; /* NULL: accepted */
	} rows[] = {
		{0600, NULL},
		{0444, NULL},
		{0755, NULL},
		{0664,
		 "found mode 0664, by which others may write, 0644 would be right: chmod go-w "},
		{0646, "found mode 0646, by which others may write, 0644 would be right"},
		{0620, "found mode 0620, by which others may write, 0600 would be right"},
		{0602, "found mode 0602, by which others may write, 0600 would be right"},
	};
	const char *path = write_file("modes.conf", FENCE, strlen(FENCE));

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(chmod(path, rows[i].mode), 0);
		if (rows[i].says)
			refuse(path, EXIT_MISUSE, rows[i].says);
		else
			assert_int_equal(read_config(path), 0);
	}
}

static void test_owners(void **state)
{
	const char *path = write_file("owners.conf", FENCE, strlen(FENCE));

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(path, NOBODY, NOBODY), 0);
	refuse(path, EXIT_MISUSE, "found the owner 65534, who would decide what may leave");
	/* The caller's own, and root's read by somebody. */
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	assert_int_equal(read_config(path), 0);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(chown(path, 0, 0), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	assert_int_equal(read_config(path), 0);
	assert_int_equal(seteuid(0), 0);
}

static void test_size(void **state)
{
	char *text = malloc(CONFIG_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', CONFIG_MAX + 1);
	memcpy(text, FENCE, sizeof(FENCE) - 1);
	assert_int_equal(read_config(write_file("size.conf", text, CONFIG_MAX)), 0);
	refuse(write_file("size.conf", text, CONFIG_MAX + 1), EXIT_MISUSE, "more than 65536 bytes");
	free(text);
}

static void test_names(void **state)
{
	static const char *const rows[][2] = {
		{"/etc/wgfence/a.conf", "a"}, {"a.conf", "a"},	{"./a", "a"},  {"/a.d/b", "b"},
		{"a.conf.conf", "a.conf"},    {"conf", "conf"}, {".conf", ""}, {"/", ""},
		{"aconf", "aconf"},
	};
	char out[FENCE_NAME_MAX + 1], longest[100];

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fence_name_from_file(rows[i][0], out);
		assert_string_equal(out, rows[i][1]);
	}
	snprintf(longest, sizeof(longest), "/x/%0*d.conf", FENCE_NAME_MAX, 0);
	fence_name_from_file(longest, out);
	assert_int_equal(strlen(out), FENCE_NAME_MAX);
	snprintf(longest, sizeof(longest), "/x/%0*d.conf", FENCE_NAME_MAX + 1, 0);
	fence_name_from_file(longest, out);
	assert_string_equal(out, "");
}

/* A NAME from the command line never leads out of the directory. */
static void test_by_name(void **state)
{
	(void)state;
	assert_int_equal(config_read("../../etc/passwd", NULL, &c, &e), -1);
	assert_int_equal(e.code, EXIT_MISUSE);
	assert_non_null(strstr(e.text, "1 to 63 of [A-Za-z0-9_@:-]"));
	assert_int_equal(config_read("no-such-fence-here", NULL, &c, &e), -1);
	assert_int_equal(e.code, EXIT_MISUSE);
	assert_string_equal(e.text,
			    "/etc/wgfence/no-such-fence-here.conf: No such file or directory");
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	static const char *const made[] = {
		"a-b@1.conf", "0123-target.conf", "linked.conf", "bad.conf",
		"empty.conf", "a.b.conf",	  ".conf",	 "secret.conf",
		"fifo.conf",  "modes.conf",	  "owners.conf", "size.conf",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(made) / sizeof(*made); i++)
		unlink(in_dir(made[i]));
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),		cmocka_unit_test(test_follows_links),
		cmocka_unit_test(test_parser_speaks),	cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_no_regular_file), cmocka_unit_test(test_modes),
		cmocka_unit_test(test_owners),		cmocka_unit_test(test_size),
		cmocka_unit_test(test_names),		cmocka_unit_test(test_by_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("config file", tests, set_up, tear_down);
}
