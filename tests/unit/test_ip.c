// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses and prefixes: what is read, what is refused, and that what is printed reads back.
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

#include "ip.h"

static union wgf_ip ip(const char *text)
{
	union wgf_ip ret;

	if (!ip_parse(text, &ret))
		fail_msg("%s is no address", text);
	return ret;
}

/* Bare of prefix_parse()'s opinions: "10.1.2.3/8" and "::/0" are fine here. */
static struct prefix raw(const char *text)
{
	struct prefix p = {.len = 128};
	char head[IP_TEXT];
	const char *slash = strchrnul(text, '/');

	snprintf(head, sizeof(head), "%.*s", (int)(slash - text), text);
	p.addr = ip(head);
	if (*slash)
		p.len = (unsigned)strtoul(slash + 1, NULL, 10);
	if (*slash && wgf_is_v4(&p.addr))
		p.len += 96;
	return p;
}

static void test_addresses(void **state)
{
	static const char *const both_ways[] = {
		"0.0.0.0",
		"1.2.3.4",
		"255.255.255.255",
		"::",
		"::1",
		"fe80::1",
		"2001:db8::1:0:0:1",
		"ffff:ffff:ffff:ffff::",
		"::fffe:1:2:3",
		"fd7a:115c:a1e0::53",
		"::1.2.3.4",
		"1::",
		"1:2:3:4:5:6:7:8",
	};
	char out[IP_TEXT];

	(void)state;
	for (unsigned i = 0; i < sizeof(both_ways) / sizeof(*both_ways); i++) {
		union wgf_ip a = ip(both_ways[i]), again;

		assert_string_equal(ip_print(&a, out), both_ways[i]);
		again = ip(out);
		assert_true(ip_equal(&a, &again));
	}
}

static void test_layout(void **state)
{
	static const u8 v4[16] = {[10] = 0xff, 0xff, 1, 2, 3, 4};
	static const u8 v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};

	union wgf_ip any4 = ip("0.0.0.0"), any6 = ip("::");

	(void)state;
	assert_memory_equal(ip("1.2.3.4").b, v4, 16);
	assert_memory_equal(ip("2001:db8::1").b, v6, 16);
	assert_true(wgf_is_v4(&any4));
	assert_false(wgf_is_v4(&any6));
}

static void test_no_addresses(void **state)
{
	static const char *const no[] = {
		"",
		" ",
		"1",
		"1.2.3",
		"1.2.3.4.5",
		"1.2.3.256",
		"01.2.3.4",
		"1.2.3.04",
		"0x1.2.3.4",
		"1.2.3.4 ",
		" 1.2.3.4",
		"+1.2.3.4",
		"1.2.3.-4",
		"1..2.3",
		":",
		":::",
		"1:2:3",
		"1:2:3:4:5:6:7:8:9",
		"12345::",
		"g::",
		"fe80::1%eth0",
		"::ffff:1.2.3.4",
		"::ffff:0102:0304",
		"[::1]",
		"localhost",
		"1.2.3.4/32",
		"::1/128",
		"0:0:0:0:0:ffff:1.2.3.4",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(no) / sizeof(*no); i++) {
		union wgf_ip ret = {.q = {4711, 4712}};

		if (ip_parse(no[i], &ret))
			fail_msg("\"%s\" was read as an address", no[i]);
		assert_true(ret.q[0] == 4711 && ret.q[1] == 4712);
	}
}

static void test_masks(void **state)
{
	union wgf_ip all = ip_mask(128), none = ip_mask(0), a = ip("1.2.3.4"), under;

	(void)state;
	for (unsigned len = 0; len <= 128; len++) {
		union wgf_ip mask = ip_mask(len);

		for (unsigned bit = 0; bit < 128; bit++)
			assert_int_equal(mask.b[bit / 8] >> (7 - bit % 8) & 1, bit < len);
	}
	under = ip_and(&a, &all);
	assert_true(ip_equal(&a, &under));
	under = ip_and(&a, &none);
	assert_true(ip_equal(&none, &under));
	/* Each half counts. */
	assert_false(ip_equal(&(union wgf_ip){.q = {1, 2}}, &(union wgf_ip){.q = {1, 3}}));
	assert_false(ip_equal(&(union wgf_ip){.q = {1, 2}}, &(union wgf_ip){.q = {0, 2}}));
}

static void test_prefixes(void **state)
{
	static const struct {
		const char *text, *printed;
		unsigned len;
	} rows[] = {
		{"10.0.0.0/8", "10.0.0.0/8", 104},
		{"0.0.0.0/0", "0.0.0.0/0", 96},
		{"1.2.3.4/32", "1.2.3.4", 128},
		{"1.2.3.4", "1.2.3.4", 128},
		{"fd00::/8", "fd00::/8", 8},
		{"2000::/3", "2000::/3", 3},
		{"fe80::/10", "fe80::/10", 10},
		{"::1/128", "::1", 128},
		{"::1", "::1", 128},
		{"::/96", "::/96", 96},
		{"::/95", "::/95", 95},
		{"8000::/1", "8000::/1", 1},
		{"::fffe:0:0/96", "::fffe:0:0/96", 96},
		{"192.168.20.128/25", "192.168.20.128/25", 121},
	};
	char buf[128], out[IP_TEXT];

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct prefix p, again;
		const char *wrong = prefix_parse(rows[i].text, &p, buf, sizeof(buf));

		if (wrong)
			fail_msg("%s: %s", rows[i].text, wrong);
		assert_int_equal(p.len, rows[i].len);
		assert_string_equal(prefix_print(&p, out), rows[i].printed);
		assert_null(prefix_parse(out, &again, buf, sizeof(buf)));
		assert_true(again.len == p.len && ip_equal(&again.addr, &p.addr));
	}
}

