// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors: what callers rely on beyond the text. And the strict decimal reader.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "decimal.h"
#include "err.h"

static void test_set(void **state)
{
	struct err e;

	(void)state;
	errno = ENOTTY;
	assert_int_equal(err_set(&e, EXIT_UNSUPPORTED, "no %s of %d", "map", 3), -1);
	assert_int_equal(e.code, EXIT_UNSUPPORTED);
	assert_string_equal(e.text, "no map of 3");
	assert_int_equal(errno, ENOTTY);
}

static void test_wraps_itself(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, EXIT_FAILED, "inner");
	err_set(&e, EXIT_MISUSE, "outer: %s", e.text);
	assert_string_equal(e.text, "outer: inner");
	errno = ENOENT;
	err_errno(&e, "outermost: %s", e.text);
	assert_string_equal(e.text, "outermost: outer: inner: No such file or directory");
}

static void test_cuts(void **state)
{
	char long_text[3 * sizeof(((struct err *)0)->text)];
	struct err e;

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	err_set(&e, EXIT_FAILED, "%s", long_text);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	errno = EIO;
	err_errno(&e, "%s", long_text);
	assert_non_null(strstr(e.text, ": Input/output error"));
}

static void test_errno(void **state)
{
	struct err e;

	(void)state;
	errno = EIO;
	assert_int_equal(err_errno(&e, "%s", "/x"), -1);
	assert_int_equal(e.code, EXIT_FAILED);
	assert_string_equal(e.text, "/x: Input/output error");
	assert_int_equal(errno, EIO);
}

/* Root that is refused is not told to be root. */
static void test_hint(void **state)
{
	static const int refused[] = {EPERM, EACCES};
	uid_t own = geteuid();
	struct err e;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		errno = refused[i];
		err_errno(&e, "x");
		assert_int_equal(strstr(e.text, "(needs root)") != NULL, own != 0);
		if (own != 0 || seteuid(65534))
			continue;
		errno = refused[i];
		err_errno(&e, "x");
		assert_int_equal(seteuid(own), 0);
		assert_non_null(strstr(e.text, "(needs root)"));
	}
}

static void test_decimal(void **state)
{
	static const char *const no[] = {"",
					 " 1",
					 "1 ",
					 "+1",
					 "-1",
					 "01",
					 "00",
					 "0x1",
					 "1a",
					 "1.",
					 "65536",
					 "99999999999999999999999999999",
					 "18446744073709551617"};
	unsigned n;

	(void)state;
	assert_true(decimal_parse("0", 65535, &n) && n == 0);
	assert_true(decimal_parse("10", 65535, &n) && n == 10);
	assert_true(decimal_parse("65535", 65535, &n) && n == 65535);
	assert_true(decimal_parse("4294967295", 4294967295U, &n) && n == 4294967295U);
	assert_false(decimal_parse("4294967296", 4294967295U, &n));
	n = 4711;
	for (unsigned i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (decimal_parse(no[i], 65535, &n))
			fail_msg("\"%s\" was read as %u", no[i], n);
	assert_int_equal(n, 4711);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),  cmocka_unit_test(test_wraps_itself),
		cmocka_unit_test(test_cuts), cmocka_unit_test(test_errno),
		cmocka_unit_test(test_hint), cmocka_unit_test(test_decimal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
