// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of the event stream, read back: what was written comes back whole, and nothing else passes.
 */
#include "event_parse.h"
#include "events.h"
#include "random.h"
#include "table.h"
#include "words.h"

#define HEAD	"{\"schema\":1,\"type\":\"drop\","
#define TIME	"\"time\":\"2026-11-26T01:02:03.123456Z\","
#define FENCE	"\"fence\":\"q\","
#define WHAT	"\"hook\":\"egress\",\"family\":\"ipv4\",\"reason\":\"dns\",\"audit\":false,"
#define PROTO	"\"protocol\":\"udp\","
#define FROM	"\"local\":\"192.168.1.5\",\"local_port\":9,"
#define TO	"\"remote\":\"192.0.2.1\",\"remote_port\":53,"
#define LINK	"\"interface\":\"eth0\",\"length\":92,"
#define WHO	"\"pid\":123,\"uid\":1000,\"comm\":\"curl\","
#define COUNT	"\"count\":1}"
#define REFUSAL "{\"schema\":1,\"type\":\"refuse\","

#define UNIX_NOWHERE                                                                            \
	"\"protocol\":null,\"local\":null,\"local_port\":null,\"remote\":null,\"remote_port\":" \
	"null,"
#define UNIX_HEAD                                                                             \
	REFUSAL TIME FENCE                                                                    \
		"\"hook\":\"unix\",\"family\":\"unix\",\"reason\":\"unix_socket\",\"audit\":" \
		"false," UNIX_NOWHERE
#define UNIX_END "\"interface\":null,\"length\":null," WHO COUNT

