// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiler: the tunnel and its addresses, the rules, the broadcast addresses, the notes.
 * (What the words of [webui] mean is in test_compile_networks.c.)
 */
#include "notes.h"
#include "route.h"
#include "scene.h"
#include "table.h"

/* A machine with a tunnel, and one without. */
#define WITH	"lo 127.0.0.1/8; eth0 192.168.1.5/24; wg0:wireguard 10.64.0.2/32 fc00:bbbb::2/128"
#define WITHOUT "lo 127.0.0.1/8; eth0 192.168.1.5/24"

struct tunnel_row {
	const char *name, *machine;
	u32 index;
	unsigned sources;
	/* none: the tunnel cannot be used */ /* none: the tunnel cannot be used */
	const char *notes;
};

static const struct tunnel_row tunnel_rows[] = {
	/* clang-format off */
	{"a tunnel that is up, with its addresses", WITH, 3, 2, ""},
	{"link-local addresses are sources too", "lo; wg0:wireguard 10.64.0.2/24 fe80::2/64", 2, 2, ""},
	{"one address twice is one source", "lo; wg0:wireguard 10.64.0.2/24 10.64.0.2/32", 2, 1, ""},
	{"its own address is the source, not the peer's", "lo; wg0:tun 10.8.0.2>10.8.0.1/32", 2, 1, ""},
	{"no such interface", WITHOUT, 0, 0, "absent 0 wg0: no such interface"},
	{"down", "lo; wg0:wireguard down 10.64.0.2/32", 2, 0, "absent 0 wg0: the interface is down"},
	{"without an address", "lo; eth0 10.1.0.1/24; wg0:wireguard", 3, 0,
	 "absent 0 wg0: the interface has no address"},
	{"an Ethernet device is warned of, and used", "lo; wg0 10.1.0.1/24", 2, 1,
	 "warning 0 wg0: an Ethernet device, not a tunnel"},
	{"sixteen addresses fit", "wg0:wireguard 10.0.0.1/32 10.0.0.2/32 10.0.0.3/32 10.0.0.4/32 "
	 "10.0.0.5/32 10.0.0.6/32 10.0.0.7/32 10.0.0.8/32 10.0.0.9/32 10.0.0.10/32 10.0.0.11/32 "
	 "10.0.0.12/32 10.0.0.13/32 10.0.0.14/32 10.0.0.15/32 10.0.0.16/32", 1, 16, ""},
	{"seventeen do not", "wg0:wireguard 10.0.0.1/32 10.0.0.2/32 10.0.0.3/32 10.0.0.4/32 "
	 "10.0.0.5/32 10.0.0.6/32 10.0.0.7/32 10.0.0.8/32 10.0.0.9/32 10.0.0.10/32 10.0.0.11/32 "
	 "10.0.0.12/32 10.0.0.13/32 10.0.0.14/32 10.0.0.15/32 10.0.0.16/32 10.0.0.17/32", 1, 16,
	 "overflow 0 wg0: more addresses than there is room for, members use the first 16"},
	/* clang-format on */
};

static void test_tunnel(void **state)
{
	const struct tunnel_row *row = *state;
	struct scene *s = scene_new(row->machine, NULL);
	char out[4096];

	scene_compile(s);
	assert_int_equal(s->p.layout, WGF_LAYOUT);
	assert_int_equal(s->p.netns, 4711);
	assert_int_equal(s->p.generation, 0);
	assert_string_equal(s->p.names[0], "wg0");
	assert_int_equal(s->p.tunnels[0], row->index);
	assert_int_equal(s->p.n_tunnels, row->sources != 0);
	assert_int_equal(s->p.n_sources, row->sources);
	for (unsigned i = 0, k = 0; i < s->inv.n_addrs && k < row->sources; i++) {
		const struct addr *a = &s->addrs[i];

		if (a->ifindex != row->index || (i && ip_equal(&a->local, &s->addrs[i - 1].local)))
			continue;
		assert_int_equal(s->p.sources[k].ifindex, row->index);
		assert_true(ip_equal(&s->p.sources[k++].addr, &a->local));
	}
	assert_string_equal(scene_notes(s, out, sizeof(out)), row->notes);
	free(s);
}

