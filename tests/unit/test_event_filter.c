// SPDX-License-Identifier: GPL-2.0-only
/*
 * The filters of `wgfence events`: what passes, and what is refused in which words.
 */
#include "event_filter.h"
#include "events.h"
#include "table.h"

/* Of qbittorrent-nox[123] to 203.0.113.7:6881, past the tunnel; and of curl[7] to 127.0.0.1:80. */
static const struct passes {
	const char *name, *reason, *process, *to;
	bool packet, call;
} rows[] = {
	{"none", NULL, NULL, NULL, true, true},
	{"a reason", "past_tunnel_ipv4", NULL, NULL, true, false},
	{"another", "loopback", NULL, NULL, false, true},
	{"two", "dns,loopback", NULL, NULL, false, true},
	{"a process", NULL, "curl", NULL, false, true},
	{"the begin of a process", NULL, "cur", NULL, false, false},
	{"a process that the kernel cuts", NULL, "qbittorrent-nox-2", NULL, true, false},
	{"an address", NULL, NULL, "203.0.113.7", true, false},
	{"a network", NULL, NULL, "203.0.113.0/24", true, false},
	{"another network", NULL, NULL, "10.0.0.0/8", false, false},
	{"an address and a port", NULL, NULL, "203.0.113.7:6881", true, false},
	{"an address and another port", NULL, NULL, "203.0.113.7:6882", false, false},
	{"a network and a port", NULL, NULL, "127.0.0.0/8:80", false, true},
	{"a port", NULL, NULL, ":80", false, true},
	{"IPv6", NULL, NULL, "2001:db8::/32", false, false},
	{"IPv6 and a port", NULL, NULL, "[2001:db8::1]:80", false, false},
	{"all of IPv4", NULL, NULL, "0.0.0.0/0", true, true},
	{"all three", "loopback", "curl", ":80", false, true},
	{"two of three", "loopback", "curl", ":81", false, false},
};

static void test_passes(void **state)
{
	const struct passes *p = *state;
	struct wgf_event packet = a_packet(), call = a_call(WGF_CONNECT, WGF_LOOPBACK);
	struct told a = tell(&packet, "eth0"), b = tell(&call, NULL);
	struct event_filter f;
	struct err e;

	if (event_filter_read(p->reason, p->process, p->to, &f, &e))
		fail_msg("%s", e.text);
	assert_int_equal(event_filter_passes(&f, &a), p->packet);
	assert_int_equal(event_filter_passes(&f, &b), p->call);
}

static const struct refused {
	const char *name, *reason, *to, *words;
} refusals[] = {
	{"a letter too few", "multcast", NULL, "`multicast`"},
	{"two exchanged", "dns,lopoback", NULL, "`loopback`"},
	{"an empty one", "", NULL, "there is no reason ``"},
	{"what is let pass is no event", "tunnel", NULL, "there is no reason `tunnel`"},
	{"a comma too many", "dns,", NULL, "there is no reason ``"},
	{"host bits", NULL, "10.0.0.1/8", "10.0.0.0/8 would be right"},
	{"a port too large", NULL, "10.0.0.1:70000", "1 to 65535"},
	{"port 0", NULL, "10.0.0.1:0", "1 to 65535"},
	{"no address", NULL, "example.org", "--to: "},
	{"brackets", NULL, "[::1", "[ADDRESS]:PORT"},
	{"behind brackets", NULL, "[::1]80", "[ADDRESS]:PORT"},
	{"too long", NULL,
	 "2001:db8:1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee:ffff:1111",
	 "too long"},
};

static void test_refused(void **state)
{
	const struct refused *r = *state;
	struct event_filter f;
	struct err e = {0};

	assert_int_equal(event_filter_read(r->reason, NULL, r->to, &f, &e), -1);
	assert_int_equal(e.code, EXIT_MISUSE);
	if (!strstr(e.text, r->words))
		fail_msg("`%s` says nothing of %s", e.text, r->words);
}

/* An event that knows no other end passes no filter that asks for one; nor one without process. */
static void test_not_known(void **state)
{
	struct wgf_event e = a_call(WGF_BIND, WGF_BIND_REFUSED);
	struct told t;
	struct event_filter f;
	struct err err;

	(void)state;
	memset(&e.who, 0, sizeof(e.who));
	t = tell(&e, NULL);
	assert_int_equal(event_filter_read(NULL, NULL, ":6881", &f, &err), 0);
	assert_false(event_filter_passes(&f, &t));
	assert_int_equal(event_filter_read(NULL, "", NULL, &f, &err), 0);
	assert_false(event_filter_passes(&f, &t));
}

int main(void)
{
	struct CMUnitTest tests[N(rows) + N(refusals) + 1], *end = tests;

	end = TABLE_ADD(end, rows, test_passes, NULL);
	end = TABLE_ADD(end, refusals, test_refused, NULL);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_not_known);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("event_filter", tests, (size_t)(end - tests), NULL, NULL);
}
