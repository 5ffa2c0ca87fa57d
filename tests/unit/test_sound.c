// SPDX-License-Identifier: GPL-2.0-only
/*
 * Soundness: a policy as it is compiled is sound, and stops being so with each single thing that
 * the proof takes for granted.
 *
 * Owns: a row for each assumption. (That what is compiled is always sound is tried on random
 * machines in test_compile_property.c.)
 */
#include "scene.h"
#include "sound.h"
#include "table.h"

#define MACHINE                                 \
	"lo 127.0.0.1/8; eth0 192.168.1.5/24; " \
	"wg0:wireguard 10.64.0.2/32 10.64.0.3/32 fc00:bbbb::2/128 fc00:bbbb::3/128"

struct row {
	const char *name;
	void (*spoil)(struct wgf_policy *p);
};

#define SPOIL(what, statement)                         \
	static void spoil_##what(struct wgf_policy *p) \
	{                                              \
		statement;                             \
	}

SPOIL(layout, p->layout++)
SPOIL(n_tunnels, p->n_tunnels = WGF_MAX_TUNNELS + 1)
SPOIL(n_sources, p->n_sources = WGF_MAX_SOURCES + 1)
SPOIL(n_networks, p->n_networks = WGF_MAX_NETWORKS + 1)
SPOIL(n_rules, p->n_rules = WGF_MAX_RULES + 1)
SPOIL(n_broadcasts, p->n_broadcasts = WGF_MAX_BROADCASTS + 1)
SPOIL(no_tunnel, p->n_tunnels = 0)
SPOIL(elsewhere, p->sources[1].ifindex = p->lo)
SPOIL(nowhere, p->sources[1].ifindex = p->tunnels[1])
SPOIL(last_source, p->sources[WGF_MAX_SOURCES - 1].ifindex = p->tunnels[0])
SPOIL(last_network, p->networks[WGF_MAX_NETWORKS - 1].ifindex = p->lo)
SPOIL(last_rule, p->rules[WGF_MAX_RULES - 1].kind = WGF_CONNECT_RULE)
SPOIL(last_broadcast, p->broadcasts[WGF_MAX_BROADCASTS - 1] = 1)
SPOIL(ifmask, p->rules[0].ifmask = 1)
SPOIL(webui_port, p->webui_port = 0; p->fast.webui = 0)
SPOIL(fast_webui, p->fast.webui++)
SPOIL(fast_no_webui, p->webui = 0)
SPOIL(fast_tunnel4, p->fast.tunnel4 = p->lo)
SPOIL(fast_tunnel6, p->fast.tunnel6 = p->lo)
SPOIL(fast_source4, p->fast.source4++)
SPOIL(fast_source6_high, p->fast.source6.q[0]++)
SPOIL(fast_source6_low, p->fast.source6.q[1]++)
SPOIL(fast_others, p->fast.others = 0)
/* The first ones are known by themselves, but for what looks as if it were behind Ethernet. */
SPOIL(like_ethernet4, p->sources[0].addr.h[6] = WGF_BE16(0x0800);
      p->fast.source4 = p->sources[0].addr.w[3])
SPOIL(like_ethernet6, p->sources[2].addr.h[2] = WGF_BE16(0x86dd);
      p->fast.source6 = p->sources[2].addr)

#define ROW(name, what)            \
	{                          \
		name, spoil_##what \
	}

static const struct row rows[] = {
	ROW("another layout", layout),
	ROW("more tunnels than there is room for", n_tunnels),
	ROW("more sources", n_sources),
	ROW("more networks", n_networks),
	ROW("more rules", n_rules),
	ROW("more broadcast addresses", n_broadcasts),
	ROW("a source, and no tunnel that can be used", no_tunnel),
	ROW("a source on an interface that is no tunnel", elsewhere),
	ROW("a source on no interface", nowhere),
	ROW("a source behind the last", last_source),
	ROW("a network behind the last", last_network),
	ROW("a rule behind the last", last_rule),
	ROW("a broadcast address behind the last", last_broadcast),
	ROW("a rule for some bits of an interface's number", ifmask),
	ROW("the WebUI on port 0", webui_port),
	ROW("fast: another port", fast_webui),
	ROW("fast: a port without a WebUI", fast_no_webui),
	ROW("fast: IPv4 by another interface", fast_tunnel4),
	ROW("fast: IPv6 by another interface", fast_tunnel6),
	ROW("fast: another IPv4 source", fast_source4),
	ROW("fast: another IPv6 source, upper half", fast_source6_high),
	ROW("fast: another IPv6 source, lower half", fast_source6_low),
	ROW("fast: no bits for the other sources", fast_others),
	ROW("fast: IPv4 that looks as if behind Ethernet", like_ethernet4),
	ROW("fast: IPv6 that looks as if behind Ethernet", like_ethernet6),
};

static struct scene *compiled(void)
{
	struct scene *s = scene_new(MACHINE, "localhost lan");

	scene_rule(s, "serve udp 192.168.1.0/24 6881");
	scene_compile(s);
	return s;
}

static void test_spoilt(void **state)
{
	const struct row *row = *state;
	struct scene *s = compiled();

	assert_true(policy_is_sound(&s->p));
	row->spoil(&s->p);
	assert_false(policy_is_sound(&s->p));
	free(s);
}

static void test_zeroes_are_not(void **state)
{
	static const struct wgf_policy zeroes;

	(void)state;
	assert_false(policy_is_sound(&zeroes));
}

int main(void)
{
	static const struct CMUnitTest others[] = {cmocka_unit_test(test_zeroes_are_not)};
	struct CMUnitTest tests[N(rows) + N(others)];
	struct CMUnitTest *t = tests;

	t = TABLE_ADD(t, rows, test_spoilt, NULL);
	memcpy(t, others, sizeof(others));
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("sound", tests, NULL, NULL);
}