static void test_shared_address(void **state)
{
	struct scene *s =
		scene_new("lo; eth0 10.1.0.1/24; wg0:wireguard 10.1.0.1/32 10.8.0.2/32", NULL);

	(void)state;
	scene_compile(s);
	assert_int_equal(s->p.n_sources, 2);
	assert_int_equal(s->p.sources[0].shared, 1);
	assert_int_equal(s->p.sources[1].shared, 0);
	free(s);
}

/* The numbers of routing are the policy's, in audit mode, too; with route = off there are none. */
static void test_routing(void **state)
{
	struct scene *s = scene_new(WITH, NULL);
	struct route_numbers n;

	(void)state;
	s->c.mode = WGF_AUDIT;
	scene_compile(s);
	route_numbers(&s->c, &n);
	assert_true(s->p.mark == n.mark && s->p.mark_mask == n.mask && n.mask);
	assert_true(s->p.table == n.table && s->p.priority == n.priority);
	s->c.route.off = true;
	scene_compile(s);
	assert_true(!s->p.mark && !s->p.mark_mask && !s->p.table && !s->p.priority);
	free(s);
}

static void test_loopback_is_no_tunnel(void **state)
{
	struct scene *s = scene_new("lo 127.0.0.1/8", NULL);
	char out[4096];

	(void)state;
	strcpy(s->c.tunnel, "lo");
	scene_compile(s);
	assert_int_equal(s->p.n_tunnels, 0);
	assert_int_equal(s->p.tunnels[0], 0);
	assert_int_equal(s->p.n_sources, 0);
	assert_string_equal(scene_notes(s, out, sizeof(out)),
			    "conflict 0 lo: the loopback interface is no tunnel");
	assert_non_null(notes_conflict(&s->notes));
	free(s);
}

/* The loopback is told by its flag, whatever its name and index. */
static void test_loopback(void **state)
{
	struct scene *s = scene_new("eth0; loop; " WITH, NULL);

	(void)state;
	s->links[2].flags &= ~(u32)IFF_LOOPBACK;
	s->links[1].flags |= IFF_LOOPBACK;
	scene_compile(s);
	assert_int_equal(s->p.lo, 2);
	free(s);
}

static void test_mode(void **state)
{
	struct scene *s = scene_new(WITH, NULL);

	(void)state;
	scene_compile(s);
	assert_int_equal(s->p.mode, WGF_ENFORCE);
	s->c.mode = WGF_AUDIT;
	scene_compile(s);
	assert_int_equal(s->p.mode, WGF_AUDIT);
	free(s);
}

struct rule_row {
	const char *name, *machine, *rule;
	u32 ifindex; /* of the compiled rule */
	const char *notes;
};

#define ABSENT ~0U /* the rule is left out */

static const struct rule_row rule_rows[] = {
	/* clang-format off */
	{"a rule for every interface", WITH, "connect tcp 127.0.0.1 8096", 0, ""},
	{"a rule for one interface", WITH, "serve udp 192.168.1.0/24 9000 dev eth0", 2, ""},
	{"an interface that is not there", WITH, "connect udp 10.1.0.0/16 53 dev eth9", ABSENT,
	 "absent 100 eth9: no such interface"},
	{"a wide rule is warned of, and in force", WITH, "connect tcp 0.0.0.0/0 443", 0,
	 "warning 100 0.0.0.0/0: this names most of the internet"},
	{"/7 is wide", WITH, "serve tcp 16.0.0.0/7 443", 0,
	 "warning 100 16.0.0.0/7: this names most of the internet"},
	{"/8 is not", WITH, "serve tcp 16.0.0.0/8 443", 0, ""},
	{"IPv6 /31 is wide", WITH, "connect tcp 2000::/31 443", 0,
	 "warning 100 2000::/31: this names most of the internet"},
	{"IPv6 /32 is not", WITH, "connect tcp 2000::/32 443", 0, ""},
	{"unique local addresses are not the internet", WITH, "connect tcp fc00::/7 443", 0, ""},
	{"nor link-local ones", WITH, "connect tcp fe80::/10 443", 0, ""},
	{"nor multicast", WITH, "connect udp ff00::/8 1900", 0, ""},
	{"nor IPv4 multicast", WITH, "connect udp 224.0.0.0/4 1900", 0, ""},
	/* clang-format on */
};

