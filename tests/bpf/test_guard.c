// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard's program on crafted frames, and against the same verdict compiled for the host.
 *
 * Owns: that each frame gets its answer, and that one cell of the counters moves by one packet and
 * its bytes where it is a drop, and none where it passes.
 *
 * A test run gives each frame a socket: of the family of its IP version, or else of none, as if it
 * had built the frame itself. All sockets are below the root cgroup, whose id is 1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>
#include <errno.h>

#include "../unit/facts_of.h"
#include "../unit/generate.h"
#include "../unit/lower.h"
#include "programs.h"
#include "verdict.h"
#include "words.h"

#include "guard.skel.h"

#define ETH_HEADER 14
#define PASSES	   (-1)
#define DROPS	   2
#define EVERYBODY  1 /* the root cgroup's id */

struct frame {
	unsigned len;
	u8 byte[512];
};

static struct programs guard;
static int program;
static struct wgf_policy policies[N_WHICH];

static void load(void)
{
	struct guard_bpf *skel = guard_bpf__open_and_load();

	if (!skel) {
		printf("Bail out! loading the guard: %s\n", strerror(errno));
		exit(EXIT_FAILURE);
	}
	program = bpf_program__fd(skel->progs.wgf_guard_skb);
	guard.counters = bpf_map__fd(skel->maps.counters);
	guard.image = &skel->bss->image;
}

static struct packet packet_from(const union wgf_ip *source, bool v6)
{
	struct wgf_facts f = packet_facts(&packet_cases[0], v6);
	struct packet p;

	f.local = *source;
	packet_build(&p, &f, 1, 0, 30);
	return p;
}

/* With tags of these ethertypes between the link header's addresses and the packet's own. */
static struct frame frame_of(const struct packet *p, const u16 *tags, unsigned n_tags)
{
	struct frame f = {.len = 12};

	for (unsigned i = 0; i < n_tags; i++, f.len += 4) {
		put16(f.byte + f.len, tags[i]);
		put16(f.byte + f.len + 2, 5 + i);
	}
	put16(f.byte + f.len, p->ethertype);
	memcpy(f.byte + f.len + 2, p->byte, p->len);
	f.len += 2 + p->len;
	return f;
}

static int run(const struct frame *f, u32 ifindex)
{
	struct __sk_buff ctx = {.ifindex = ifindex};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = f->byte, .data_size_in = f->len,
		    .ctx_in = &ctx, .ctx_size_in = sizeof(ctx));

	return bpf_prog_test_run_opts(program, &opts) ? -errno : (int)opts.retval;
}

/* Runs it under the policy that is in force, in this mode; `family` is what is counted. */
static void check(const struct frame *f, u32 dev, u32 family, u32 reason, u32 mode)
{
	static struct wgf_counters before, after;
	int ret, wanted = reason == WGF_CALL || mode == WGF_AUDIT ? PASSES : DROPS;
	struct wgf_count *c = &before.of[mode][WGF_GUARD][family][reason];

	programs_count(&guard, &before);
	ret = run(f, dev);
	programs_count(&guard, &after);
	if (ret != wanted)
		fail_msg("returned %d for %s, %u bytes", ret, reasons[reason].label, f->len);
	if (reason != WGF_CALL) {
		c->packets++;
		c->bytes += f->len;
	}
	assert_memory_equal(before.of, after.of, sizeof(before.of));
}

static void check_row(const struct guard_case *c, bool v6, u32 mode)
{
	struct wgf_policy policy = policies[c->policy];
	union wgf_ip source = host_ip(c->source, v6);
	struct packet p = packet_from(&source, v6);
	struct frame f = frame_of(&p, NULL, 0);

	policy.mode = (u8)mode;
	programs_publish(&guard, &policy);
	check(&f, c->dev, v6 ? WGF_IPV6 : WGF_IPV4, c->reason, mode);
}

/* Interface 0 cannot be asked for, and of frames see below. */
static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4 * N_OF(guard_cases); i++) {
		const struct guard_case *c = &guard_cases[i / 4];

		if (!c->frame && c->dev)
			check_row(c, i & 1, i >> 1 & 1);
	}
}

/* Before anything is published, all is others'. */
static void test_fresh(void **state)
{
	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		union wgf_ip source = host_ip(TUN, v6);
		struct packet p = packet_from(&source, v6);
		struct frame f = frame_of(&p, NULL, 0);

		check(&f, ETH0, WGF_IPV4, WGF_CALL, WGF_ENFORCE);
	}
}

