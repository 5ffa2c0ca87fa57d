// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings: their two forms on paper, the exit code, and that nothing which came from the machine
 * speaks to the terminal or to a shell.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <string.h>

#include "finding.h"

static void add_some(struct report *f)
{
	finding_add(f, FINDING_FINE, "fence.whole", NULL, "%d programs", 10);
	finding_add(f, FINDING_BROKEN, "route.default", "It leads past.", "a route by %s", "eth0");
	finding_mend(f, "ip route del default dev %s", "eth0");
	finding_add(f, FINDING_NOTICE, "fence.age", "Older.", "version %s", "0.0");
}

/* Into the same place each time. */
static const char *on_paper(const struct report *f, bool json, bool colour, bool fine)
{
	static char text[8192];
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	if (json)
		report_json(out, f, "q");
	else
		report_people(out, f, "q", colour, fine);
	fclose(out);
	return text;
}

/* An area is told once, where its first finding came; what is fine is counted. */
static void test_people(void **state)
{
	struct report f = {0};

	(void)state;
	add_some(&f);
	assert_string_equal(on_paper(&f, false, false, false),
			    "fence q: 1 broken, 1 notice, 1 fine\n"
			    "\n"
			    "fence\n"
			    "  notice   version 0.0\n"
			    "    why    Older.\n"
			    "\n"
			    "route\n"
			    "  BROKEN   a route by eth0\n"
			    "    why    It leads past.\n"
			    "    mend   ip route del default dev eth0\n");
	report_free(&f);
}

static void test_fine_is_shown(void **state)
{
	struct report f = {0};

	(void)state;
	finding_add(&f, FINDING_FINE, "fence.whole", NULL, "all there");
	assert_string_equal(on_paper(&f, false, false, false), "fence q: 1 fine\n");
	assert_string_equal(on_paper(&f, false, false, true),
			    "fence q: 1 fine\n\nfence\n  fine     all there\n");
	assert_string_equal(on_paper(&f, false, true, true),
			    "fence q: 1 fine\n\nfence\n  \033[32mfine     \033[0mall there\n");
	report_free(&f);
}

static void test_json(void **state)
{
	struct report f = {0};

	(void)state;
	assert_string_equal(
		on_paper(&f, true, false, false),
		"{\n  \"fence\": \"q\",\n  \"worst\": \"fine\",\n  \"fine\": 0,\n  \"notice\": 0,\n"
		"  \"warning\": 0,\n  \"broken\": 0,\n  \"complete\": true,\n  \"findings\": "
		"[]\n}\n");
	add_some(&f);
	assert_string_equal(
		on_paper(&f, true, false, false),
		"{\n  \"fence\": \"q\",\n  \"worst\": \"broken\",\n  \"fine\": 1,\n  \"notice\": "
		"1,\n"
		"  \"warning\": 0,\n  \"broken\": 1,\n  \"complete\": true,\n  \"findings\": [\n"
		"    {\"severity\": \"fine\", \"kind\": \"fence.whole\", \"what\": \"10 "
		"programs\", "
		"\"why\": null, \"mend\": null},\n"
		"    {\"severity\": \"broken\", \"kind\": \"route.default\", \"what\": \"a route "
		"by "
		"eth0\", "
		"\"why\": \"It leads past.\", \"mend\": \"ip route del default dev eth0\"},\n"
		"    {\"severity\": \"notice\", \"kind\": \"fence.age\", \"what\": \"version "
		"0.0\", "
		"\"why\": \"Older.\", \"mend\": null}\n  ]\n}\n");
	report_free(&f);
}

static void test_code(void **state)
{
	static const int codes[N_SEVERITIES] = {0, 6, 7, 1};
	struct report f = {0};

	(void)state;
	assert_int_equal(report_code(&f), 0);
	for (enum severity s = FINDING_FINE; s < N_SEVERITIES; s++) {
		finding_add(&f, s, "a.b", NULL, "x");
		finding_add(&f, FINDING_FINE, "a.b", NULL, "x");
		assert_int_equal(report_code(&f), codes[s]);
	}
	report_free(&f);
	f.lost = true;
	assert_int_equal(report_code(&f), 7);
}

/* A process may call itself anything. */
static void test_plain(void **state)
{
	struct report f = {0};

	(void)state;
	finding_add(&f, FINDING_NOTICE, "a.b", NULL, "%s", "x\033[2J\n\xc3\xa4\x7f\"");
	assert_string_equal(f.v[0].what, "x?[2J????\"");
	report_free(&f);
}

static void test_wrapped(void **state)
{
	struct report f = {0};
	const char *line;

	(void)state;
	finding_add(&f, FINDING_NOTICE, "a.b", NULL, "%060d %060d %0200d z", 1, 2, 3);
	line = strstr(on_paper(&f, false, false, false), "  notice");
	assert_non_null(line);
	line = strchr(line, '\n') + 1;
	assert_int_equal(strspn(line, " "), 11);
	line = strchr(line, '\n') + 1;
	assert_int_equal(strcspn(line, "\n"), 11 + 200);
	line = strchr(line, '\n') + 1;
	assert_string_equal(line, "           z\n");
	report_free(&f);
}

static void test_shell_word(void **state)
{
	char word[SHELL_WORD], text[2 * SHELL_WORD];

	(void)state;
	assert_string_equal(shell_word("wg0", word), "wg0");
	assert_string_equal(shell_word("wgfence@a:b.service", word), "wgfence@a:b.service");
	assert_string_equal(shell_word("", word), "''");
	assert_string_equal(shell_word("a\\x2db", word), "'a\\x2db'");
	assert_string_equal(shell_word("a b;$(c)", word), "'a b;$(c)'");
	assert_string_equal(shell_word("a'b", word), "'a'\\''b'");
	memset(text, '\'', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_true(strlen(shell_word(text, word)) < SHELL_WORD);
	assert_string_equal(word + strlen(word) - 5, "'\\'''");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_people),	   cmocka_unit_test(test_fine_is_shown),
		cmocka_unit_test(test_json),	   cmocka_unit_test(test_code),
		cmocka_unit_test(test_plain),	   cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_shell_word),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
