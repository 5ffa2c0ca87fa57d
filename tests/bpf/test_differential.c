// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loaded programs against the same verdict compiled for the host, on random packets.
 *
 * Owns: that both say the same of each packet. The return value is compared packet by packet, the
 * reason by the counters: after each batch every cell must have moved by what the host foretold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "../unit/facts_of.h"
#include "../unit/gather.h"
#include "../unit/random_packet.h"
#include "programs.h"
#include "verdict.h"
#include "words.h"

#define BATCH 1000 /* packets under one policy */

static struct programs programs;
static struct fence_spec spec;
static struct wgf_policy policy, compiled[N_WHICH];
static struct wgf_counters expected, counted;
static unsigned refused;

/* A row of the truth table, of a family that it has. */
static u32 packet_of_table(struct packet *p)
{
	const struct packet_case *c = &packet_cases[random_below(N_PACKET_CASES)];
	bool v6 = one_in(2);
	struct wgf_facts f;

	v6 = case_has_family(c, v6) ? v6 : !v6;
	f = packet_facts(c, v6);
	packet_build(p, &f, c->hook == WGF_EGRESS, c->flags, random_below(24));
	packet_spoil(p, c->problem);
	return one_in(8) ? 1 + random_below(N_DEVS) : c->dev;
}

/* Returns what the host says that the program will return, and moves its counters. */
static int foretell(const struct packet *p, u32 dev)
{
	u32 hook = p->egress ? WGF_EGRESS : WGF_INGRESS, reason, mode;
	struct wgf_facts f = gather(p->ethertype, p->byte, p->len, p->egress);
	struct wgf_count *c;
	bool passes;

	f.ifindex = dev;
	reason = wgf_verdict(&policy, &f, hook);
	passes = wgf_allows(reason);
	mode = passes || reason == WGF_NO_POLICY ? WGF_ENFORCE : policy.mode;
	c = &expected.of[mode][hook][f.family][reason];
	c->packets++;
	c->bytes += p->len;
	return passes || mode == WGF_AUDIT;
}

static void fail_packet(const struct packet *p, u32 dev, int ret)
{
	print_error("ethertype %04x, %s, interface %u, %u bytes:", p->ethertype,
		    p->egress ? "out" : "in", dev, p->len);
	for (unsigned i = 0; i < p->len; i++)
		print_error(" %02x", p->byte[i]);
	print_error("\n");
	fail_msg("the program returned %d", ret);
}

/* Newer kernels refuse to run what is shorter than the header of the IP that it claims to be. */
static bool may_be_refused(const struct packet *p)
{
	return p->len == 0 || (p->ethertype == ETH_IPV4 && p->len < 20) ||
	       (p->ethertype == ETH_IPV6 && p->len < 40);
}

static void run_packet(bool of_table)
{
	struct packet p;
	u32 dev = of_table ? packet_of_table(&p) : random_packet(&p, &spec);
	int ret;

	mutate_packet(&p);
	ret = programs_run(&programs, &p, dev);
	if (ret == -EINVAL && may_be_refused(&p)) {
		refused++;
		return;
	}
	if (ret != foretell(&p, dev))
		fail_packet(&p, dev, ret);
}

static void check_batch(void)
{
	u64 drops = 0, records = 0;
	const u64 *a = (const u64 *)&expected, *b = (const u64 *)&counted;

	programs_count(&programs, &counted);
	for (u32 fate = 0; fate < WGF_N_FATES; fate++)
		records += counted.records[fate];
	for (size_t i = 0; i < sizeof(expected.of) / sizeof(u64); i++) {
		size_t reason = i / 2 % WGF_MAX_REASONS;

		if (i % 2 == 0 && !wgf_allows((u32)reason))
			drops += b[i];
		if (a[i] != b[i])
			fail_msg("%s of %s: %llu instead of %llu", i % 2 ? "bytes" : "packets",
				 reason < WGF_N_REASONS ? reasons[reason].label : "no reason", b[i],
				 a[i]);
	}
	assert_int_equal(records, drops);
}

static void run_batches(unsigned packets)
{
	unsigned next = 0;

	for (unsigned n = rounds(packets); n >= BATCH; n -= BATCH) {
		bool table = one_in(3);

		if (table) {
			policy = compiled[next++ % N_WHICH];
		} else {
			random_fence(&spec);
			lower_fence(&spec, &policy);
			policy.mode = one_in(4) ? WGF_AUDIT : WGF_ENFORCE;
		}
		programs_publish(&programs, &policy);
		for (unsigned i = 0; i < BATCH; i++)
			run_packet(table);
		check_batch();
	}
}

/* Every reason that packets can have must have been among them, in both modes but for the allowed.
 */
static void check_coverage(void)
{
	for (u32 hook = WGF_EGRESS; hook <= WGF_INGRESS; hook++)
		for (u32 reason = 0; reason < WGF_N_REASONS; reason++) {
			u64 n = 0;

			for (u32 family = 0; family < WGF_N_FAMILIES; family++)
				n += counted.of[WGF_ENFORCE][hook][family][reason].packets;
			if (!!n != (reasons[reason].where >> hook & 1))
				fail_msg("%llu packets had %s at %s", n, reasons[reason].label,
					 hook_label(hook));
		}
}

static void test_way(bool copied, unsigned packets)
{
	memset(&expected, 0, sizeof(expected));
	refused = 0;
	programs_load(copied, &programs);
	run_batches(packets);
	check_coverage();
	print_message("# %u packets, %u of them too short for the kernel\n", rounds(packets),
		      refused);
}

static void test_direct(void **state)
{
	(void)state;
	test_way(false, 2000000);
}

static void test_copied(void **state)
{
	(void)state;
	test_way(true, 500000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_direct),
		cmocka_unit_test(test_copied),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	random_seed();
	devices_make();
	for (u32 i = 0; i < N_WHICH; i++)
		test_policy(i, &compiled[i]);
	return cmocka_run_group_tests_name("differential", tests, NULL, NULL);
}
