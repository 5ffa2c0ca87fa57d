// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events as lines: what programs read, and what people see.
 */
#include "events.h"

static void assert_json(const struct wgf_event *e, const char *ifname, const char *expected)
{
	struct told t = tell(e, ifname);
	char line[EVENT_LINE];
	size_t len = event_json_line(&t, line);

	assert_string_equal(line, expected);
	assert_int_equal(len, strlen(expected));
}

static void assert_text(const struct wgf_event *e, const char *ifname, const char *expected)
{
	struct told t = tell(e, ifname);
	char *text = text_of(&t, false);

	assert_string_equal(text, expected);
	free(text);
}

static void test_json_packet(void **state)
{
	struct wgf_event e = a_packet();

	(void)state;
	assert_json(&e, "eth0",
		    "{\"schema\":1,\"type\":\"drop\",\"time\":\"2026-11-26T01:02:03.123456Z\","
		    "\"fence\":\"q\",\"hook\":\"egress\",\"family\":\"ipv4\","
		    "\"reason\":\"past_tunnel_ipv4\",\"audit\":false,\"protocol\":\"udp\","
		    "\"local\":\"192.168.1.5\",\"local_port\":6881,\"remote\":\"203.0.113.7\","
		    "\"remote_port\":6881,\"interface\":\"eth0\",\"length\":92,\"pid\":123,"
		    "\"uid\":1000,\"comm\":\"qbittorrent-nox\",\"count\":1}\n");
}

static void test_json_unknown(void **state)
{
	struct wgf_event e = {.reason = WGF_MALFORMED,
			      .hook = WGF_INGRESS,
			      .mode = WGF_AUDIT,
			      .ifindex = 9,
			      .count = UINT64_MAX};

	(void)state;
	assert_json(&e, NULL,
		    "{\"schema\":1,\"type\":\"drop\",\"time\":\"2026-11-26T01:02:03.123456Z\","
		    "\"fence\":\"q\",\"hook\":\"ingress\",\"family\":\"unknown\","
		    "\"reason\":\"malformed\",\"audit\":true,\"protocol\":null,"
		    "\"local\":null,\"local_port\":null,\"remote\":null,"
		    "\"remote_port\":null,\"interface\":\"#9\",\"length\":0,\"pid\":null,"
		    "\"uid\":null,\"comm\":null,\"count\":18446744073709551615}\n");
}

#define CALL(hook, reason, protocol, local, local_port, remote, remote_port)                       \
	"{\"schema\":1,\"type\":\"refuse\",\"time\":\"2026-11-26T01:02:03.123456Z\","              \
	"\"fence\":\"q\",\"hook\":\"" hook "\",\"family\":\"ipv4\",\"reason\":\"" reason "\","     \
	"\"audit\":false,\"protocol\":" protocol ",\"local\":" local ",\"local_port\":" local_port \
	",\"remote\":" remote ",\"remote_port\":" remote_port ",\"interface\":null,"               \
	"\"length\":null,\"pid\":7,\"uid\":0,\"comm\":\"curl\",\"count\":1}\n"

static void test_json_calls(void **state)
{
	struct wgf_event e = a_call(WGF_CONNECT, WGF_LOOPBACK);

	(void)state;
	assert_json(&e, NULL,
		    CALL("connect", "loopback", "\"tcp\"", "null", "null", "\"127.0.0.1\"", "80"));
	e = a_call(WGF_BIND, WGF_BIND_REFUSED);
	assert_json(&e, NULL,
		    CALL("bind", "bind_refused", "\"tcp\"", "\"192.168.1.5\"", "6881", "null",
			 "null"));
	e = a_call(WGF_SOCK_CREATE, WGF_SOCKET_TYPE);
	e.proto = 132;
	assert_json(&e, NULL,
		    CALL("socket", "socket_type", "\"132\"", "null", "null", "null", "null"));
	e = a_call(WGF_SETSOCKOPT, WGF_MULTICAST_JOIN);
	e.proto = 0;
	assert_json(&e, NULL,
		    CALL("setsockopt", "multicast_join", "null", "null", "null", "null", "null"));
}