/* Everything is right but one thing. */
static const struct wrong {
	const char *name, *line;
} wrongs[] = {
	{"empty", ""},
	{"no object", "null"},
	{"an empty object", "{}"},
	{"cut off", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"count\":1"},
	{"something behind", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT " "},
	{"a blank in it", HEAD " " TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a comma too many", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"count\":1,}"},
	{"another schema",
	 "{\"schema\":2,\"type\":\"drop\"," TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"no schema", "{\"type\":\"drop\"," TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"no type", "{\"schema\":1," TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"another type",
	 "{\"schema\":1,\"type\":\"pass\"," TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a call that was dropped", REFUSAL TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a key missing", HEAD TIME FENCE WHAT PROTO FROM TO LINK COUNT},
	{"a key twice", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"uid\":1000," COUNT},
	{"null where something must be",
	 HEAD "\"time\":null," FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a number for a string", HEAD TIME "\"fence\":7," WHAT PROTO FROM TO LINK WHO COUNT},
	{"a string for a number", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"count\":\"1\"}"},
	{"a nested object", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"new\":{}," COUNT},
	{"an array", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"new\":[1]," COUNT},
	{"a time of another form",
	 HEAD "\"time\":\"2026-11-26 01:02:03.123456Z\"," FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a day that is none",
	 HEAD "\"time\":\"2026-02-30T01:02:03.123456Z\"," FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a time of another zone",
	 HEAD "\"time\":\"2026-11-26T01:02:03.123456A\"," FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a time without a fraction",
	 HEAD "\"time\":\"2026-11-26T01:02:03Z\"," FENCE WHAT PROTO FROM TO LINK WHO COUNT},
	{"a fence that is none", HEAD TIME "\"fence\":\"../q\"," WHAT PROTO FROM TO LINK WHO COUNT},
	{"a reason that is none", HEAD TIME FENCE
	 "\"hook\":\"egress\",\"family\":\"ipv4\",\"reason\":\"fun\",\"audit\":false," PROTO FROM TO
		 LINK WHO COUNT},
	{"audit in another word", HEAD TIME FENCE
	 "\"hook\":\"egress\",\"family\":\"ipv4\",\"reason\":\"dns\",\"audit\":0," PROTO FROM TO
		 LINK WHO COUNT},
	{"protocol 0", HEAD TIME FENCE WHAT "\"protocol\":\"0\"," FROM TO LINK WHO COUNT},
	{"an address that is none",
	 HEAD TIME FENCE WHAT PROTO "\"local\":\"192.168.1\",\"local_port\":9," TO LINK WHO COUNT},
	{"a port too large", HEAD TIME FENCE WHAT PROTO
	 "\"local\":\"192.168.1.5\",\"local_port\":65536," TO LINK WHO COUNT},
	{"port 0", HEAD TIME FENCE WHAT PROTO
	 "\"local\":\"192.168.1.5\",\"local_port\":0," TO LINK WHO COUNT},
	{"an interface too long", HEAD TIME FENCE WHAT PROTO FROM TO
	 "\"interface\":\"eth0123456789012\",\"length\":92," WHO COUNT},
	{"an interface without name",
	 HEAD TIME FENCE WHAT PROTO FROM TO "\"interface\":\"\",\"length\":92," WHO COUNT},
	{"a pid too large", HEAD TIME FENCE WHAT PROTO FROM TO LINK
	 "\"pid\":4294967296,\"uid\":1000,\"comm\":\"curl\"," COUNT},
	{"a comm too long", HEAD TIME FENCE WHAT PROTO FROM TO LINK
	 "\"pid\":1,\"uid\":1000,\"comm\":\"12345678901234567\"," COUNT},
	{"a control character", HEAD TIME FENCE WHAT PROTO FROM TO LINK
	 "\"pid\":1,\"uid\":1000,\"comm\":\"\033[2J\"," COUNT},
	{"a byte that is no ASCII", HEAD TIME FENCE WHAT PROTO FROM TO LINK
	 "\"pid\":1,\"uid\":1000,\"comm\":\"\xc3\xa4\"," COUNT},
	{"a zero byte", HEAD TIME FENCE WHAT PROTO FROM TO LINK
	 "\"pid\":1,\"uid\":1000,\"comm\":\"a\\u0000b\"," COUNT},
	{"an escape behind Latin-1", HEAD TIME FENCE WHAT PROTO FROM TO LINK
	 "\"pid\":1,\"uid\":1000,\"comm\":\"a\\u0100b\"," COUNT},
	{"another escape", HEAD TIME FENCE WHAT PROTO FROM TO LINK
	 "\"pid\":1,\"uid\":1000,\"comm\":\"a\\nb\"," COUNT},
	{"an escape cut off",
	 HEAD TIME FENCE WHAT PROTO FROM TO LINK "\"pid\":1,\"uid\":1000,\"comm\":\"a\\u00"},
	{"a sign", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"count\":-1}"},
	{"a leading zero", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"count\":01}"},
	{"a fraction", HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"count\":1.0}"},
	{"more than 64 bits",
	 HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO "\"count\":18446744073709551616}"},
	{"a unix name without its length", UNIX_HEAD "\"name\":\"/a\"," UNIX_END},
	{"a unix name of another length", UNIX_HEAD "\"name\":\"/a\",\"name_length\":3," UNIX_END},
	{"a unix length without its name", UNIX_HEAD "\"name_length\":3," UNIX_END},
	{"a unix name too long", UNIX_HEAD "\"name\":\"...678901234567890123456789012345678\","
					   "\"name_length\":109," UNIX_END},
	{"a unix name in another spelling",
	 UNIX_HEAD "\"name\":\"/\\\\x61\",\"name_length\":2," UNIX_END},
	{"a unix name that is not escaped",
	 UNIX_HEAD "\"name\":\"/\\u001b\",\"name_length\":2," UNIX_END},
	{"a unix name cut without dots",
	 UNIX_HEAD "\"name\":\"67890123456789012345678901234567\",\"name_length\":33," UNIX_END},
	{"a unix name of a packet",
	 HEAD TIME FENCE WHAT PROTO FROM TO "\"name\":\"/a\",\"name_length\":2," LINK WHO COUNT},
	{"the unix family elsewhere", HEAD TIME FENCE
	 "\"hook\":\"egress\",\"family\":\"unix\",\"reason\":\"dns\",\"audit\":false," PROTO FROM TO
		 LINK WHO COUNT},
	{"another family of a unix call",
	 REFUSAL TIME FENCE "\"hook\":\"unix\",\"family\":\"unknown\",\"reason\":\"unix_socket\","
			    "\"audit\":false," UNIX_NOWHERE UNIX_END},
	{"hello without version", "{\"schema\":1,\"type\":\"hello\",\"fence\":\"q\"}"},
	{"lost without count", "{\"schema\":1,\"type\":\"lost\"}"},
	{"refused without message", "{\"schema\":1,\"type\":\"refused\",\"fence\":\"q\"}"},
};

