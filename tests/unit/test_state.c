// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state as lines: what was written comes back whole, and nothing else passes.
 */
#include "random.h"
#include "states.h"
#include "words.h"

static struct state before, after;

static bool parse(const char *text)
{
	return state_parse(text, strlen(text), &after);
}

static void assert_same(void)
{
	char *text = json_of(&before);

	if (!parse(text))
		fail_msg("%s", text);
	assert_memory_equal(&after.counters, &before.counters, sizeof(after.counters));
	assert_string_equal(after.fence, before.fence);
	assert_string_equal(after.missing, before.missing);
	assert_string_equal(after.cgroup, before.cgroup);
	assert_string_equal(after.tunnel, before.tunnel);
	assert_int_equal(after.n_flows, before.n_flows);
	for (unsigned i = 0; i < after.n_flows; i++)
		assert_memory_equal(&after.flows[i].key, &before.flows[i].key,
				    sizeof(after.flows[i].key));
	assert_int_equal(after.exists << 4 | after.whole << 3 | after.audit << 2 |
				 after.tunnel_up << 1 | after.in_policy,
			 before.exists << 4 | before.whole << 3 | before.audit << 2 |
				 before.tunnel_up << 1 | before.in_policy);
	assert_int_equal(after.people, before.people);
	assert_int_equal(after.shakes, before.shakes);
	assert_true(after.handshake == before.handshake && after.now == before.now);
	assert_int_equal(after.flows_total, before.flows_total);
}

static void test_back(void **state)
{
	(void)state;
	a_state(&before);
	assert_same();
	assert_string_equal(after.flows[0].value.who.comm, "qbittorrent-nox");
	assert_true(after.flows[0].value.count == 40 && after.flows[0].value.last == 9 * SECOND);
}

/* A unix socket has a name, whose end is kept where others have an address. */
static void test_back_unix(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} names[] = {{"", 0},
		     {"/a", 2},
		     {"\0a\0b", 4},
		     {"/run/dbus/system_bus_socket", 27},
		     {"\0\033[2J\n\"\\ 0123456789", 18}};

	(void)state;
	a_state(&before);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct flow f = a_flow("::", 1, WGF_UNIX_SOCKET);
		size_t len = names[i].len, n = len < 16 ? len : 16;

		f.key.hook = WGF_UNIX;
		f.key.family = WGF_FAMILY_UNKNOWN;
		f.key.proto = 0;
		f.key.port = (u16)len;
		memcpy(f.key.remote.b + 16 - n, names[i].name + len - n, n);
		before.flows[before.n_flows++] = f;
	}
	assert_same();
	assert_non_null(
		strstr(json_of(&before), "\"name\":\"...ystem_bus_socket\",\"name_length\":27"));
	assert_non_null(strstr(json_of(&before), "\"family\":\"unix\""));
}

/* Names that hurt, and every counter there is. */
static void test_back_random(void **state)
{
	(void)state;
	for (int round = 0; round < 50; round++) {
		a_state(&before);
		for (unsigned i = 0; i + 1 < sizeof(before.missing); i++)
			before.missing[i] = (char)(1 + random_below(255));
		for (unsigned r = 0; r < WGF_N_REASONS; r++)
			before.counters.of[random_below(2)][random_below(WGF_N_HOOKS)]
					  [random_below(WGF_N_FAMILIES)][r] =
				(struct wgf_count){1 + (random_u64() >> 1), random_u64()};
		before.shakes = one_in(2);
		before.handshake = before.shakes ? random_u64() : 0;
		before.people = random_below(3);
		before.audit = one_in(2);
		while (before.n_flows < STATE_FLOWS)
			before.flows[before.n_flows++] =
				a_flow("2001:db8::7", random_u64(), WGF_DNS);
		memset(before.flows[3].value.who.comm, '\033', WGF_COMM);
		assert_same();
	}
}

/* A daemon that was killed, or a reader that was too slow: no beginning of an answer is one. */
static void test_truncated(void **state)
{
	char *text;

	(void)state;
	a_state(&before);
	text = json_of(&before);
	for (size_t len = 0; len < strlen(text); len++)
		assert_false(state_parse(text, len, &after));
	assert_true(parse(text));
}

#define END "{\"schema\":1,\"type\":\"end\"}\n"

static void test_wrong(void **state)
{
	static char two[300 * 1024];
	char *text;

	(void)state;
	a_state(&before);
	text = json_of(&before);
	assert_false(parse(""));
	assert_false(parse(END));
	assert_false(parse("\n" END));
	snprintf(two, sizeof(two), "%s%s", text, text);
	assert_false(parse(two));
	snprintf(two, sizeof(two), "rubbish\n%s", text);
	assert_false(parse(two));
	snprintf(two, sizeof(two), "%.*s{}\n" END,
		 (int)(strstr(text, "{\"schema\":1,\"type\":\"end") - text), text);
	assert_false(parse(two));
	strstr(text, "schema\":1")[sizeof("schema\":") - 1] = '2';
	assert_false(parse(text));
}

/* Of a newer daemon: lines and keys that we do not know are passed over, and so is a new reason. */
static void test_newer(void **state)
{
	static char newer[300 * 1024];
	const char *text;
	int head;

	(void)state;
	a_state(&before);
	text = json_of(&before);
	head = (int)(strchr(text, '\n') - text);
	snprintf(newer, sizeof(newer),
		 "%.*s,\"new\":null}\n{\"schema\":1,\"type\":\"news\",\"x\":1}\n"
		 "{\"schema\":1,\"type\":\"counter\",\"hook\":\"egress\",\"family\":\"ipv4\","
		 "\"reason\":\"new\",\"audit\":false,\"packets\":1,\"bytes\":1}%s",
		 head - 1, text, text + head);
	assert_true(parse(newer));
	assert_memory_equal(&after.counters, &before.counters, sizeof(after.counters));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back),	    cmocka_unit_test(test_back_unix),
		cmocka_unit_test(test_back_random), cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_wrong),	    cmocka_unit_test(test_newer),
	};

	random_seed();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
