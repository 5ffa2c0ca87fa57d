// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser, on crafted packets, on every value of the fields that matter, and on random bytes.
 *
 * Owns: that it reads what a naive reader reads, and not a byte behind wgf_need().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts_of.h"
#include "gather.h"
#include "generate.h"
#include "lower.h"
#include "naive_packet.h"
#include "packet.h"
#include "random_packet.h"
#include "words.h"

static void fail_packet(const struct packet *p, const char *what)
{
	print_error("ethertype %04x, %s, %u bytes:", p->ethertype, p->egress ? "out" : "in",
		    p->len);
	for (unsigned i = 0; i < p->len; i++)
		print_error(" %02x", p->byte[i]);
	print_error("\n");
	fail_msg("%s", what);
}

static struct wgf_facts read_packet(const struct packet *p)
{
	return gather(p->ethertype, p->byte, p->len, p->egress);
}

static bool same_facts(const struct wgf_facts *a, const struct wgf_facts *b)
{
	return ip_equal(&a->local, &b->local) && ip_equal(&a->remote, &b->remote) &&
	       a->local_port == b->local_port && a->remote_port == b->remote_port &&
	       a->proto == b->proto && a->family == b->family && a->opens == b->opens &&
	       a->problem == b->problem;
}

/* Reads it both ways; what is no problem must be the same in all that the verdict looks at. */
static struct wgf_facts check_packet(const struct packet *p)
{
	struct wgf_facts f = read_packet(p), expected;
	struct reading r = naive_read(p->ethertype, p->byte, p->len, p->egress);

	if (f.problem != r.problem)
		fail_packet(p, r.problem ? reasons[r.problem].label : "no problem");
	if (f.family != (p->ethertype == ETH_IPV4   ? WGF_IPV4
			 : p->ethertype == ETH_IPV6 ? WGF_IPV6
						    : WGF_FAMILY_UNKNOWN))
		fail_packet(p, "another family");
	if (r.problem) {
		if (f.local_port || f.remote_port || f.opens)
			fail_packet(p, "ports of what cannot be judged");
		return f;
	}
	expected = lower_flight(&r.flight);
	if (!same_facts(&f, &expected))
		fail_packet(p, "other facts");
	return f;
}

/* A plain packet of row 0 (out, UDP) or of the first SYN, to be spoilt. */
static struct packet plain(bool v6, u8 proto, bool egress)
{
	struct wgf_facts f = packet_facts(&packet_cases[0], v6);
	struct packet p;

	f.proto = proto;
	packet_build(&p, &f, egress, ACK, 20);
	return p;
}

static void each_plain(void (*check)(struct packet *p))
{
	static const u8 protos[] = {WGF_TCP, WGF_UDP};

	for (unsigned i = 0; i < 8; i++) {
		struct packet p = plain(i & 1, protos[i >> 1 & 1], i & 4);

		assert_int_equal(check_packet(&p).problem, 0);
		check(&p);
	}
}

/* The rows of the truth table come back as the facts that they were made of. */
static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * N_PACKET_CASES; i++) {
		const struct packet_case *c = &packet_cases[i / 2];
		struct wgf_facts f, read;
		struct packet p;

		if (!case_has_family(c, i % 2))
			continue;
		f = packet_facts(c, i % 2);
		packet_build(&p, &f, c->hook == WGF_EGRESS, c->flags, 0);
		packet_spoil(&p, c->problem);
		read = check_packet(&p);
		if (c->problem ? read.problem != c->problem : !same_facts(&read, &f))
			fail_packet(&p, c->name);
	}
}

static void check_lengths(struct packet *p)
{
	unsigned least = p->l4 + (p->byte[p->l4 == 40 ? 6 : 9] == WGF_TCP ? 14 : 8);

	for (p->len = 0; p->len <= 60; p->len++)
		assert_int_equal(check_packet(p).problem, p->len < least ? WGF_MALFORMED : 0);
}

static void test_lengths(void **state)
{
	(void)state;
	each_plain(check_lengths);
}

static void check_first_byte(struct packet *p)
{
	for (unsigned value = 0; value < 256; value++) {
		bool plain_v6 = value >> 4 == 6;
		bool is_plain = p->ethertype == ETH_IPV6 ? plain_v6 : value == 0x45;

		p->byte[0] = (u8)value;
		assert_int_equal(!check_packet(p).problem, is_plain);
	}
}