static void test_tags(void **state)
{
	static const u16 one[] = {0x8100}, two[] = {0x88a8, 0x8100},
			 three[] = {0x88a8, 0x8100, 0x8100};

	(void)state;
	programs_publish(&guard, &policies[FULL]);
	for (int v6 = 0; v6 < 2; v6++) {
		union wgf_ip source = host_ip(TUN, v6), other = host_ip(TUN_AFTER, v6);
		struct packet p = packet_from(&source, v6), q = packet_from(&other, v6);
		u32 family = v6 ? WGF_IPV6 : WGF_IPV4;
		struct frame f = frame_of(&p, one, 1);

		check(&f, ETH0, family, WGF_TUNNEL_ADDRESS, WGF_ENFORCE);
		f = frame_of(&p, two, 2);
		check(&f, ETH0, family, WGF_TUNNEL_ADDRESS, WGF_ENFORCE);
		f = frame_of(&q, one, 1);
		check(&f, ETH0, family, WGF_CALL, WGF_ENFORCE);
		f = frame_of(&q, two, 2);
		check(&f, ETH0, family, WGF_CALL, WGF_ENFORCE);
		/* Deeper is not looked. */
		f = frame_of(&p, three, 3);
		check(&f, ETH0, family, WGF_CALL, WGF_ENFORCE);
		for (unsigned len = 15; len < 60; len++) {
			f = frame_of(&p, one, 1);
			f.len = len;
			check(&f, ETH0, family, len < 18 + p.l4 ? WGF_CALL : WGF_TUNNEL_ADDRESS,
			      WGF_ENFORCE);
		}
	}
}

/* What is cut short has no source; newer kernels do not even run it. */
static void test_lengths(void **state)
{
	(void)state;
	programs_publish(&guard, &policies[FULL]);
	for (int v6 = 0; v6 < 2; v6++) {
		union wgf_ip source = host_ip(TUN, v6);
		struct packet p = packet_from(&source, v6);

		for (; p.len > 0; p.len--) {
			struct frame f = frame_of(&p, NULL, 0);

			if (p.len < p.l4 && run(&f, ETH0) == -EINVAL)
				continue;
			check(&f, ETH0, v6 ? WGF_IPV6 : WGF_IPV4,
			      p.len < p.l4 ? WGF_CALL : WGF_TUNNEL_ADDRESS, WGF_ENFORCE);
		}
	}
}

/* Of whatever ethertype a member's frame is; nobody else's is looked at. */
static void test_frames(void **state)
{
	static const u16 ethertypes[] = {0x0806, 0x8863, 0x88cc, 0x0801, 0x86dc, 0x0008, 0x8100};
	union wgf_ip source = host_ip(ME, 0);
	struct packet p = packet_from(&source, 0);

	(void)state;
	for (size_t i = 0; i < 4 * N_OF(ethertypes); i++) {
		struct wgf_policy policy = policies[FULL];
		u32 mode = i & 1;
		struct frame f;

		p.ethertype = ethertypes[i / 4];
		f = frame_of(&p, NULL, 0);
		policy.mode = (u8)mode;
		programs_publish(&guard, &policy);
		check(&f, ETH0, 0, WGF_CALL, mode);
		policy.cgroup = EVERYBODY;
		programs_publish(&guard, &policy);
		check(&f, i & 2 ? ETH1 : ETH0, 0, WGF_PACKET_SOCKET, mode);
		check(&f, WG0, 0, WGF_CALL, mode);
	}
}

/* The same as the host's verdict on random policies and packets. */
static void test_random(void **state)
{
	static struct fence_spec spec;
	static struct wgf_policy policy;
	unsigned dropped = 0;

	(void)state;
	for (unsigned n = rounds(200000); n > 0; n--) {
		struct flight flight;
		struct wgf_facts f;
		struct packet p;
		struct frame frame;
		u32 reason;
		int ret;

		if (n % 200 == 0 || !spec.lo) {
			random_fence(&spec);
			lower_fence(&spec, &policy);
			programs_publish(&guard, &policy);
		}
		flight = random_flight(&spec);
		f = lower_flight(&flight);
		reason = wgf_verdict(&policy, &f, WGF_GUARD);
		packet_build(&p, &f, 1, 0, 30);
		frame = frame_of(&p, NULL, 0);
		ret = run(&frame, f.ifindex);
		if (ret != (reason == WGF_CALL ? PASSES : DROPS))
			fail_msg("returned %d for %s", ret, reasons[reason].label);
		dropped += reason != WGF_CALL;
	}
	assert_true(dropped > rounds(200000) / 100);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fresh),  cmocka_unit_test(test_rows),
		cmocka_unit_test(test_tags),   cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_frames), cmocka_unit_test(test_random),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	random_seed();
	devices_make();
	load();
	for (u32 i = 0; i < N_WHICH; i++)
		test_policy(i, &policies[i]);
	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
