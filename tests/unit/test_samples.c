// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sample packets: what is promised of each is what the verdict says, with a tunnel and without; the
 * frame that is made of one reads as the facts that it was made of; and a verdict that is broken is
 * seen.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <string.h>

#include "check_samples.h"
#include "parse.h"
#include "verdict.h"

#define TUNNEL 3
#define ETH    2

static struct link links[] = {
	{.ifindex = 1, .name = "lo"},
	{.ifindex = ETH, .name = "eth0"},
	{.ifindex = TUNNEL, .name = "wg0"},
};

static struct addr addrs[4];
static struct inventory inv = {.links = links, .n_links = 3, .addrs = addrs, .n_addrs = 4};

static void address(struct addr *a, u32 ifindex, const char *text)
{
	a->ifindex = ifindex;
	assert_true(ip_parse(text, &a->local));
}

static struct wgf_policy policy(bool tunnel)
{
	struct wgf_policy p = {.layout = WGF_LAYOUT, .lo = 1, .cgroup = 5};

	address(&addrs[0], 1, "127.0.0.1");
	address(&addrs[1], ETH, "192.168.1.5");
	address(&addrs[2], ETH, "2001:db8:5::5");
	address(&addrs[3], TUNNEL, "10.7.0.2");
	p.tunnels[0] = TUNNEL;
	p.webui = 1;
	p.webui_port = 8080;
	p.n_networks = 1;
	p.networks[0].ifindex = ETH;
	p.networks[0].mask = ip_mask(96 + 24);
	p.networks[0].addr = ip_and(&addrs[1].local, &p.networks[0].mask);
	if (tunnel) {
		p.n_tunnels = 1;
		p.n_sources = 1;
		p.sources[0].addr = addrs[3].local;
		p.sources[0].ifindex = TUNNEL;
	}
	return p;
}

static unsigned count(const struct samples *s, enum wgf_hook hook, enum promise promise)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += s->v[i].hook == hook && s->v[i].promise == promise;
	return n;
}

static void check_promises(const struct wgf_policy *p)
{
	struct samples s;

	samples_make(p, &inv, &s);
	assert_false(s.lost);
	for (unsigned i = 0; i < s.n; i++) {
		u32 reason = wgf_verdict(p, &s.v[i].facts, s.v[i].hook);

		if (!!wgf_allows(reason) != (s.v[i].promise == PROMISE_PASS) ||
		    (s.v[i].hook == WGF_GUARD && reason != WGF_TUNNEL_ADDRESS))
			/* The guard's own yes to a packet is WGF_CALL. */
			fail_msg("%s: reason %u at hook %d", s.v[i].what, reason, s.v[i].hook);
	}
	samples_free(&s);
}

static void test_promises(void **state)
{
	struct wgf_policy with = policy(true), without = policy(false);

	(void)state;
	check_promises(&with);
	check_promises(&without);
}

/* An interface without an address has none; each of the others has some of each kind. */
static void test_numbers(void **state)
{
	struct wgf_policy with = policy(true), without = policy(false);
	struct samples s;

	(void)state;
	samples_make(&with, &inv, &s);
	assert_true(count(&s, WGF_EGRESS, PROMISE_DROP) > 20);
	assert_true(count(&s, WGF_EGRESS, PROMISE_PASS) >= 3);
	assert_true(count(&s, WGF_INGRESS, PROMISE_DROP) > 3);
	assert_true(count(&s, WGF_INGRESS, PROMISE_PASS) >= 2);
	assert_int_equal(count(&s, WGF_GUARD, PROMISE_DROP), 1);
	samples_free(&s);
	samples_make(&without, &inv, &s);
	assert_int_equal(count(&s, WGF_GUARD, PROMISE_DROP), 0);
	assert_int_equal(count(&s, WGF_EGRESS, PROMISE_PASS), 1); /* the WebUI */
	samples_free(&s);
}

/* The parser reads what was meant; `opens` of an answer is no question at the guard. */
static void test_frames(void **state)
{
	struct wgf_policy p = policy(true);
	struct samples s;

	(void)state;
	samples_make(&p, &inv, &s);
	for (unsigned i = 0; i < s.n; i++) {
		u8 frame[SAMPLE_FRAME] __attribute__((aligned(8))),
			h[SAMPLE_FRAME] __attribute__((aligned(8)));
		unsigned len = sample_frame(&s.v[i], frame);
		struct wgf_facts f = {.ifindex = s.v[i].facts.ifindex};

		assert_true(len > 14 && len <= SAMPLE_FRAME);
		memcpy(h, frame + 14, sizeof(h) - 14);
		assert_true(wgf_need(frame[12] << 8 | frame[13], h) <= len - 14);
		wgf_parse(&f, (u32)(frame[12] << 8 | frame[13]), h, s.v[i].hook != WGF_INGRESS);
		assert_memory_equal(&f, &s.v[i].facts, offsetof(struct wgf_facts, joins));
	}
	samples_free(&s);
}

static void test_words(void **state)
{
	struct wgf_policy p = policy(true);
	struct samples s;
	char text[256];

	(void)state;
	samples_make(&p, &inv, &s);
	for (unsigned i = 0; i < s.n; i++)
		if (s.v[i].facts.ifindex == ETH) {
			sample_print(&s.v[i], &inv, text, sizeof(text));
			assert_string_equal(text, "the internet: udp 192.168.1.5 port 6881 to "
						  "192.0.2.7 port 6881 by eth0");
			break;
		}
	samples_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_promises),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
