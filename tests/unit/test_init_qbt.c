// SPDX-License-Identifier: GPL-2.0-only
/*
 * What qBittorrent is told, by command line, environment and files; and that a file which its user
 * wrote yields nothing but ports, names and clean paths.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init_qbt.h"
#include "table.h"

static struct err e;

static struct list words(const char *const *from)
{
	struct list l = {0};

	for (; *from; from++)
		assert_int_equal(list_add(&l, &e, "%s", *from), 0);
	return l;
}

#define WORDS(...) words((const char *const[]){__VA_ARGS__, NULL})

static const struct option_row {
	const char *name, *argv[3], *environment[3], *value;
} option_rows[] = {
	{"a number", {"q", "--webui-port=81"}, {NULL}, "81"},
	{"the last one", {"q", "--webui-port=81", "--webui-port=82"}, {NULL}, "82"},
	{"none", {"q"}, {"QBT_WEBUI_PORT=1"}, NULL},
	{"a longer option", {"q", "--webui-ports=81"}, {NULL}, NULL},
	{"without a value", {"q", "--webui-port", "81"}, {NULL}, NULL},
	{"a variable", {"q", "--webui-port=${P}"}, {"P=83"}, "83"},
	{"a bare variable", {"q", "--webui-port=$P"}, {"P=83"}, "83"},
	{"a variable that is not set", {"q", "--webui-port=${P}"}, {"PP=83"}, NULL},
	{"more than a variable", {"q", "--webui-port=${P}0"}, {"P=83"}, NULL},
	{"an open brace", {"q", "--webui-port=${"}, {"P=83"}, NULL},
	{"a dollar sign alone", {"q", "--webui-port=$"}, {"P=83"}, NULL},
};

static void test_option(void **state)
{
	const struct option_row *row = *state;
	struct list argv = words(row->argv), environment = words(row->environment);
	const char *value = qbt_option(&argv, &environment, "--webui-port");

	if (row->value)
		assert_string_equal(value, row->value);
	else
		assert_null(value);
	list_free(&argv);
	list_free(&environment);
}

static void test_port(void **state)
{
	static const char *const wrong[] = {
		"", "0", "65536", "-1", "+1", "8080 ", "0x50", "8080x", "99999999999999999999"};
	u16 port = 7;

	(void)state;
	for (unsigned i = 0; i < N(wrong); i++)
		assert_false(qbt_port(wrong[i], &port));
	assert_int_equal(port, 7);
	assert_true(qbt_port("65535", &port));
	assert_int_equal(port, 65535);
}

static void test_runs(void **state)
{
	struct list yes = WORDS("/usr/bin/env", "/opt/q/qbittorrent-nox"), no = WORDS("/bin/sleep");

	(void)state;
	assert_true(qbt_runs(&yes));
	assert_false(qbt_runs(&no));
	list_free(&yes);
	list_free(&no);
}

static void assert_conf(const char *const *argv, const char *const *environment, const char *conf)
{
	struct list a = words(argv), env = words(environment);
	struct qbt_places places;

	assert_int_equal(qbt_places(&a, &env, "/home/u", &places), conf != NULL);
	if (conf)
		assert_string_equal(places.conf, conf);
	list_free(&a);
	list_free(&env);
}

#define ARRAY(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_places(void **state)
{
	static char deep[5000];

	(void)state;
	snprintf(deep, sizeof(deep), "QBT_PROFILE=/%04096d", 0);
	assert_conf(ARRAY("q"), ARRAY("A=b"), "/home/u/.config/qBittorrent/qBittorrent.conf");
	assert_conf(ARRAY("q"), ARRAY("XDG_CONFIG_HOME=/c"), "/c/qBittorrent/qBittorrent.conf");
	assert_conf(ARRAY("q"), ARRAY("XDG_CONFIG_HOME=c"),
		    "/home/u/.config/qBittorrent/qBittorrent.conf");
	assert_conf(ARRAY("q", "--configuration=x"), ARRAY("A=b"),
		    "/home/u/.config/qBittorrent_x/qBittorrent.conf");
	assert_conf(ARRAY("q", "--configuration=../x"), ARRAY("A=b"), NULL);
	assert_conf(ARRAY("q", "--profile=/p"), ARRAY("XDG_CONFIG_HOME=/c"),
		    "/p/qBittorrent/config/qBittorrent.conf");
	assert_conf(ARRAY("q"), ARRAY("QBT_PROFILE=/p"), "/p/qBittorrent/config/qBittorrent.conf");
	assert_conf(ARRAY("q", "--profile=p"), ARRAY("A=b"), NULL);
	assert_conf(ARRAY("q"), ARRAY(deep), NULL);
}

static const struct conf_row {
	const char *name, *text, *value;
} conf_rows[] = {
	{"plain", "[S]\nA\\B=/a b\n", "/a b"},
	{"without a newline at its end", "[S]\nA\\B=x", "x"},
	{"carriage returns", "[S]\r\nA\\B=x\r\n", "x"},
	{"the last one", "[S]\nA\\B=x\nA\\B=y\n", "y"},
	{"another section", "[T]\nA\\B=x\n[S]\nA\\C=y\n", NULL},
	{"no section", "A\\B=x\n", NULL},
	{"quoted", "[S]\nA\\B=\"/a;b, c\"\n", "/a;b, c"},
	{"a quote within", "[S]\nA\\B=a\\\"b\\\\c\n", "a\"b\\c"},
	{"hexadecimal", "[S]\nA\\B=/f\\xfcr\\x20ac\n", "/f\xc3\xbcr\xe2\x82\xac"},
	{"empty", "[S]\nA\\B=\n", ""},
	{"a newline hidden in it", "[S]\nA\\B=/a\\nExecStart=/x\n", NULL},
	{"a newline in hexadecimal", "[S]\nA\\B=/a\\xa/x\n", NULL},
	{"an escape character", "[S]\nA\\B=/a\033[2J\n", NULL},
	{"half a surrogate", "[S]\nA\\B=/a\\xd800\n", NULL},
	{"hexadecimal cut short", "[S]\nA\\B=/a\\x", NULL},
	{"a backslash at the end", "[S]\nA\\B=/a\\", NULL},
	{"too long", "[S]\nA\\B=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
	 NULL},
	{"nothing", "", NULL},
	{"a section that does not close", "[S\nA\\B=x\n", NULL},
};

static void test_conf(void **state)
{
	const struct conf_row *row = *state;
	char *text = strdup(row->text), value[64] = "old"; /* ASan sees what lies behind */
	bool found = qbt_conf_value(text, "S", "A\\B", value, sizeof(value));

	assert_int_equal(found, row->value != NULL);
	if (row->value)
		assert_string_equal(value, row->value);
	free(text);
}