#define UNIX_CALL(name, length)                                                                 \
	"{\"schema\":1,\"type\":\"refuse\",\"time\":\"2026-11-26T01:02:03.123456Z\","           \
	"\"fence\":\"q\",\"hook\":\"unix\",\"family\":\"unix\",\"reason\":\"unix_socket\","     \
	"\"audit\":false,\"protocol\":null,\"local\":null,\"local_port\":null,\"remote\":null," \
	"\"remote_port\":null,\"name\":" name ",\"name_length\":" length ",\"interface\":null," \
	"\"length\":null,\"pid\":7,\"uid\":0,\"comm\":\"curl\",\"count\":1}\n"

static const char resolve[] = "/run/systemd/resolve/io.systemd.Resolve";

static void test_json_unix(void **state)
{
	struct wgf_event e = a_unix("/run/a", 6);

	(void)state;
	assert_json(&e, NULL, UNIX_CALL("\"/run/a\"", "6"));
	e = a_unix("\0a\0\"\n", 5);
	assert_json(&e, NULL, UNIX_CALL("\"@a\\\\x00\\\"\\\\x0a\"", "5"));
	e = a_unix(resolve, 32);
	assert_json(&e, NULL, UNIX_CALL("\"/run/systemd/resolve/io.systemd.\"", "32"));
	e = a_unix(resolve, 39);
	assert_json(&e, NULL, UNIX_CALL("\"...stemd/resolve/io.systemd.Resolve\"", "39"));
	/* A name that could not be read, and a length that no program writes. */
	e = a_unix("", 0);
	assert_json(&e, NULL, UNIX_CALL("null", "null"));
	e.remote_port = 109;
	assert_json(&e, NULL, UNIX_CALL("null", "null"));
}

static void test_text_unix(void **state)
{
	struct wgf_event e = a_unix("\0a\033[2J", 6);

	(void)state;
	assert_text(&e, NULL, "01:02:03 curl[7] unix @a\\x1b[2J: unix socket that is not named\n");
	e = a_unix(resolve, 39);
	assert_text(
		&e, NULL,
		"01:02:03 curl[7] unix ...stemd/resolve/io.systemd.Resolve: unix socket that is "
		"not named\n");
	e = a_unix("", 0);
	assert_text(&e, NULL, "01:02:03 curl[7] unix: unix socket that is not named\n");
}

/* The wildcard is an address that bind(2) named; `::` is one of a packet if the other is known. */
static void test_zero_is_an_address_where_it_is_one(void **state)
{
	struct wgf_event e = a_call(WGF_BIND, WGF_NO_POLICY);

	(void)state;
	e.family = WGF_IPV6;
	e.local = (union wgf_ip){.q = {0, 0}};
	assert_true(event_knows_local(&e) && !event_knows_remote(&e));
	e = a_packet();
	e.local = (union wgf_ip){.q = {0, 0}};
	assert_true(event_knows_local(&e) && event_knows_remote(&e));
	e.hook = WGF_GUARD;
	assert_true(event_knows_local(&e) && event_knows_remote(&e));
	e.remote = e.local;
	assert_false(event_knows_local(&e) || event_knows_remote(&e));
}

