// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of a fence that stands live, and its drop-in.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init_live.h"
#include "live.h"

static char root[64];
static struct err err;

static int set_up(void **state)
{
	(void)state;
	strcpy(root, "/tmp/live.XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

/* ROOT/PATH, with TEXT in it where there is any */
static const char *put(const char *path, const char *text, size_t len)
{
	static char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	if (!text) {
		assert_int_equal(mkdir(full, 0755), 0);
		return full;
	}
	f = fopen(full, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	return full;
}

static void test_record(void **state)
{
	char got[PATH_MAX];

	(void)state;
	assert_int_equal(live_read(root, "q", got, sizeof(got), &err), 0);
	assert_int_equal(live_write(root, "q", "/system.slice/q.service", &err), 0);
	assert_int_equal(live_write(root, "q", "/a.slice/q.service", &err), 0);
	assert_int_equal(live_read(root, "q", got, sizeof(got), &err), 1);
	assert_string_equal(got, "/a.slice/q.service");
	assert_int_equal(live_read(root, "r", got, sizeof(got), &err), 0);
	assert_int_equal(live_remove(root, "q", &err), 0);
	assert_int_equal(live_read(root, "q", got, sizeof(got), &err), 0);
	assert_int_equal(live_remove(root, "q", &err), 0);
}

/* What is cut off, or never was a record, must not become a cgroup: all of them are errors. */
static void test_junk(void **state)
{
	static const char *const junk[] = {"",	       "\n",	    "/",
					   "/\n",      "a\n",	    "/system.slice",
					   "/a\n/b\n", "/a/../b\n", "/a/..\n",
					   "/..\n"};
	char got[PATH_MAX];

	(void)state;
	put("q", NULL, 0);
	for (unsigned i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
		put("q/cgroup", junk[i], strlen(junk[i]));
		if (live_read(root, "q", got, sizeof(got), &err) != -1)
			fail_msg("`%s` was taken for a cgroup", junk[i]);
		assert_int_equal(err.code, EXIT_FAILED);
	}
	put("q/cgroup", "/a\n", 3);
	assert_int_equal(live_read(root, "q", got, sizeof(got), &err), 1);
	put("q/cgroup", "/a\0b\n", 5);
	assert_int_equal(live_read(root, "q", got, sizeof(got), &err), -1);
	put("q/cgroup", "/abc\n", 5);
	assert_int_equal(live_read(root, "q", got, 5, &err), 1);
	assert_int_equal(live_read(root, "q", got, 4, &err), -1);
}

/* A directory that others may write to is not ours. */
static void test_directory(void **state)
{
	(void)state;
	assert_int_equal(chmod(put("q", NULL, 0), 0777), 0);
	assert_int_equal(live_write(root, "q", "/a", &err), -1);
	assert_non_null(strstr(err.text, "writable by nobody else"));
}

static bool is_there(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	return access(full, F_OK) == 0;
}

static void test_dropin(void **state)
{
	static const char mine[] = "run/systemd/system/u@i.service.d/zz-wgfence-live-q.conf";
	static const char other[] = "run/systemd/system/u@i.service.d/zz-wgfence-live-q-b.conf";
	bool removed;

	(void)state;
	put("run", NULL, 0);
	put("run/systemd", NULL, 0);
	put("run/systemd/system", NULL, 0);
	assert_int_equal(live_dropins_remove(root, "q", &removed, &err), 0);
	assert_false(removed);
	assert_int_equal(live_dropin_write(root, "u@i.service", "q", "/bin/wgfence", &err), 0);
	assert_int_equal(live_dropin_write(root, "u@i.service", "q-b", "/bin/wgfence", &err), 0);
	assert_true(is_there(mine) && is_there(other));
	assert_int_equal(live_dropins_remove(root, "q", &removed, &err), 0);
	assert_true(removed && !is_there(mine) && is_there(other));
	assert_int_equal(live_dropins_remove(root, "q-b", &removed, &err), 0);
	assert_true(removed && !is_there("run/systemd/system/u@i.service.d"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_junk, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_directory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dropin, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
