// SPDX-License-Identifier: GPL-2.0-only
/*
 * --since, from the text to the instant; and events that the journal kept, from their fields.
 */
#include "event_journal.h"
#include "events.h"
#include "since.h"
#include "table.h"
#include "words.h"

#define NOW 1795654923ULL /* Thursday, 2026-11-26 01:02:03 UTC */

static const struct instant {
	const char *text;
	u64 wanted; /* 0: is none */
} instants[] = {
	{"now", NOW},
	{"today", NOW - 3723},
	{"yesterday", NOW - 3723 - 86400},
	{"10 min ago", NOW - 600},
	{"2h ago", NOW - 7200},
	{"1 day ago", NOW - 86400},
	{"3 weeks ago", NOW - 21 * 86400ULL},
	{"2026-11-26 01:02:03", NOW},
	{"2026-11-26 01:02", NOW - 3},
	{"2026-11-25", NOW - 3723 - 86400},
	{"00:30", NOW - 3723 + 1800},
	{"an empty one", 0},
	{"ago", 0},
	{"10 min", 0},
	{"10 mins ago", 0},
	{"-1 min ago", 0},
	{"2026-02-30", 0},
	{"2026-11-26 25:00", 0},
	{"2026-11-26 01:02 x", 0},
	{"tomorrow", 0},
};

static void test_instant(void **state)
{
	const struct instant *i = *state;
	u64 got = 0;

	assert_int_equal(since_parse(i->text, NOW, &got), i->wanted != 0);
	if (i->wanted && got != i->wanted)
		fail_msg("%lld seconds off", (long long)(got - i->wanted));
}

struct pair {
	const char *key, *value;
};

static const char *field(const char *key, void *context)
{
	for (const struct pair *p = context; p->key; p++)
		if (strcmp(p->key, key) == 0)
			return p->value;
	return "";
}

static void test_fields(void **state)
{
	struct pair pairs[] = {{"WGFENCE_FENCE", "q"},
			       {"WGFENCE_REASON", "past_tunnel_ipv4"},
			       {"WGFENCE_HOOK", "egress"},
			       {"WGFENCE_FAMILY", "ipv4"},
			       {"WGFENCE_MODE", "enforce"},
			       {"WGFENCE_INTERFACE", "eth0"},
			       {"WGFENCE_PROTOCOL", "udp"},
			       {"WGFENCE_REMOTE", "203.0.113.7"},
			       {"WGFENCE_REMOTE_PORT", "6881"},
			       {"WGFENCE_LOCAL", "192.168.1.5"},
			       {"WGFENCE_LOCAL_PORT", "6881"},
			       {"WGFENCE_COMM", "a\\x1b[2J"},
			       {"WGFENCE_PID", "123"},
			       {"WGFENCE_UID", "1000"},
			       {NULL, NULL}};
	struct told t;
	char *text;

	(void)state;
	assert_true(event_from_fields(field, pairs, event_time, &t));
	text = text_of(&t, false);
	assert_string_equal(text, "01:02:03 a\\x1b[2J[123] egress ipv4 udp 192.168.1.5:6881 > "
				  "203.0.113.7:6881 by eth0: past the tunnel (IPv4)\n");
	free(text);
	for (struct pair *p = pairs; p->key; p++) {
		const char *was = p->value;

		p->value = "rubbish";
		if (strcmp(p->key, "WGFENCE_MODE") != 0 &&
		    strcmp(p->key, "WGFENCE_PROTOCOL") != 0 &&
		    strcmp(p->key, "WGFENCE_COMM") != 0 &&
		    strcmp(p->key, "WGFENCE_INTERFACE") != 0 &&
		    strcmp(p->key, "WGFENCE_FENCE") != 0)
			assert_false(event_from_fields(field, pairs, event_time, &t));
		p->value = was;
	}
	pairs[0].value = "../q";
	assert_false(event_from_fields(field, pairs, event_time, &t));
}

/* Of a unix socket: the end of its name, and no address. */
static void test_name(void **state)
{
	struct pair pairs[] = {{"WGFENCE_FENCE", "q"},
			       {"WGFENCE_REASON", "unix_socket"},
			       {"WGFENCE_HOOK", "unix"},
			       {"WGFENCE_FAMILY", "unix"},
			       {"WGFENCE_NAME", "...n/systemd/resolve/io.systemd.Res"},
			       {"WGFENCE_NAME_LENGTH", "39"},
			       {"WGFENCE_COMM", "getent"},
			       {"WGFENCE_PID", "123"},
			       {NULL, NULL}};
	struct told t;
	char *text;

	(void)state;
	assert_true(event_from_fields(field, pairs, event_time, &t));
	text = text_of(&t, false);
	assert_non_null(strstr(text, "...n/systemd/resolve/io.systemd.Res: unix socket"));
	free(text);
	pairs[2].value = "egress"; /* which has no names */
	assert_false(event_from_fields(field, pairs, event_time, &t));
}

int main(void)
{
	struct CMUnitTest tests[N(instants) + 2], *end = tests;

	setenv("TZ", "UTC", 1);
	end = TABLE_ADD(end, instants, test_instant, NULL);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_fields);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_name);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("since", tests, (size_t)(end - tests), NULL, NULL);
}
