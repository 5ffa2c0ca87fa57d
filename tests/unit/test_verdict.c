// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict's truth table: each row of packet_cases.h, call_cases.h and guard_cases.h is one test
 * a family.
 *
 * Owns: running the rows, and the question whether they are all: every reason at every hook at
 * which reasons.h says it can occur has a row, in both families where both can have it, and no row
 * has one where reasons.h says it can't.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts_of.h"
#include "verdict.h"
#include "words.h"

enum { MAX_CASES = 1024 };

static struct row {
	enum which policy;
	u32 hook, reason;
	struct wgf_facts facts;
	char name[128];
} rows[MAX_CASES];

static struct CMUnitTest tests[MAX_CASES + 16];
static size_t n_rows;
static struct wgf_policy policies[N_WHICH];

static void test_row(void **state)
{
	const struct row *r = *state;
	u32 reason = wgf_verdict(&policies[r->policy], &r->facts, r->hook);

	if (reason != r->reason)
		fail_msg("%s instead of %s", reasons[reason].label, reasons[r->reason].label);
}

static void add_row(u32 hook, enum which policy, u32 reason, const struct wgf_facts *f,
		    const char *name)
{
	struct row *r = &rows[n_rows];

	if (n_rows == MAX_CASES)
		abort();
	*r = (struct row){.policy = policy, .hook = hook, .reason = reason, .facts = *f};
	snprintf(r->name, sizeof(r->name), "%s, %s: %s", hook_label(hook), family_label(f->family),
		 name);
	tests[n_rows++] = (struct CMUnitTest){r->name, test_row, NULL, NULL, r};
}

static void add_rows(void)
{
	struct wgf_facts f;

	for (size_t i = 0; i < 2 * N_PACKET_CASES; i++) {
		const struct packet_case *c = &packet_cases[i / 2];

		if (!case_has_family(c, i % 2))
			continue;
		f = packet_facts(c, i % 2);
		add_row(c->hook, c->policy, case_reason(c, i % 2), &f, c->name);
	}
	for (size_t i = 0; i < 2 * N_OF(address_cases); i++) {
		const struct address_case *c = &address_cases[i / 2];

		if (!host_text[c->end.host][i % 2])
			continue;
		f = address_facts(c, i % 2);
		add_row(c->hook, c->policy, c->reason, &f, c->name);
	}
	for (size_t i = 0; i < 2 * N_OF(socket_cases); i++) {
		const struct socket_case *c = &socket_cases[i / 2];

		f = socket_facts(c, i % 2);
		add_row(WGF_SOCK_CREATE, c->policy, c->reason, &f, c->name);
	}
	for (size_t i = 0; i < N_OF(option_cases); i++) {
		f = option_facts(&option_cases[i]);
		add_row(WGF_SETSOCKOPT, option_cases[i].policy, option_cases[i].reason, &f,
			option_cases[i].name);
	}
	for (size_t i = 0; i < N_OF(unix_cases); i++) {
		const struct unix_case *c = &unix_cases[i];

		f = (struct wgf_facts){.named = c->named};
		add_row(WGF_UNIX, c->policy, c->reason, &f, c->name);
	}
	for (size_t i = 0; i < 2 * N_OF(guard_cases); i++) {
		f = guard_facts(&guard_cases[i / 2], i % 2);
		add_row(WGF_GUARD, guard_cases[i / 2].policy, guard_cases[i / 2].reason, &f,
			guard_cases[i / 2].name);
	}
}

/* The family that alone can have this reason at this hook; WGF_FAMILY_UNKNOWN where both can. */
static u32 only_family(u32 reason, u32 hook)
{
	switch (reason) {
	case WGF_IP_OPTIONS:
	case WGF_BROADCAST:
	case WGF_PAST_TUNNEL_IPV4:
		return WGF_IPV4;
	case WGF_EXTENSION_HEADER:
	case WGF_PAST_TUNNEL_IPV6:
		return WGF_IPV6;
	case WGF_UNSPECIFIED: /* connect: :: is loopback, the rest of 0.0.0.0/8 is not */
		return hook == WGF_CONNECT ? WGF_IPV4 : WGF_FAMILY_UNKNOWN;
	default:
		return WGF_FAMILY_UNKNOWN;
	}
}

static bool has_row(u32 reason, u32 hook, u32 family)
{
	for (size_t i = 0; i < n_rows; i++)
		if (rows[i].reason == reason && rows[i].hook == hook &&
		    rows[i].facts.family == family)
			return true;
	return false;
}

static void test_every_reason_has_rows(void **state)
{
	unsigned missing = 0;

	(void)state;
	for (u32 reason = 0; reason < WGF_N_REASONS; reason++)
		for (u32 hook = 0; hook < WGF_N_HOOKS; hook++)
			for (u32 family = 0; family < WGF_N_FAMILIES; family++) {
				u32 only = only_family(reason, hook);
				bool can = reasons[reason].where & 1U << hook &&
					   reason_has_family(reason, hook, family) &&
					   (!only || only == family);

				if (can == has_row(reason, hook, family))
					continue;
				print_error("%s at %s, %s: %s\n", reasons[reason].label,
					    hook_label(hook), family_label(family),
					    can ? "no row" : "a row, but reasons.h says never");
				missing++;
			}
	assert_int_equal(missing, 0);
}