static void test_rule(void **state)
{
	const struct rule_row *row = *state;
	struct scene *s = scene_new(row->machine, NULL);
	const struct config_rule *from = &s->c.rules[0];
	const struct wgf_rule *r = &s->p.rules[0];
	union wgf_ip mask;
	char out[4096];

	scene_rule(s, row->rule);
	scene_compile(s);
	assert_string_equal(scene_notes(s, out, sizeof(out)), row->notes);
	assert_int_equal(s->p.n_rules, row->ifindex != ABSENT);
	if (row->ifindex != ABSENT) {
		mask = ip_mask(from->remote.len);
		assert_true(ip_equal(&r->addr, &from->remote.addr));
		assert_true(ip_equal(&r->mask, &mask));
		assert_int_equal(r->ifindex, row->ifindex);
		assert_int_equal(r->ifmask, row->ifindex ? ~0U : 0);
		assert_int_equal(r->port, from->port);
		assert_int_equal(r->proto, from->proto);
		assert_int_equal(r->kind, from->kind);
		assert_int_equal(r->line, 100);
	}
	free(s);
}

static void test_rules_keep_their_order(void **state)
{
	struct scene *s = scene_new(WITH, NULL);

	(void)state;
	for (unsigned i = 0; i < WGF_MAX_RULES; i++)
		scene_rule(s, i % 2 ? "connect tcp 192.0.2.1 80" : "serve udp 192.0.2.1 9 dev no");
	scene_compile(s);
	assert_int_equal(s->p.n_rules, WGF_MAX_RULES / 2);
	for (unsigned i = 0; i < s->p.n_rules; i++)
		assert_int_equal(s->p.rules[i].line, 101 + 2 * i);
	free(s);
}

struct broadcast_row {
	const char *name, *machine, *broadcasts;
};

static const struct broadcast_row broadcast_rows[] = {
	/* clang-format off */
	{"implied by the prefix", "eth0 192.168.1.5/24", "192.168.1.255"},
	{"as given, and as implied", "eth0 192.168.1.5/24=192.168.1.127",
	 "192.168.1.255 192.168.1.127"},
	{"each once", "eth0 192.168.1.5/24=192.168.1.255 192.168.1.6/24; eth1 192.168.1.7/24",
	 "192.168.1.255"},
	{"/30 has one, /31 and /32 have none",
	 "eth0 10.0.0.1/30 10.0.1.0/31 10.0.2.1/32 10.0.3.1>10.0.3.2/32", "10.0.0.3"},
	{"unless it was given", "eth0 10.0.1.0/31=10.0.1.1", "10.0.1.1"},
	{"IPv6 has none", "eth0 2001:db8::1/64", ""},
	{"the tunnel has one, too", "wg0:wireguard 10.64.0.2/24; eth0 10.1.0.1/16", "10.64.0.255 10.1.255.255"},
	{"down or not", "wg0:wireguard down 10.64.0.2/24; eth0 down 10.1.0.1/16", "10.64.0.255 10.1.255.255"},
	/* clang-format on */
};

static void test_broadcast(void **state)
{
	const struct broadcast_row *row = *state;
	struct scene *s = scene_new(row->machine, NULL);
	char out[4096] = "", text[IP_TEXT];

	scene_compile(s);
	for (unsigned i = 0; i < s->p.n_broadcasts; i++) {
		const union wgf_ip ip = {.w = {0, 0, WGF_BE32(0xffff), s->p.broadcasts[i]}};

		strcat(strcat(out, i ? " " : ""), ip_print(&ip, text));
	}
	assert_string_equal(out, row->broadcasts);
	free(s);
}