static void test_text_packets(void **state)
{
	struct wgf_event e = a_packet();

	(void)state;
	assert_text(&e, "eth0",
		    "01:02:03 qbittorrent-nox[123] egress ipv4 udp 192.168.1.5:6881 > "
		    "203.0.113.7:6881 by eth0: past the tunnel (IPv4)\n");
	e.count = 17;
	e.mode = WGF_AUDIT;
	assert_text(&e, NULL,
		    "01:02:03 qbittorrent-nox[123] egress ipv4 udp 192.168.1.5:6881 > "
		    "203.0.113.7:6881 by #2: past the tunnel (IPv4), 17 so far (audit)\n");
	e = a_packet();
	e.hook = WGF_GUARD;
	e.reason = WGF_TUNNEL_ADDRESS;
	assert_text(&e, "eth0",
		    "01:02:03 qbittorrent-nox[123] guard ipv4 udp 192.168.1.5:6881 > "
		    "203.0.113.7:6881 by eth0: tunnel's address by another interface\n");
	e = (struct wgf_event){.local = ip_of("fe80::1"),
			       .remote = ip_of("2001:db8::7"),
			       .ifindex = 2,
			       .proto = WGF_TCP,
			       .local_port = 8080,
			       .remote_port = 443,
			       .reason = WGF_UNEXPECTED_INBOUND,
			       .hook = WGF_INGRESS,
			       .family = WGF_IPV6,
			       .count = 1};
	assert_text(&e, "eth0",
		    "01:02:03 unknown ingress ipv6 tcp [2001:db8::7]:443 > [fe80::1]:8080 by eth0: "
		    "unexpected inbound\n");
	e.proto = 132;
	e.local_port = e.remote_port = 0;
	assert_text(&e, "eth0",
		    "01:02:03 unknown ingress ipv6 protocol 132 2001:db8::7 > fe80::1 by eth0: "
		    "unexpected inbound\n");
	e.local = e.remote = (union wgf_ip){.q = {0, 0}};
	e.proto = e.family = 0;
	e.reason = WGF_MALFORMED;
	assert_text(&e, "eth0",
		    "01:02:03 unknown ingress unknown by eth0: packet cannot be read\n");
}

static void test_text_calls(void **state)
{
	struct wgf_event e = a_call(WGF_CONNECT, WGF_LOOPBACK);

	(void)state;
	assert_text(&e, NULL, "01:02:03 curl[7] connect ipv4 tcp 127.0.0.1:80: loopback\n");
	e.local_port = 8080;
	e.reason = WGF_WEBUI_OPENS;
	assert_text(&e, NULL,
		    "01:02:03 curl[7] connect ipv4 tcp 127.0.0.1:80 from port 8080: connection "
		    "opened from the WebUI port\n");
	e = a_call(WGF_BIND, WGF_BIND_REFUSED);
	assert_text(&e, NULL,
		    "01:02:03 curl[7] bind ipv4 tcp 192.168.1.5:6881: bind to an address outside "
		    "the tunnel\n");
	e = a_call(WGF_SOCK_CREATE, WGF_SOCKET_TYPE);
	e.proto = 1;
	assert_text(&e, NULL, "01:02:03 curl[7] socket ipv4 icmp: socket type not allowed\n");
}

static void test_colour(void **state)
{
	struct wgf_event e = a_call(WGF_SETSOCKOPT, WGF_MULTICAST_JOIN);
	struct told t = tell(&e, NULL);
	char *text = text_of(&t, true);

	(void)state;
	assert_string_equal(
		text, "01:02:03 curl[7] setsockopt ipv4 tcp: \033[31mmulticast join\033[0m\n");
	free(text);
	t.event.mode = WGF_AUDIT;
	text = text_of(&t, true);
	assert_string_equal(
		text,
		"01:02:03 curl[7] setsockopt ipv4 tcp: \033[33mmulticast join\033[0m (audit)\n");
	free(text);
}

/* Sixteen bytes without an end, all of them hostile; so is the interface's name. */
static void test_hostile_names(void **state)
{
	struct wgf_event e = a_packet();
	struct told t = tell(&e, "\033[2J\"\\");
	char line[EVENT_LINE], *text;

	(void)state;
	memcpy(t.event.who.comm, "\033]0;x\a\n\r\"\\\x7f\x80\xff\t\bz", WGF_COMM);
	text = text_of(&t, false);
	assert_string_equal(text,
			    "01:02:03 \\x1b]0;x\\x07\\x0a\\x0d\"\\x5c\\x7f\\x80\\xff\\x09\\x08z"
			    "[123] egress ipv4 udp 192.168.1.5:6881 > 203.0.113.7:6881 by "
			    "\\x1b[2J\"\\x5c: past the tunnel (IPv4)\n");
	free(text);
	event_json_line(&t, line);
	assert_non_null(strstr(line, ",\"interface\":\"\\u001b[2J\\\"\\\\\","));
	assert_non_null(strstr(line, ",\"comm\":\"\\u001b]0;x\\u0007\\u000a\\u000d\\\"\\\\\\u007f"
				     "\\u0080\\u00ff\\u0009\\u0008z\","));
}

