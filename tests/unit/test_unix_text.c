// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names of unix sockets as text: one spelling for each, nothing raw in it, and the way back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"
#include "names.h"
#include "random.h"
#include "table.h"
#include "unix_text.h"

/* Bytes, and what they are as text. */
static const struct pair {
	const char *name, *bytes;
	size_t len;
	const char *text;
} pairs[] = {
	{"a path", "/run/a", 6, "/run/a"},
	{"an abstract name", "\0a", 2, "@a"},
	{"an abstract name of a NUL", "\0", 1, "@"},
	{"a NUL in it, and one behind", "\0a\0b\0", 5, "@a\\x00b\\x00"},
	{"an @ that is none", "@a", 2, "\\x40a"},
	{"an @ within", "\0@a", 3, "@@a"},
	{"a relative path", "a/b", 3, "a/b"},
	{"a blank", "/a b", 4, "/a\\x20b"},
	{"a backslash", "/a\\x20", 6, "/a\\x5cx20"},
	{"an escape sequence", "/\033[2J\n", 6, "/\\x1b[2J\\x0a"},
	{"UTF-8", "/\xc3\xa4", 3, "/\\xc3\\xa4"},
	{"beyond ASCII", "/\x7f\x80\xff", 4, "/\\x7f\\x80\\xff"},
	{"quotes", "/\"'%s", 5, "/\"'%s"},
};

static void test_pair(void **state)
{
	const struct pair *p = *state;
	char text[NAME_TEXT], bytes[WGF_NAME_BYTES];
	struct wgf_name name;

	assert_string_equal(name_print(p->bytes, p->len, p->len, text), p->text);
	assert_true(name_parse_tail(p->text, p->len, p->len, bytes));
	assert_memory_equal(bytes, p->bytes, p->len);
	assert_true(name_parse(p->text, &name));
	assert_int_equal(name.len, p->len);
	assert_memory_equal(name.bytes, p->bytes, p->len);
	for (size_t i = p->len; i < WGF_NAME_BYTES; i++)
		assert_int_equal(name.bytes[i], 0);
}

/* The end of a longer one: nothing at its front means anything. */
static void test_cut(void **state)
{
	char text[NAME_TEXT], bytes[WGF_NAME_BYTES];

	(void)state;
	assert_string_equal(name_print("\0b@", 3, 9, text), "...\\x00b@");
	assert_string_equal(name_print("@b", 2, 3, text), "...@b");
	assert_true(name_parse_tail("...@b", 2, 3, bytes));
	assert_memory_equal(bytes, "@b", 2);
	assert_false(name_parse_tail("@b", 2, 3, bytes));
	assert_false(name_parse_tail("...@b", 2, 2, bytes));
	assert_false(name_parse_tail("...@b", 3, 4, bytes));
}

/* Of two spellings one is ours: else a line would come back as another. */
static void test_one_spelling(void **state)
{
	static const char *const others[] = {"\\x61b", "\\x41",	    "/a b",
					     "/\\x7F", "/\xc3\xa4", "@\\x62"};
	char bytes[WGF_NAME_BYTES];
	struct wgf_name name;

	(void)state;
	for (size_t i = 0; i < N(others); i++)
		for (size_t n = 1; n <= 4; n++)
			assert_false(name_parse_tail(others[i], n, n, bytes));
	/* Who writes a configuration may. */
	assert_true(name_parse("/\xc3\xa4\\x62", &name));
	assert_memory_equal(name.bytes,
			    "/\xc3\xa4"
			    "b",
			    4);
}

static void test_refused(void **state)
{
	static const char *const bad[] = {"",	   "\\",  "\\x",  "\\x0",  "\\x0g",
					  "\\xAB", "\\n", "/a\\", "/a\\x1"};
	char longest[WGF_NAME_BYTES + 2];
	struct wgf_name name;

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		assert_false(name_parse(bad[i], &name));
	memset(longest, 'a', sizeof(longest));
	longest[WGF_NAME_BYTES + 1] = '\0';
	assert_false(name_parse(longest, &name));
	longest[WGF_NAME_BYTES] = '\0';
	assert_true(name_parse(longest, &name));
	assert_int_equal(name.len, WGF_NAME_BYTES);
}

static void test_random(void **state)
{
	(void)state;
	for (unsigned i = rounds(20000); i; i--) {
		char bytes[WGF_NAME_BYTES], back[WGF_NAME_BYTES], text[NAME_TEXT];
		size_t n = 1 + random_below(WGF_NAME_BYTES), len = n + (one_in(2) ? 0 : 1);

		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(one_in(3) ? "@\\/. x"[random_below(6)]
						    : (int)random_below(256));
		name_print(bytes, n, len, text);
		assert_true(strlen(text) < NAME_TEXT);
		for (const char *c = text; *c; c++)
			assert_in_range(*c, 0x21, 0x7e);
		assert_true(name_parse_tail(text, n, len, back));
		assert_memory_equal(back, bytes, n);
	}
}

/* What is named always is there beside what a configuration names, once. */
static void test_always(void **state)
{
	static struct config c;
	static struct names names;
	struct wgf_name name;

	(void)state;
	names_of_config(&c, &names);
	assert_int_equal(names.n, 5);
	assert_true(name_parse("/run/systemd/notify", &name) && names_have(&names, &name));
	assert_true(name_parse("/run/systemd/journal/socket", &name) && names_have(&names, &name));
	assert_true(name_parse("/run/systemd/journal/stdout", &name) && names_have(&names, &name));
	assert_true(name_parse("/run/systemd/journal/dev-log", &name) && names_have(&names, &name));
	assert_true(name_parse("/dev/log", &name) && names_have(&names, &name));
	c.names[c.n_names++] = (struct config_name){7, name};
	assert_true(name_parse("@a", &c.names[c.n_names++].name));
	assert_false(names_have(&names, &c.names[1].name));
	names_of_config(&c, &names);
	assert_int_equal(names.n, 6);
	assert_true(names_have(&names, &c.names[1].name));
	c.names[1].name.len++;
	assert_false(names_have(&names, &c.names[1].name));
}

int main(void)
{
	struct CMUnitTest tests[N(pairs) + 5] = {
		cmocka_unit_test(test_cut),	cmocka_unit_test(test_one_spelling),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_random),
		cmocka_unit_test(test_always),
	};

	TABLE_ADD(tests + 5, pairs, test_pair, NULL);
	random_seed();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
