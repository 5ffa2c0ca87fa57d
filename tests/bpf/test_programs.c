// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loaded programs on crafted packets: the truth table of tests/unit, in the kernel.
 *
 * Owns: that each packet gets its return value, and that exactly one cell of the counters moves, by
 * one packet and its bytes, whichever way the headers are fetched and in either mode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "../unit/facts_of.h"
#include "programs.h"
#include "words.h"

enum { DIRECT, COPIED, N_WAYS };
#define MAX_CASES ((size_t)N_WAYS * 2 * N_PACKET_CASES)

static struct row {
	const struct packet_case *c;
	bool v6;
	int way;
	char name[128];
} rows[MAX_CASES];

static struct CMUnitTest tests[MAX_CASES + 16];
static struct programs programs[N_WAYS];
static struct wgf_policy policies[N_WHICH];

struct cell {
	u32 mode, hook, family, reason;
};

static u32 family_of(const struct packet *p)
{
	if (p->ethertype == ETH_IPV4)
		return WGF_IPV4;
	return p->ethertype == ETH_IPV6 ? WGF_IPV6 : WGF_FAMILY_UNKNOWN;
}

static u64 records(const struct wgf_counters *c)
{
	u64 sum = 0;

	for (u32 fate = 0; fate < WGF_N_FATES; fate++)
		sum += c->records[fate];
	return sum;
}

/*
 * Fails unless `after` is `before` with one packet of len bytes more in this cell, and a record
 * more where it is a drop.
 */
static void check_counters(struct wgf_counters *before, const struct wgf_counters *after,
			   const struct cell *cell, unsigned len)
{
	struct wgf_count *c = &before->of[cell->mode][cell->hook][cell->family][cell->reason];
	const u64 *a = (const u64 *)before, *b = (const u64 *)after;

	assert_int_equal(records(after), records(before) + !wgf_allows(cell->reason));
	c->packets++;
	c->bytes += len;
	for (size_t i = 0; i < sizeof(before->of) / sizeof(u64); i++) {
		size_t reason = i / 2 % WGF_MAX_REASONS;

		if (a[i] != b[i])
			fail_msg("%s of %s: %llu instead of %llu", i % 2 ? "bytes" : "packets",
				 reason < WGF_N_REASONS ? reasons[reason].label : "no reason", b[i],
				 a[i]);
	}
}

/* Runs it under the policy that is in force, in this mode. */
static void check_run(const struct programs *p, const struct packet *packet, u32 dev, u32 reason,
		      u32 mode)
{
	static struct wgf_counters before, after;
	bool passes = wgf_allows(reason);
	struct cell cell = {
		.mode = passes || reason == WGF_NO_POLICY ? WGF_ENFORCE : mode,
		.hook = packet->egress ? WGF_EGRESS : WGF_INGRESS,
		.family = family_of(packet),
		.reason = reason,
	};
	int ret;

	programs_count(p, &before);
	ret = programs_run(p, packet, dev);
	programs_count(p, &after);
	if (ret != (passes || cell.mode == WGF_AUDIT))
		fail_msg("returned %d for %s, %u bytes", ret, reasons[reason].label, packet->len);
	check_counters(&before, &after, &cell, packet->len);
}

static void test_row(void **state)
{
	const struct row *r = *state;
	const struct programs *p = &programs[r->way];
	struct wgf_policy policy = policies[r->c->policy];
	struct wgf_facts f = packet_facts(r->c, r->v6);
	u32 reason = case_reason(r->c, r->v6);
	struct packet packet;

	packet_build(&packet, &f, r->c->hook == WGF_EGRESS, r->c->flags, 100);
	packet_spoil(&packet, r->c->problem);
	programs_publish(p, &policy);
	check_run(p, &packet, r->c->dev, reason, policy.mode);
	policy.mode ^= WGF_AUDIT;
	programs_publish(p, &policy);
	check_run(p, &packet, r->c->dev, reason, policy.mode);
}

static struct packet plain(bool v6, u8 proto, bool egress)
{
	struct wgf_facts f = packet_facts(&packet_cases[0], v6);
	struct packet p;

	f.proto = proto;
	packet_build(&p, &f, egress, ACK, 60);
	return p;
}

/* For each way, both families, both transports and both directions. */
static void each_plain(void (*check)(const struct programs *p, struct packet *packet))
{
	for (unsigned i = 0; i < N_WAYS * 8; i++) {
		const struct programs *p = &programs[i / 8];
		struct packet packet = plain(i & 1, i & 2 ? WGF_TCP : WGF_UDP, i & 4);

		programs_publish(p, &policies[FULL]);
		check_run(p, &packet, WG0, WGF_TUNNEL, WGF_ENFORCE);
		check(p, &packet);
	}
}

/* Newer kernels make no test run of less than an IP header; nor does any of nothing at all. */
static bool kernel_refuses(const struct programs *p, const struct packet *packet)
{
	return packet->len < packet->l4 && programs_run(p, packet, WG0) == -EINVAL;
}

static void check_lengths(const struct programs *p, struct packet *packet)
{
	unsigned least = packet->l4 + (packet->byte[packet->l4 == 40 ? 6 : 9] == WGF_TCP ? 14 : 8);

	for (packet->len = 0; packet->len <= 80; packet->len++)
		if (!kernel_refuses(p, packet))
			check_run(p, packet, WG0, packet->len < least ? WGF_MALFORMED : WGF_TUNNEL,
				  WGF_ENFORCE);
}

