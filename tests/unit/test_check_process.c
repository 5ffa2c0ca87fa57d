// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is read of /proc: names of processes may hold anything.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <time.h>
#include <unistd.h>

#include "check_process.h"

static void test_ticks(void **state)
{
	unsigned long long ticks = 0;

	(void)state;
	assert_true(process_start_ticks(
		"7 (a) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9", &ticks));
	assert_int_equal(ticks, 4711);
	assert_true(process_start_ticks(
		"7 (a) S 1 (b)) R 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 815 9 9", &ticks));
	assert_int_equal(ticks, 815);
	assert_false(process_start_ticks("7 (a", &ticks));
	assert_false(process_start_ticks("7 (a) S 1 2 3", &ticks));
	assert_false(process_start_ticks("", &ticks));
}

static void test_start(void **state)
{
	double start = 0, now = (double)time(NULL);

	(void)state;
	assert_true(process_start(getpid(), &start));
	assert_true(start > now - 3600 && start < now + 2);
	assert_false(process_start(-1, &start));
}

static void test_status(void **state)
{
	static const char text[] = "Name:\tx\nUid:\t1000\t0\t0\t0\nCapPrm:\t0000000000003000\n";
	unsigned long long n;

	(void)state;
	assert_true(process_status(text, "Uid", 10, &n) && n == 1000);
	assert_true(process_status(text, "CapPrm", 16, &n) && n == 0x3000);
	assert_false(process_status(text, "Ui", 10, &n));
	assert_false(process_status(text, "Name", 10, &n));
	assert_false(process_status("", "Uid", 10, &n));
}

static void test_name(void **state)
{
	char name[PROCESS_NAME];

	(void)state;
	process_name(getpid(), name);
	assert_string_equal(name, "test_check_proc");
	process_name(-1, name);
	assert_string_equal(name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("check_process", tests, NULL, NULL);
}