static void test_no_prefixes(void **state)
{
	static const struct {
		const char *text, *wrong;
	} rows[] = {
		{"", "no address"},
		{"/8", "no address"},
		{"ten/8", "no address"},
		{"::ffff:1.2.3.4/128", "no address"},
		{"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc", "no address"},
		{"10.0.0.0/", "/0 to /32"},
		{"10.0.0.0/33", "/0 to /32"},
		{"10.0.0.0/08", "/0 to /32"},
		{"10.0.0.0/+8", "/0 to /32"},
		{"10.0.0.0/-1", "/0 to /32"},
		{"10.0.0.0/8/8", "/0 to /32"},
		{"10.0.0.0/255.0.0.0", "/0 to /32"},
		{"10.0.0.0/99999999999999999999999", "/0 to /32"},
		{"fd00::/129", "/0 to /128"},
		{"10.0.0.1/8", "host bits are set, 10.0.0.0/8 would be right"},
		{"1.2.3.4/0", "host bits are set, 0.0.0.0/0 would be right"},
		{"fd00::1/64", "host bits are set, fd00::/64 would be right"},
		{"::1/0", "host bits are set, ::/0 would be right"},
		{"::/0", "2000::/3"},
		{"::/80", "2000::/3"},
		{"::fffe:0:0/95", "2000::/3"},
	};
	char buf[128];

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct prefix p = {.len = 4711};
		const char *wrong = prefix_parse(rows[i].text, &p, buf, sizeof(buf));

		if (!wrong || !strstr(wrong, rows[i].wrong))
			fail_msg("%s: %s", rows[i].text, wrong ? wrong : "was read as a prefix");
		assert_int_equal(p.len, 4711);
	}
}

static void test_covers(void **state)
{
	static const struct {
		const char *prefix, *ip;
		bool covers;
	} rows[] = {
		{"10.0.0.0/8", "10.255.0.1", true}, {"10.0.0.0/8", "11.0.0.0", false},
		{"0.0.0.0/0", "8.8.8.8", true},	    {"0.0.0.0/0", "2000::1", false},
		{"::/0", "2000::1", true},	    {"::/0", "8.8.8.8", false},
		{"::/80", "8.8.8.8", false},	    {"1.2.3.4", "1.2.3.4", true},
		{"1.2.3.4", "1.2.3.5", false},	    {"fd00::/9", "fd7f::1", true},
		{"fd00::/9", "fd80::1", false},	    {"10.1.2.3/8", "10.9.9.9", true},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct prefix p = raw(rows[i].prefix);
		union wgf_ip a = ip(rows[i].ip);

		if (prefix_covers(&p, &a) != rows[i].covers)
			fail_msg("%s, %s", rows[i].prefix, rows[i].ip);
	}
}

/* A length below 96 reaches out of IPv4, whatever the address. */
static void test_short_mapped(void **state)
{
	struct prefix p = {.addr = ip("0.0.0.0"), .len = 80};
	union wgf_ip v4 = ip("1.2.3.4"), v6 = ip("::1");

	(void)state;
	assert_false(prefix_covers(&p, &v4));
	p.len = 64;
	assert_true(prefix_covers(&p, &v6));
}

static void test_intersect(void **state)
{
	static const struct {
		const char *a, *b, *both; /* both NULL: apart */
	} rows[] = {
		{"10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16"},
		{"10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8"},
		{"10.0.0.0/8", "11.0.0.0/8", NULL},
		{"10.0.0.0/9", "10.128.0.0/9", NULL},
		{"0.0.0.0/0", "1.2.3.4", "1.2.3.4"},
		{"::/0", "1.2.3.4", NULL},
		{"::/0", "0.0.0.0/0", NULL},
		{"::/0", "fd00::/8", "fd00::/8"},
		{"fe80::/10", "fe80::/64", "fe80::/64"},
	};

	(void)state;
	for (unsigned i = 0; i < 2 * sizeof(rows) / sizeof(*rows); i++) {
		struct prefix a = raw(rows[i / 2].a), b = raw(rows[i / 2].b);
		struct prefix ret = {.len = 4711};
		char out[IP_TEXT];
		/* The order says nothing. */
		bool meet = i % 2 ? prefix_intersect(&a, &b, &ret) : prefix_intersect(&b, &a, &ret);

		if (meet != (rows[i / 2].both != NULL))
			fail_msg("%s, %s", rows[i / 2].a, rows[i / 2].b);
		if (meet)
			assert_string_equal(prefix_print(&ret, out), rows[i / 2].both);
		else
			assert_int_equal(ret.len, 4711);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),    cmocka_unit_test(test_layout),
		cmocka_unit_test(test_no_addresses), cmocka_unit_test(test_masks),
		cmocka_unit_test(test_prefixes),     cmocka_unit_test(test_no_prefixes),
		cmocka_unit_test(test_covers),	     cmocka_unit_test(test_short_mapped),
		cmocka_unit_test(test_intersect),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}
