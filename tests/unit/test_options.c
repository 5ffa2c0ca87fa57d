// SPDX-License-Identifier: GPL-2.0-only
/* The command line: a value that must be there, one that may, one that must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "options.h"

static const struct verb verb = {
	.name = "try",
	.arguments = "NAME",
	.options = OPT(OPT_CONFIG) | OPT(OPT_ALLOW_AUDIT) | OPT(OPT_TUNNEL),
};

struct want {
	const char *words[5];
	const char *name, *tunnel; /* the value, NULL where none was given */
	unsigned given;		   /* 0 with name NULL: refused */
};

static void check(const struct want *w)
{
	char *argv[5] = {NULL};
	struct options o;
	struct err e;
	int r;

	for (int i = 0; i < 5; i++)
		argv[i] = (char *)w->words[i];
	r = options_parse(&verb, 0, argv, &o, &e);
	assert_int_equal(r, w->name ? 0 : -1);
	if (r) {
		assert_int_equal(e.code, EXIT_MISUSE);
		return;
	}
	assert_string_equal(o.name, w->name);
	assert_int_equal(o.given, w->given);
	assert_int_equal(o.value[OPT_TUNNEL] != NULL, w->tunnel != NULL);
	if (w->tunnel)
		assert_string_equal(o.value[OPT_TUNNEL], w->tunnel);
}

static void test_optional_value(void **state)
{
	static const struct want cases[] = {
		{{"q"}, "q", NULL, 0},
		{{"q", "--tunnel"}, "q", NULL, OPT(OPT_TUNNEL)},
		{{"--tunnel", "q"}, "q", NULL, OPT(OPT_TUNNEL)},
		{{"q", "--tunnel=7"}, "q", "7", OPT(OPT_TUNNEL)},
		{{"--tunnel=7", "q"}, "q", "7", OPT(OPT_TUNNEL)},
		{{"q", "--tunnel", "--allow-audit"},
		 "q",
		 NULL,
		 OPT(OPT_TUNNEL) | OPT(OPT_ALLOW_AUDIT)},
		/* Behind a blank it is another word. */
		{{"q", "--tunnel", "7"}, NULL, NULL, 0},
		{{"q", "--tunnel="}, NULL, NULL, 0},
		{{"q", "--tunnel", "--tunnel=7"}, NULL, NULL, 0},
		{{"q", "--tunnels"}, NULL, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i]);
}

static void test_others(void **state)
{
	static const struct want cases[] = {
		{{"a-b@c:d", "--allow-audit"}, "a-b@c:d", NULL, OPT(OPT_ALLOW_AUDIT)},
		{{"q", "--allow-audit=yes"}, NULL, NULL, 0},
		{{"--config", "/x/q.conf"}, "q", NULL, OPT(OPT_CONFIG)},
		{{"--config=/x/q.conf"}, "q", NULL, OPT(OPT_CONFIG)},
		{{"--config"}, NULL, NULL, 0},
		{{"--config="}, NULL, NULL, 0},
		{{"q", "--json"}, NULL, NULL, 0}, /* of another verb */
		{{"q", "r"}, NULL, NULL, 0},
		{{"a/b"}, NULL, NULL, 0},
		{{NULL}, NULL, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_optional_value),
		cmocka_unit_test(test_others),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