/* 40 networks 10.N.0.1/24 on e0, e1 ...; room is for 32. */
static struct scene *many_broadcasts(void)
{
	char machine[4096] = "wg0:wireguard 172.16.0.1/32";

	for (unsigned i = 0; i < 40; i++)
		sprintf(machine + strlen(machine), "; e%u 10.%u.0.1/24", i, i);
	return scene_new(machine, NULL);
}

/* Only the full list keeps a serve rule for UDP off a broadcast address. */
static void test_broadcast_overflow(void **state)
{
	struct scene *s = many_broadcasts();
	char out[4096];

	(void)state;
	scene_rule(s, "serve udp 10.31.0.0/16 9");	   /* its broadcast address fits */
	scene_rule(s, "serve udp 10.0.0.0/8 9");	   /* covers some that do not */
	scene_rule(s, "serve udp 10.39.0.255 9");	   /* is one that does not */
	scene_rule(s, "serve udp 10.39.0.0/25 9");	   /* has none */
	scene_rule(s, "serve tcp 10.39.0.0/24 9");	   /* TCP has no broadcast */
	scene_rule(s, "connect udp 10.39.0.0/24 9");	   /* may broadcast: step 4 */
	scene_rule(s, "serve udp 10.0.0.0/8 9 dev e31");   /* that interface's fits */
	scene_rule(s, "serve udp 10.39.0.0/24 9 dev e39"); /* that interface's does not */
	scene_compile(s);
	assert_int_equal(s->p.n_broadcasts, WGF_MAX_BROADCASTS);
	assert_string_equal(
		scene_notes(s, out, sizeof(out)),
		"overflow 0 this host has more broadcast addresses than there is room for (32); "
		"overflow 101 10.0.0.0/8: covers a broadcast address that does not fit; the rule "
		"is left out; "
		"overflow 102 10.39.0.255: covers a broadcast address that does not fit; the rule "
		"is left out; "
		"overflow 107 10.39.0.0/24: covers a broadcast address that does not fit; the rule "
		"is left out");
	assert_int_equal(s->p.n_rules, 5);
	free(s);
}

static void test_notes_keep_conflicts(void **state)
{
	static struct notes notes;

	(void)state;
	assert_null(notes_conflict(&notes));
	for (unsigned i = 0; i < MAX_NOTES + 3; i++)
		note_add(&notes, NOTE_ABSENT, i, "%u", i);
	assert_int_equal(notes.n, MAX_NOTES);
	assert_int_equal(notes.dropped, 3);
	assert_int_equal(notes.note[MAX_NOTES - 1].line, MAX_NOTES - 1);
	assert_null(notes_conflict(&notes));
	note_add(&notes, NOTE_CONFLICT, 7, "first");
	note_add(&notes, NOTE_CONFLICT, 8, "second");
	assert_int_equal(notes.n, MAX_NOTES);
	assert_int_equal(notes.dropped, 5);
	assert_non_null(notes_conflict(&notes));
	assert_int_equal(notes.note[MAX_NOTES - 1].line, 7);
	assert_int_equal(notes.note[MAX_NOTES - 2].line, 8);
	for (unsigned i = 0; i < MAX_NOTES; i++)
		note_add(&notes, NOTE_CONFLICT, 9, "more");
	assert_int_equal(notes.n, MAX_NOTES);
	assert_int_equal(notes.dropped, 5 + MAX_NOTES);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_shared_address),
		cmocka_unit_test(test_routing),
		cmocka_unit_test(test_loopback_is_no_tunnel),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_rules_keep_their_order),
		cmocka_unit_test(test_broadcast_overflow),
		cmocka_unit_test(test_notes_keep_conflicts),
	};
	struct CMUnitTest tests[N(tunnel_rows) + N(rule_rows) + N(broadcast_rows) + N(others)];
	struct CMUnitTest *t = tests;

	t = TABLE_ADD(t, tunnel_rows, test_tunnel, NULL);
	t = TABLE_ADD(t, rule_rows, test_rule, NULL);
	t = TABLE_ADD(t, broadcast_rows, test_broadcast, NULL);
	memcpy(t, others, sizeof(others));
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