/* A copy of exactly its length, so that the sanitizer sees every byte that is read behind it. */
static enum line_type parse_exact(const char *line, size_t len, struct event_line *ret)
{
	char *copy = malloc(len + !len);
	enum line_type type;

	assert_non_null(copy);
	memcpy(copy, line, len);
	type = event_parse(copy, len, ret);
	free(copy);
	return type;
}

static enum line_type parse(const char *line, struct event_line *ret)
{
	return parse_exact(line, strlen(line), ret);
}

static void test_wrong(void **state)
{
	const struct wrong *w = *state;
	struct event_line l;

	assert_int_equal(parse(w->line, &l), LINE_WRONG);
}

/* What every row of the table is one step away from. */
static void test_right(void **state)
{
	struct event_line l;
	const struct wgf_event *e = &l.told.event;

	(void)state;
	assert_int_equal(parse(HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT, &l), LINE_EVENT);
	assert_string_equal(l.told.fence, "q");
	assert_string_equal(l.told.ifname, "eth0");
	assert_int_equal(l.told.time.tv_sec, event_time.tv_sec);
	assert_int_equal(l.told.time.tv_nsec, 123456000);
	assert_int_equal(e->hook, WGF_EGRESS);
	assert_int_equal(e->family, WGF_IPV4);
	assert_int_equal(e->reason, WGF_DNS);
	assert_int_equal(e->mode, WGF_ENFORCE);
	assert_int_equal(e->proto, WGF_UDP);
	assert_int_equal(e->local_port, 9);
	assert_int_equal(e->remote_port, 53);
	assert_int_equal(e->length, 92);
	assert_int_equal(e->who.pid, 123);
	assert_int_equal(e->who.uid, 1000);
	assert_string_equal(e->who.comm, "curl");
	assert_int_equal(e->count, 1);
}

/* The name stands where a program puts it, whatever comes first; an older daemon tells none. */
static void test_unix(void **state)
{
	struct event_line l;
	const struct wgf_event *e = &l.told.event;

	(void)state;
	assert_int_equal(parse(UNIX_HEAD UNIX_END, &l), LINE_EVENT);
	assert_int_equal(e->remote_port, 0);
	assert_int_equal(parse(UNIX_HEAD "\"name_length\":4,\"name\":\"@a\\\\x00b\"," UNIX_END, &l),
			 LINE_EVENT);
	assert_int_equal(e->hook, WGF_UNIX);
	assert_int_equal(e->family, WGF_FAMILY_UNKNOWN);
	assert_int_equal(e->remote_port, 4);
	assert_memory_equal(e->remote.b + 12, "\0a\0b", 4);
	assert_true(e->local.q[0] == 0 && e->local.q[1] == 0 && e->remote.q[0] == 0);
	assert_int_equal(parse(UNIX_HEAD "\"name\":\"...67890123456789012345678901234567\","
					 "\"name_length\":108," UNIX_END,
			       &l),
			 LINE_EVENT);
	assert_memory_equal(&e->local, "6789012345678901", 16);
	assert_memory_equal(&e->remote, "2345678901234567", 16);
}

/* Schema 1 may gain keys; their order is not promised. */
static void test_unknown_keys(void **state)
{
	struct event_line l;

	(void)state;
	assert_int_equal(
		parse("{\"new\":null," TIME FENCE WHAT PROTO FROM TO LINK WHO
		      "\"other\":\"x\",\"count\":1,\"yes\":true,\"type\":\"drop\",\"schema\":1}",
		      &l),
		LINE_EVENT);
}