static void test_unknown_hook(void **state)
{
	const struct packet_case *c = &packet_cases[0];
	const struct wgf_facts f = packet_facts(c, 0);

	(void)state;
	assert_int_equal(wgf_verdict(&policies[FULL], &f, WGF_EGRESS), WGF_TUNNEL);
	assert_int_equal(wgf_verdict(&policies[FULL], &f, WGF_N_HOOKS), WGF_NO_POLICY);
	assert_int_equal(wgf_verdict(&policies[FULL], &f, ~0U), WGF_NO_POLICY);
}

/* Interface 0 is none: the tunnel slots, networks and rules that are empty must not match it. */
static void test_no_interface(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * N_PACKET_CASES; i++) {
		const struct packet_case *c = &packet_cases[i / 2];
		struct wgf_facts f;
		u32 reason;

		if (!case_has_family(c, i % 2))
			continue;
		f = packet_facts(c, i % 2);
		f.ifindex = 0;
		reason = wgf_verdict(&policies[c->policy], &f, c->hook);
		if (reason == WGF_TUNNEL || reason == WGF_WEBUI)
			fail_msg("%s: %s without an interface", c->name, reasons[reason].label);
	}
}

/* Every place of every array counts, the last one too; a count beyond the array is harmless. */
static void test_every_place(void **state)
{
	struct wgf_facts webui = packet_facts(&packet_cases[0], 0), rule = webui, out = webui;
	struct wgf_policy p;

	(void)state;
	webui.proto = WGF_TCP;
	webui.local_port = 8080;
	webui.ifindex = rule.ifindex = ETH0;
	for (u32 i = 0; i < WGF_MAX_RULES; i++) {
		p = policies[NO_RULES];
		p.n_rules = i ? i + 1 : ~0U;
		p.rules[i] = (struct wgf_rule){.addr = rule.remote,
					       .mask = ip_mask(128),
					       .port = rule.remote_port,
					       .proto = WGF_UDP,
					       .kind = WGF_CONNECT_RULE};
		assert_int_equal(wgf_verdict(&p, &rule, WGF_EGRESS), WGF_RULE);
		p = policies[NO_RULES];
		assert_int_equal(wgf_verdict(&p, &webui, WGF_EGRESS), WGF_WEBUI_NETWORK);
		p.n_networks = i ? i + 1 : ~0U;
		p.networks[i] = (struct wgf_network){webui.remote, ip_mask(128), ETH0, 0};
		assert_int_equal(wgf_verdict(&p, &webui, WGF_EGRESS), WGF_WEBUI);
	}
	for (u32 i = 0; i < WGF_MAX_BROADCASTS; i++) {
		p = policies[NO_RULES];
		p.n_broadcasts = i ? i + 1 : ~0U;
		p.broadcasts[i] = rule.remote.w[3];
		assert_int_equal(wgf_verdict(&p, &rule, WGF_EGRESS), WGF_BROADCAST);
	}
	for (u32 i = 0; i < WGF_MAX_SOURCES; i++) {
		p = policies[NO_RULES];
		memset(p.sources, 0, sizeof(p.sources));
		p.n_sources = i ? i + 1 : ~0U;
		p.sources[i] = (struct wgf_source){out.local, WG0, 0};
		assert_int_equal(wgf_verdict(&p, &out, WGF_EGRESS), WGF_TUNNEL);
	}
	for (u32 i = 0; i < WGF_MAX_TUNNELS; i++) {
		p = policies[NO_RULES];
		memset(p.tunnels, 0, sizeof(p.tunnels));
		p.tunnels[i] = WG0;
		assert_int_equal(wgf_verdict(&p, &out, WGF_EGRESS), WGF_TUNNEL);
	}
}

/* An address of one tunnel is a wrong source in the other. */
static void test_source_of_another_tunnel(void **state)
{
	struct wgf_facts f = packet_facts(&packet_cases[0], 0);
	struct wgf_policy p = policies[FULL];

	(void)state;
	p.tunnels[3] = ETH1;
	p.n_tunnels = 2;
	f.ifindex = ETH1;
	assert_int_equal(wgf_verdict(&p, &f, WGF_EGRESS), WGF_WRONG_SOURCE);
	p.sources[p.n_sources++] = (struct wgf_source){f.local, ETH1, 0};
	assert_int_equal(wgf_verdict(&p, &f, WGF_EGRESS), WGF_TUNNEL);
}

static void test_this_host(void **state)
{
	static const char *const pairs[][2] = {
		{"0.0.0.0", "127.0.0.1"}, {"::", "::1"},      {"0.0.0.1", "0.0.0.1"},
		{"1.0.0.0", "1.0.0.0"},	  {"::1", "::1"},     {"::2", "::2"},
		{"1::", "1::"},		  {"0:1::", "0:1::"}, {"0:0:0:0:1::", "0:0:0:0:1::"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(pairs); i++) {
		union wgf_ip ip, expected;

		assert_true(ip_parse(pairs[i][0], &ip) && ip_parse(pairs[i][1], &expected));
		wgf_this_host(&ip);
		assert_memory_equal(&ip, &expected, sizeof(ip));
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_every_reason_has_rows),
		cmocka_unit_test(test_unknown_hook),
		cmocka_unit_test(test_no_interface),
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_source_of_another_tunnel),
		cmocka_unit_test(test_this_host),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	for (u32 i = 0; i < N_WHICH; i++)
		test_policy(i, &policies[i]);
	add_rows();
	memcpy(&tests[n_rows], others, sizeof(others));
	return _cmocka_run_group_tests("verdict", tests, n_rows + N_OF(others), NULL, NULL);
}
