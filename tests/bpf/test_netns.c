// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network namespace's cookie, asked in both ways that the kernels have.
 *
 * Owns: that they agree, in this namespace and in another, and that nothing is left of the asking.
 * Where sockets are in no cgroup2 cgroup is for the old kernels of tests/vm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "cgroup.h"
#include "netns.h"

static u64 ask_both(void)
{
	u64 by_option = 0, by_program = 0;
	struct err e = {0};

	if (netns_cookie(&by_option, &e) || netns_cookie_by_program(&by_program, &e))
		fail_msg("%s", e.text);
	assert_int_equal(by_option, by_program);
	assert_int_not_equal(by_program, 0);
	return by_program;
}

static void test_this(void **state)
{
	(void)state;
	assert_int_equal(ask_both(), ask_both());
}

static void test_another(void **state)
{
	u64 here = ask_both();

	(void)state;
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	assert_int_not_equal(ask_both(), here);
}

static void test_leaves_nothing(void **state)
{
	char mount[PATH_MAX], dir[PATH_MAX + 32];
	struct err e;

	(void)state;
	ask_both();
	assert_int_equal(cgroup_mount(mount, sizeof(mount), &e), 0);
	snprintf(dir, sizeof(dir), "%s/wgfence-%d", mount, getpid());
	assert_int_equal(access(dir, F_OK), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_this),
		cmocka_unit_test(test_another),
		cmocka_unit_test(test_leaves_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("netns", tests, NULL, NULL);
}