static void test_other_types(void **state)
{
	struct event_line l;

	(void)state;
	assert_int_equal(
		parse("{\"schema\":1,\"type\":\"hello\",\"fence\":\"q\",\"version\":\"0.1.0\"}",
		      &l),
		LINE_HELLO);
	assert_string_equal(l.told.fence, "q");
	assert_string_equal(l.message, "0.1.0");
	assert_int_equal(parse("{\"schema\":1,\"type\":\"lost\",\"count\":18446744073709551615}",
			       &l),
			 LINE_LOST);
	assert_true(l.lost == UINT64_MAX);
	assert_int_equal(
		parse("{\"schema\":1,\"type\":\"refused\",\"fence\":\"q\",\"message\":\"no\"}", &l),
		LINE_REFUSED);
	assert_string_equal(l.message, "no");
}

/* Every beginning of a line is wrong. */
static void test_truncated(void **state)
{
	static const char line[] = HEAD TIME FENCE WHAT PROTO FROM TO LINK WHO COUNT;
	struct event_line l;

	(void)state;
	for (size_t len = 0; len < sizeof(line) - 1; len++)
		assert_int_equal(parse_exact(line, len, &l), LINE_WRONG);
}

static union wgf_ip random_ip(void)
{
	union wgf_ip ip = {.q = {random_u64(), random_u64()}};

	if (one_in(2))
		ip = (union wgf_ip){.w = {0, 0, WGF_BE32(0xffff), (u32)random_u64()}};
	return one_in(5) ? (union wgf_ip){.q = {0, 0}} : ip;
}

static struct told random_told(void)
{
	static const u32 protos[] = {0, 1, WGF_TCP, WGF_UDP, 58, 132, 262, UINT32_MAX};
	struct wgf_event e = {
		.local = random_ip(),
		.remote = random_ip(),
		.count = random_u64() >> random_below(64),
		.ifindex = one_in(3) ? 0 : (u32)random_u64(),
		.length = (u32)random_u64(),
		.proto = protos[random_below(N(protos))],
		.local_port = one_in(4) ? 0 : (u16)random_u64(),
		.remote_port = one_in(4)   ? 0
			       : one_in(3) ? (u16)random_below(WGF_NAME_BYTES + 2)
					   : (u16)random_u64(),
		.reason = (u8)random_below(WGF_N_REASONS),
		.hook = (u8)random_below(WGF_N_HOOKS),
		.family = (u8)random_below(WGF_N_FAMILIES),
		.mode = (u8)random_below(2),
	};
	struct timespec time = {(time_t)random_below(UINT32_MAX), random_below(1000000000)};
	char ifname[WGF_IFNAME] = "";
	struct told t;

	if (!one_in(4))
		e.who = (struct wgf_who){.pid = (u32)random_u64(), .uid = (u32)random_u64()};
	for (unsigned i = random_below(WGF_COMM + 1); event_knows_who(&e) && i; i--)
		e.who.comm[i - 1] = (char)(1 + random_below(255));
	for (unsigned i = random_below(WGF_IFNAME); i; i--)
		ifname[i - 1] = (char)(1 + random_below(255));
	assert_true(event_tell(&e, "a-b@c:1_Z", one_in(3) ? NULL : ifname, time, &t));
	return t;
}

/* Whatever happened: what is written comes back, and is written the same again, in both forms. */
static void test_round_trip(void **state)
{
	(void)state;
	for (unsigned i = rounds(30000); i; i--) {
		struct told t = random_told();
		char line[EVENT_LINE], again[EVENT_LINE], *text, *text_again;
		size_t len = event_json_line(&t, line);
		struct event_line l;

		assert_int_equal(parse_exact(line, len - 1, &l), LINE_EVENT);
		event_json_line(&l.told, again);
		assert_string_equal(again, line);
		if (i % 16)
			continue;
		text = text_of(&t, false);
		text_again = text_of(&l.told, false);
		assert_string_equal(text_again, text);
		free(text);
		free(text_again);
	}
}

int main(void)
{
	struct CMUnitTest tests[N(wrongs) + 6] = {
		cmocka_unit_test(test_right),	    cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_other_types), cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_unix),
	};

	TABLE_ADD(tests + 6, wrongs, test_wrong, NULL);
	random_seed();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
