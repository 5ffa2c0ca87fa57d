// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a unit's own files say: resets, lists that allow and lists that deny, continued lines, and
 * what only looks like an assignment.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdlib.h>
#include <string.h>

#include "init_own.h"
#include "table.h"

static const struct row {
	const char *name;
	const char *texts[3];
	const char *last;   /* of Key= in [Service]; NULL: none */
	const char *values; /* all, joined by '|' */
} rows[] = {
	{"one", {"[Service]\nKey=a\n"}, "a", "a"},
	{"the last one counts", {"[Service]\nKey=a\nKey=b\n"}, "b", "a|b"},
	{"a later file counts", {"[Service]\nKey=b\n", "[Service]\nKey=a"}, "a", "b|a"},
	{"a reset", {"[Service]\nKey=a\nKey=\n"}, NULL, "a|"},
	{"blanks", {"  [Service]  \n\t Key \t=  a b \t\r\n"}, "a b", "a b"},
	{"another section", {"[Unit]\nKey=a\n[Service]\n[Install]\nKey=b\n"}, NULL, ""},
	{"no section", {"Key=a\n"}, NULL, ""},
	{"a section does not reach into the next file", {"[Service]\n", "Key=a\n"}, NULL, ""},
	{"comments", {"[Service]\n#Key=a\n;Key=b\n  # Key=c\n"}, NULL, ""},
	{"a longer key", {"[Service]\nKeys=a\nKe=b\n"}, NULL, ""},
	{"continued", {"[Service]\nKey=a \\\n  b\nOther=c\n"}, "a    b", "a    b"},
	{"continued over a comment", {"[Service]\nKey=a\\\n# x\nb\n"}, "a b", "a b"},
	{"continued, so no assignment", {"[Service]\nOther=a \\\nKey=b\n"}, NULL, ""},
	{"continued at the end", {"[Service]\nKey=a\\"}, "a", "a"},
	{"no value, no equals sign", {"[Service]\nKey\nKey=\n"}, NULL, ""},
	{"an equals sign in the value", {"[Service]\nKey=a=b\n"}, "a=b", "a=b"},
	{"brackets that do not close", {"[Service\nKey=a\n"}, NULL, ""},
	{"nothing", {""}, NULL, ""},
};

static void texts_of(const char *const *from, struct list *ret)
{
	struct err e;

	for (; *from; from++)
		assert_int_equal(list_add(ret, &e, "%s", *from), 0);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct list texts = {0}, values = {0};
	char last[64], joined[256] = "";
	struct err e;

	texts_of(row->texts, &texts);
	assert_int_equal(own_last(&texts, "Service", "Key", last, sizeof(last)), row->last != NULL);
	if (row->last)
		assert_string_equal(last, row->last);
	assert_int_equal(own_values(&texts, "Service", "Key", &values, &e), 0);
	for (unsigned i = 0; i < values.n; i++) {
		strcat(joined, i ? "|" : "");
		strcat(joined, values.v[i]);
	}
	assert_string_equal(joined, row->values);
	list_free(&values);
	list_free(&texts);
}

static void assert_list(const char *text, enum own_kind kind, const char *wanted)
{
	struct list texts = {0}, words = {0};
	const char *const from[] = {text, NULL};
	char joined[256] = "";
	enum own_kind found;
	struct err e;

	texts_of(from, &texts);
	assert_int_equal(own_list(&texts, "Key", &words, &found, &e), 0);
	for (unsigned i = 0; i < words.n; i++) {
		strcat(joined, i ? " " : "");
		strcat(joined, words.v[i]);
	}
	assert_string_equal(joined, wanted);
	assert_int_equal(found, kind);
	list_free(&texts);
	list_free(&words);
}

static void test_lists(void **state)
{
	(void)state;
	assert_list("[Service]\n", OWN_NONE, "");
	assert_list("[Service]\nKey=a b\nKey=c a\n", OWN_ALLOWS, "a b c");
	assert_list("[Service]\nKey=a b\nKey=~b\n", OWN_ALLOWS, "a");
	assert_list("[Service]\nKey=~a b\nKey=b\n", OWN_DENIES, "a");
	assert_list("[Service]\nKey=~a\nKey=\nKey=b\n", OWN_ALLOWS, "b");
	assert_list("[Service]\nKey=a\nKey=\n", OWN_NONE, "");
	assert_list("[Service]\nKey=none\n", OWN_ALLOWS, "");
	assert_list("[Service]\nKey=~\n", OWN_DENIES, "");
}

static void test_switches(void **state)
{
	static const char *const yes[] = {"1", "yes", "y", "true", "t", "on", "YES", "On"},
				 *const no[] = {"", "0", "no", "n", "false", "f", "off", "No"};

	(void)state;
	for (unsigned i = 0; i < N(yes); i++) {
		assert_true(own_is_on(yes[i]) && own_is_yes(yes[i]));
		assert_false(own_is_on(no[i]) || own_is_yes(no[i]));
	}
	/* "strict", "self", a list of namespaces: on, and not a plain yes. */
	assert_true(own_is_on("self") && !own_is_yes("self"));
}

int main(void)
{
	struct CMUnitTest tests[N(rows) + 2], *end;

	end = TABLE_ADD(tests, rows, test_row, NULL);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_lists);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_switches);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("init_own", tests, (size_t)(end - tests), NULL, NULL);
}