static void test_first_byte(void **state)
{
	(void)state;
	each_plain(check_first_byte);
}

static void check_protocol(struct packet *p)
{
	for (unsigned value = 0; value < 256; value++) {
		p->byte[p->ethertype == ETH_IPV6 ? 6 : 9] = (u8)value;
		assert_int_equal(!check_packet(p).problem, value == WGF_TCP || value == WGF_UDP);
	}
}

static void test_protocol(void **state)
{
	(void)state;
	each_plain(check_protocol);
}

static void check_fragment(struct packet *p)
{
	for (unsigned value = 0; p->ethertype == ETH_IPV4 && value < 65536; value++) {
		put16(p->byte + 6, value);
		assert_int_equal(check_packet(p).problem, value & 0x3fff ? WGF_FRAGMENT : 0);
	}
}

static void test_fragment_bits(void **state)
{
	(void)state;
	each_plain(check_fragment);
}

static void check_flags(struct packet *p)
{
	int tcp = p->byte[p->ethertype == ETH_IPV6 ? 6 : 9] == WGF_TCP;

	for (unsigned value = 0; value < 256; value++) {
		p->byte[p->l4 + 13] = (u8)value;
		assert_int_equal(check_packet(p).opens, tcp && value & SYN && !(value & ACK));
	}
}

static void test_tcp_flags(void **state)
{
	(void)state;
	each_plain(check_flags);
}

/* An IPv4 address in an IPv6 packet, at either end, and one bit beside it. */
static void check_mapped(struct packet *p)
{
	if (p->ethertype != ETH_IPV6)
		return;
	for (unsigned at = 8; at <= 24; at += 16) {
		struct packet q = *p;

		memset(q.byte + at, 0, 10);
		memset(q.byte + at + 10, 0xff, 2);
		assert_int_equal(check_packet(&q).problem, WGF_MALFORMED);
		for (unsigned bit = 0; bit < 96; bit++) {
			q.byte[at + bit / 8] ^= (u8)(1 << bit % 8);
			assert_int_equal(check_packet(&q).problem, 0);
			q.byte[at + bit / 8] ^= (u8)(1 << bit % 8);
		}
	}
}

static void test_mapped(void **state)
{
	(void)state;
	each_plain(check_mapped);
}

static void check_ethertype(struct packet *p)
{
	static const u16 others[] = {0, 0x0806, 0x8100, 0x0801, 0x86dc, 0x0008, 0xdd86, 0x88a8};
	u16 own = p->ethertype;

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		p->ethertype = others[i];
		assert_int_equal(check_packet(p).problem, WGF_MALFORMED);
	}
	p->ethertype = own == ETH_IPV4 ? ETH_IPV6 : ETH_IPV4; /* the kernel's word decides */
	assert_int_equal(check_packet(p).problem, WGF_MALFORMED);
}

static void test_ethertype(void **state)
{
	(void)state;
	each_plain(check_ethertype);
}

/* As naive_read() reads it, and without a look at anything behind what it said it needs. */
static void test_random(void **state)
{
	static const struct fence_spec nothing;

	(void)state;
	for (unsigned i = rounds(1000000); i > 0; i--) {
		struct wgf_facts f, other;
		struct packet p = {0};
		u32 need;

		random_packet(&p, &nothing);
		mutate_packet(&p);
		f = check_packet(&p);
		need = p.len < 20 ? 0 : wgf_need(p.ethertype, p.byte);
		if (p.len < 20 || !need || p.len < need)
			continue;
		for (unsigned k = need; k < sizeof(p.byte); k++)
			p.byte[k] = (u8)~p.byte[k];
		memset(&other, 0, sizeof(other));
		wgf_parse(&other, p.ethertype, p.byte, p.egress);
		if (!same_facts(&f, &other))
			fail_packet(&p, "it read behind what it needs");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	      cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_first_byte),    cmocka_unit_test(test_protocol),
		cmocka_unit_test(test_fragment_bits), cmocka_unit_test(test_tcp_flags),
		cmocka_unit_test(test_mapped),	      cmocka_unit_test(test_ethertype),
		cmocka_unit_test(test_random),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	random_seed();
	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