static void test_lengths(void **state)
{
	(void)state;
	each_plain(check_lengths);
}

/* The kernel's word decides, not the version in the header. */
static void check_ethertype(const struct programs *p, struct packet *packet)
{
	static const u16 others[] = {0x0806, 0x8100, 0x88a8, 0x0801, 0x86dc, 0x0008, 0xdd86};

	packet->ethertype = packet->ethertype == ETH_IPV4 ? ETH_IPV6 : ETH_IPV4;
	check_run(p, packet, WG0, WGF_MALFORMED, WGF_ENFORCE);
	for (size_t i = 0; i < N_OF(others); i++) {
		packet->ethertype = others[i];
		check_run(p, packet, WG0, WGF_MALFORMED, WGF_ENFORCE);
	}
}

static void test_ethertype(void **state)
{
	(void)state;
	each_plain(check_ethertype);
}

static void check_version(const struct programs *p, struct packet *packet)
{
	u8 right = packet->byte[0] >> 4;

	for (unsigned version = 0; version < 16; version++) {
		packet->byte[0] = (u8)(version << 4 | (packet->byte[0] & 15));
		check_run(p, packet, WG0, version == right ? WGF_TUNNEL : WGF_MALFORMED,
			  WGF_ENFORCE);
	}
}

static void test_version(void **state)
{
	(void)state;
	each_plain(check_version);
}

/* An IPv4 address in an IPv6 packet, at either end. */
static void check_mapped(const struct programs *p, struct packet *packet)
{
	for (unsigned at = 8; packet->ethertype == ETH_IPV6 && at <= 24; at += 16) {
		struct packet q = *packet;

		memset(q.byte + at, 0, 10);
		memset(q.byte + at + 10, 0xff, 2);
		check_run(p, &q, WG0, WGF_MALFORMED, WGF_ENFORCE);
	}
}

static void test_mapped(void **state)
{
	(void)state;
	each_plain(check_mapped);
}

static void check_protocol(const struct programs *p, struct packet *packet)
{
	bool v6 = packet->ethertype == ETH_IPV6;

	for (unsigned proto = 0; proto < 256; proto++) {
		struct wgf_facts f;

		packet->byte[v6 ? 6 : 9] = (u8)proto;
		f = (struct wgf_facts){0};
		wgf_parse(&f, packet->ethertype, packet->byte, packet->egress);
		assert_int_equal(!f.problem, proto == WGF_TCP || proto == WGF_UDP);
		check_run(p, packet, WG0, f.problem ? f.problem : WGF_TUNNEL, WGF_ENFORCE);
	}
}

static void test_protocol(void **state)
{
	(void)state;
	each_plain(check_protocol);
}

/* Each slot is read when it is the active one, and an index out of range reads none beyond. */
static void test_slots(void **state)
{
	struct packet packet = plain(0, WGF_UDP, 1);
	const struct programs *p = &programs[DIRECT];

	(void)state;
	for (u32 slot = 0; slot < WGF_SLOTS; slot++) {
		for (u32 i = 0; i < WGF_SLOTS; i++)
			p->image->slots[i] = policies[i == slot ? FULL : NO_TUNNEL];
		p->image->active = slot;
		check_run(p, &packet, WG0, WGF_TUNNEL, WGF_ENFORCE);
		p->image->active = slot + WGF_SLOTS;
		check_run(p, &packet, WG0, WGF_TUNNEL, WGF_ENFORCE);
		p->image->active = slot ^ 1;
		check_run(p, &packet, WG0, WGF_NO_TUNNEL, WGF_ENFORCE);
	}
	p->image->active = 0;
}

/* As loaded, before anything is published. Runs first. */
static void test_fresh(void **state)
{
	(void)state;
	for (unsigned i = 0; i < N_WAYS * 8; i++) {
		struct packet packet = plain(i & 1, i & 2 ? WGF_TCP : WGF_UDP, i & 4);

		check_run(&programs[i / 8], &packet, WG0, WGF_NO_POLICY, WGF_ENFORCE);
		check_run(&programs[i / 8], &packet, LO, WGF_NO_POLICY, WGF_ENFORCE);
	}
}

static size_t add_rows(size_t n)
{
	for (size_t i = 0; i < MAX_CASES; i++) {
		struct row *r = &rows[i];

		*r = (struct row){.c = &packet_cases[i / 4], .v6 = i & 1, .way = (int)(i >> 1 & 1)};
		if (!case_has_family(r->c, r->v6))
			continue;
		snprintf(r->name, sizeof(r->name), "%s IPv%d, %s: %s", hook_label(r->c->hook),
			 r->v6 ? 6 : 4, r->way == COPIED ? "copied" : "direct", r->c->name);
		tests[n++] = (struct CMUnitTest){r->name, test_row, NULL, NULL, r};
	}
	return n;
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_fresh),	  cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_ethertype), cmocka_unit_test(test_version),
		cmocka_unit_test(test_mapped),	  cmocka_unit_test(test_protocol),
		cmocka_unit_test(test_slots),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	devices_make();
	for (int way = 0; way < N_WAYS; way++)
		programs_load(way == COPIED, &programs[way]);
	for (u32 i = 0; i < N_WHICH; i++)
		test_policy(i, &policies[i]);
	memcpy(tests, others, sizeof(others));
	return _cmocka_run_group_tests("programs", tests, add_rows(N_OF(others)), NULL, NULL);
}