/* Nothing that a record can hold makes a line that does not fit. */
static void test_longest(void **state)
{
	struct wgf_event e = a_packet();
	struct told t;
	char name[FENCE_NAME_MAX + 1], ifname[WGF_IFNAME], line[EVENT_LINE];
	size_t len;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	memset(ifname, 0xff, sizeof(ifname) - 1);
	name[FENCE_NAME_MAX] = ifname[WGF_IFNAME - 1] = '\0';
	e.hook = WGF_INGRESS;
	e.family = WGF_FAMILY_UNKNOWN + 1;
	e.reason = WGF_UNEXPECTED_INBOUND;
	memset(&e.local, 0xff, sizeof(e.local));
	memset(&e.remote, 0xee, sizeof(e.remote));
	memset(&e.who, 0xff, sizeof(e.who));
	e.proto = e.length = UINT32_MAX;
	e.local_port = e.remote_port = UINT16_MAX;
	e.count = UINT64_MAX;
	assert_true(event_tell(&e, name, ifname, event_time, &t));
	len = event_json_line(&t, line);
	assert_true(len < EVENT_LINE - 64);
	assert_string_equal(line + len - 3, "5}\n");
	t.event.hook = WGF_UNIX;
	t.event.remote_port = WGF_NAME_BYTES;
	len = event_json_line(&t, line);
	assert_true(len < EVENT_LINE - 64);
	assert_string_equal(line + len - 3, "5}\n");
}

/* What no program of this layout writes indexes no table. */
static void test_out_of_range(void **state)
{
	struct told t;
	struct wgf_event e = a_packet();

	(void)state;
	e.hook = WGF_N_HOOKS;
	assert_false(event_tell(&e, "q", NULL, event_time, &t));
	e = a_packet();
	e.family = WGF_N_FAMILIES;
	assert_false(event_tell(&e, "q", NULL, event_time, &t));
	e = a_packet();
	e.reason = WGF_N_REASONS;
	assert_false(event_tell(&e, "q", NULL, event_time, &t));
	e = a_packet();
	e.mode = WGF_AUDIT + 1;
	assert_false(event_tell(&e, "q", NULL, event_time, &t));
}

static void assert_realtime(u64 boottime, struct timespec boot, struct timespec real, time_t sec,
			    long nsec)
{
	struct timespec t = event_realtime(boottime, boot, real);

	assert_int_equal(t.tv_sec, sec);
	assert_int_equal(t.tv_nsec, nsec);
}

static void test_realtime(void **state)
{
	const struct timespec boot = {100, 5}, real = {1000000, 3};

	(void)state;
	assert_realtime(100000000005, boot, real, 1000000, 3);
	assert_realtime(100000000000, boot, real, 999999, 999999998);
	assert_realtime(0, boot, real, 999899, 999999998);
	/* Never in the future, and not before 1970 where the wall clock is that wrong. */
	assert_realtime(100000000006, boot, real, 1000000, 3);
	assert_realtime(UINT64_MAX, boot, real, 1000000, 3);
	assert_realtime(0, boot, (struct timespec){99, 0}, 0, 0);
}

static void test_realtime_now(void **state)
{
	struct timespec boot, before, then, after;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &before);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	then = event_realtime_now((u64)boot.tv_sec * 1000000000 + (u64)boot.tv_nsec);
	clock_gettime(CLOCK_REALTIME, &after);
	assert_true(then.tv_sec >= before.tv_sec - 1 && then.tv_sec <= after.tv_sec + 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_packet),
		cmocka_unit_test(test_json_unknown),
		cmocka_unit_test(test_json_calls),
		cmocka_unit_test(test_zero_is_an_address_where_it_is_one),
		cmocka_unit_test(test_text_packets),
		cmocka_unit_test(test_text_calls),
		cmocka_unit_test(test_json_unix),
		cmocka_unit_test(test_text_unix),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_realtime),
		cmocka_unit_test(test_realtime_now),
	};

	setenv("TZ", "UTC", 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