static const struct resume_row {
	const char *name, *data, *path; /* NULL: none */
} resume_rows[] = {
	{"a path", "d12:qBt-savePath8:/srv/a bi0ee", "/srv/a b"},
	{"a download path", "d16:qBt-downloadPath2:/xe", "/x"},
	{"libtorrent's own", "d9:save_path4:/a/be", "/a/b"},
	{"relative", "d12:qBt-savePath3:a/be", NULL},
	{"upwards", "d12:qBt-savePath7:/a/../be", NULL},
	{"upwards at its end", "d12:qBt-savePath5:/a/..e", NULL},
	{"everything", "d12:qBt-savePath1:/e", NULL},
	{"a newline", "d12:qBt-savePath4:/a\nbe", NULL},
	{"longer than the file", "d12:qBt-savePath99:/a", NULL},
	{"longer by a byte", "d12:qBt-savePath3:/a", NULL},
	{"to the last byte", "d12:qBt-savePath2:/a", "/a"},
	{"a length without an end", "d12:qBt-savePath99999999999999999999999:/a", NULL},
	{"no length", "d12:qBt-savePath:/a", NULL},
	{"cut short", "d12:qBt-savePath4", NULL},
	{"cut shorter", "d12:qBt-savePath", NULL},
	{"nothing", "", NULL},
};

static void test_resume(void **state)
{
	const struct resume_row *row = *state;
	size_t len = strlen(row->data);
	char *data = malloc(len ? len : 1);
	struct list paths = {0};

	/* Nothing behind `len` may be looked at, a zero neither. */
	memcpy(data, row->data, len);
	assert_int_equal(qbt_resume_paths(data, len, &paths, &e), 0);
	assert_int_equal(paths.n, row->path != NULL);
	if (row->path)
		assert_string_equal(paths.v[0], row->path);
	list_free(&paths);
	free(data);
}

static void test_json(void **state)
{
	static const char *const broken[] = {"\"",
					     "{\"/a",
					     "\"\\",
					     "{\"a\":\"/\\u0041\"}",
					     "\"\\\"",
					     "{\"s\":\"a/b\"}",
					     "{\"s\":\"/a\\n\"}",
					     ""};
	struct list paths = {0};

	(void)state;
	assert_int_equal(qbt_json_paths("{\"/w/in\": {\"x\": 1}, \"tv\": {\"save_path\": "
					"\"\\/srv\\/tv\", \"download_path\": \"/srv/tv\"}}",
					&paths, &e),
			 0);
	assert_int_equal(paths.n, 2);
	assert_string_equal(paths.v[0], "/w/in");
	assert_string_equal(paths.v[1], "/srv/tv");
	list_free(&paths);
	for (unsigned i = 0; i < N(broken); i++) {
		char *text = strdup(broken[i]);

		assert_int_equal(qbt_json_paths(text, &paths, &e), 0);
		if (i != 1) /* a string without its end is a path still */
			assert_int_equal(paths.n, 0);
		list_free(&paths);
		free(text);
	}
}

int main(void)
{
	struct CMUnitTest tests[N(option_rows) + N(conf_rows) + N(resume_rows) + 4], *end;

	end = TABLE_ADD(tests, option_rows, test_option, NULL);
	end = TABLE_ADD(end, conf_rows, test_conf, NULL);
	end = TABLE_ADD(end, resume_rows, test_resume, NULL);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_port);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_runs);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_places);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_json);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("init_qbt", tests, (size_t)(end - tests), NULL, NULL);
}
