// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration's limits: each at its last good and its first bad number.
 */
#include "config_text.h"

static void test_limit_of_rules(void **state)
{
	struct text t = {.len = 0};

	(void)state;
	add(&t, FENCE "[rules]\n");
	for (unsigned i = 0; i < WGF_MAX_RULES; i++)
		add(&t, "allow = connect tcp 10.0.0.%u 80\n", i);
	accept(t.s);
	assert_int_equal(c.n_rules, WGF_MAX_RULES);
	assert_int_equal(c.rules[WGF_MAX_RULES - 1].line, 68);
	add(&t, "allow = connect tcp 10.0.0.64 80\n");
	refuse(t.s, "dir/t.conf:69: allow: found rule 65, at most 64 would be right");
}

static void test_limit_of_networks(void **state)
{
	struct text t = {.len = 0};

	(void)state;
	add(&t, FENCE "[webui]\nport = 1\nallow =");
	for (unsigned i = 0; i < CONFIG_MAX_NETWORKS; i++)
		add(&t, " eth%u", i);
	accept(t.s);
	assert_int_equal(c.n_networks, CONFIG_MAX_NETWORKS);
	assert_string_equal(c.networks[CONFIG_MAX_NETWORKS - 1].ifname, "eth31");
	add(&t, "\nallow = eth32\n");
	refuse(t.s, "dir/t.conf:7: allow: found network 33, at most 32 would be right");
}

static void test_limit_of_names(void **state)
{
	struct text t = {.len = 0};

	(void)state;
	add(&t, FENCE "[unix]\n");
	for (int i = 0; i < WGF_MAX_NAMES; i++)
		add(&t, "allow = @%d\n", i);
	accept(t.s);
	assert_int_equal(c.n_names, WGF_MAX_NAMES);
	add(&t, "allow = @64\n");
	refuse(t.s, "dir/t.conf:69: allow: found name 65, at most 64 would be right");
	/* The longest of both kinds. */
	t.len = 0;
	add(&t, FENCE "[unix]\nallow = /%0*d @%0*d\n", WGF_NAME_BYTES - 1, 0, WGF_NAME_BYTES - 1,
	    0);
	accept(t.s);
	assert_int_equal(c.names[0].name.len, WGF_NAME_BYTES);
	assert_int_equal(c.names[1].name.len, WGF_NAME_BYTES);
}

static void test_limit_of_a_line(void **state)
{
	struct text t = {.len = 0};

	(void)state;
	add(&t, FENCE "#%0*d\n", CONFIG_LINE_MAX - 1, 0);
	accept(t.s);
	t.len--;
	add(&t, "0\n");
	refuse(t.s, "dir/t.conf:4: the line is 1025 bytes long, at most 1024 would be right");
	/* A value that fills its line. */
	t.len = 0;
	add(&t, "[fence]\ntunnel=t\ncgroup=/%0*d\n", CONFIG_LINE_MAX - 8, 0);
	accept(t.s);
	assert_int_equal(strlen(c.cgroup), CONFIG_LINE_MAX - 7);
}

static void test_limit_of_a_file(void **state)
{
	struct text t = {.len = 0};

	(void)state;
	add(&t, FENCE);
	while (t.len < CONFIG_MAX)
		add(&t, "\n");
	accept(t.s);
	add(&t, "\n");
	refuse(t.s, "dir/t.conf: found more than 65536 bytes, a shorter file would be right");
}

/* A path that fills the message leaves room for what is wrong. */
static void test_long_file_name(void **state)
{
	char file[3000];

	(void)state;
	memset(file, 'f', sizeof(file) - 1);
	file[sizeof(file) - 1] = '\0';
	assert_int_equal(config_parse("[x]", 3, file, "t", &c, &e), -1);
	assert_non_null(strstr(e.text, "fff:1: found [x], which is no section"));
}

static void test_names(void **state)
{
	static const char *const yes[] = {"a", "qbittorrent", "A_z@0:9-", "-", "a-b"};
	static const char *const no[] = {"", "a.b", "a/b", "..", "a b", "\xc3\xa4", "a\n", "a%b"};
	char longest[FENCE_NAME_MAX + 2];

	(void)state;
	for (unsigned i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		assert_true(fence_name_valid(yes[i]));
	for (unsigned i = 0; i < sizeof(no) / sizeof(*no); i++)
		assert_false(fence_name_valid(no[i]));
	snprintf(longest, sizeof(longest), "%0*d", FENCE_NAME_MAX, 0);
	assert_true(fence_name_valid(longest));
	snprintf(longest, sizeof(longest), "%0*d", FENCE_NAME_MAX + 1, 0);
	assert_false(fence_name_valid(longest));
	assert_int_equal(config_parse(FENCE, strlen(FENCE), "a.b.conf", "a.b", &c, &e), -1);
	assert_non_null(strstr(e.text, "a.b.conf: found the name \"a.b\" for a fence"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit_of_rules),	cmocka_unit_test(test_limit_of_networks),
		cmocka_unit_test(test_limit_of_a_line), cmocka_unit_test(test_limit_of_a_file),
		cmocka_unit_test(test_long_file_name),	cmocka_unit_test(test_names),
		cmocka_unit_test(test_limit_of_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("config limits", tests, NULL, NULL);
}
