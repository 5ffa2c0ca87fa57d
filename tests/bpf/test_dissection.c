// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet parser against the kernel's own flow dissector.
 *
 * Owns: that both read the same in every packet that the parser calls TCP or UDP. A plain packet is
 * built of the facts alone, and the kernel must find the same flow in both, however odd the first
 * one is; with any one fact changed it must find another. The kernel's hash is the same for both
 * directions of a flow, so which end is which is not seen here: test_differential.c and
 * test_parse.c do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/bpf.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/if_ether.h>

#include "../unit/gather.h"
#include "../unit/random_packet.h"
#include "programs.h"

#include "dissect.skel.h"

#define PACKETS 100000

static struct dissect_bpf *skel;

/* Two flows in 2^32 have the same by chance. */
static u32 flow_of(const struct packet *p)
{
	u8 frame[ETH_HLEN + sizeof(p->byte)] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = ETH_HLEN + p->len);

	put16(frame + 12, p->ethertype);
	memcpy(frame + ETH_HLEN, p->byte, p->len);
	if (bpf_prog_test_run_opts(bpf_program__fd(skel->progs.dissect), &opts))
		fail_msg("the kernel does not run it: %s", strerror(errno));
	assert_int_not_equal(opts.retval, 0);
	return opts.retval;
}

static u32 flow_of_facts(const struct wgf_facts *f, bool egress)
{
	struct packet plain;

	packet_build(&plain, f, egress, 0x10, 0);
	return flow_of(&plain);
}

/* One fact, another one than it was. */
static struct wgf_facts other_than(const struct wgf_facts *f)
{
	struct wgf_facts o = *f;
	u32 byte = wgf_is_v4(&o.local) ? 12 + random_below(4) : 1 + random_below(15);

	switch (random_below(5)) {
	case 0:
		o.local_port ^= (u16)(1U << random_below(16));
		break;
	case 1:
		o.remote_port ^= (u16)(1U << random_below(16));
		break;
	case 2:
		o.local.b[byte] ^= (u8)(1U << random_below(8));
		break;
	case 3:
		o.remote.b[byte] ^= (u8)(1U << random_below(8));
		break;
	default:
		o.proto = o.proto == WGF_TCP ? WGF_UDP : WGF_TCP;
	}
	return o;
}

/* An IPv6 packet with a flow label is for the kernel of the flow that the label says. */
static void clear_label(struct packet *p)
{
	if (p->ethertype != ETH_IPV6)
		return;
	p->byte[1] &= 0xf0;
	p->byte[2] = p->byte[3] = 0;
}

static void fail_packet(const struct packet *p)
{
	print_error("ethertype %04x, %u bytes:", p->ethertype, p->len);
	for (unsigned i = 0; i < p->len; i++)
		print_error(" %02x", p->byte[i]);
	print_error("\n");
	fail_msg("the kernel reads another flow in it than the parser");
}

static void test_flows(void **state)
{
	unsigned read = 0, odd = 0, same = 0;
	struct fence_spec spec;

	(void)state;
	for (unsigned n = rounds(PACKETS); n > 0; n--) {
		struct packet p, plain;
		struct wgf_facts f, other;

		if (n % 1000 == 0 || read + odd == 0)
			random_fence(&spec);
		random_packet(&p, &spec);
		mutate_packet(&p);
		clear_label(&p);
		f = gather(p.ethertype, p.byte, p.len, p.egress);
		if (f.problem)
			continue;
		read++;
		packet_build(&plain, &f, p.egress, 0x10, 0);
		odd += plain.len != p.len || memcmp(plain.byte, p.byte, p.len) != 0;
		if (flow_of(&p) != flow_of(&plain))
			fail_packet(&p);
		other = other_than(&f);
		same += flow_of(&p) == flow_of_facts(&other, p.egress);
	}
	print_message("# %u packets read, %u of them not plain; %u flows met others by chance\n",
		      read, odd, same);
	assert_true(read > rounds(PACKETS) / 4 && odd > read / 4);
	assert_true(same <= 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_flows)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	random_seed();
	devices_make();
	skel = dissect_bpf__open_and_load();
	if (!skel) {
		printf("Bail out! loading the program: %s\n", strerror(errno));
		return 1;
	}
	return cmocka_run_group_tests_name("dissection", tests, NULL, NULL);
}
