// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds for every policy and every packet, tried on some millions of random ones.
 *
 * Owns: the invariants. Each says what it would mean if it broke.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "generate.h"
#include "lower.h"
#include "parse.h"
#include "sound.h"
#include "verdict.h"
#include "words.h"

#define FLIGHTS 200 /* a fence */

static struct fence_spec spec;
static struct wgf_policy policy;
static u64 seen[WGF_N_HOOKS][WGF_N_REASONS]; /* so that no invariant holds of nothing */

static void each_flight(unsigned fences, void (*check)(const struct flight *f))
{
	for (unsigned i = rounds(fences); i > 0; i--) {
		random_fence(&spec);
		lower_fence(&spec, &policy);
		assert_true(policy_is_sound(&policy)); /* what is proved is proved of these */
		for (unsigned k = 0; k < FLIGHTS; k++) {
			struct flight f = random_flight(&spec);

			check(&f);
		}
	}
}

static bool allows(u32 hook, const struct wgf_facts *f)
{
	u32 reason = wgf_verdict(&policy, f, hook);

	seen[hook][reason]++;
	return wgf_allows(reason);
}

static void show(const struct wgf_facts *f, u32 hook)
{
	const u8 *l = f->local.b, *r = f->remote.b;

	print_error("%s on %u: %s, proto %u, opens %u, ports %u to %u, ", hook_label(hook),
		    f->ifindex, reasons[wgf_verdict(&policy, f, hook)].label, f->proto, f->opens,
		    f->local_port, f->remote_port);
	for (unsigned i = 0; i < 16; i++)
		print_error("%02x", l[i]);
	print_error(" to ");
	for (unsigned i = 0; i < 16; i++)
		print_error("%02x", r[i]);
	print_error("\n");
}

static void agree(const struct wgf_facts *facts, u32 hook, bool naive)
{
	if (allows(hook, facts) == naive)
		return;
	show(facts, hook);
	fail_msg("the naive statement says %s", naive ? "yes" : "no");
}

/* Broken: a packet leaves that is none of the three kinds, or one that is does not. */
static void check_egress(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f);

	agree(&facts, WGF_EGRESS, may_leave(&spec, f));
}

static void check_ingress(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f);

	agree(&facts, WGF_INGRESS, may_enter(&spec, f));
}

static void check_bind(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f);

	facts.remote = (union wgf_ip){.q = {0, 0}};
	facts.remote_port = facts.opens = 0;
	facts.ifindex = 0;
	if (one_in(4))
		facts.local_port = 0;
	agree(&facts, WGF_BIND,
	      may_bind(&spec, &(struct flight){.local = f->local,
					       .local_port = facts.local_port,
					       .tcp = f->tcp}));
}

/* Broken: what speaks in the tunnel's name leaves by another interface, or others' packets do not.
 */
static void check_guard(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f);

	facts.frame = one_in(8);
	agree(&facts, WGF_GUARD, may_go_by(&spec, f, facts.frame));
}

/* Of it this host's own programs get a copy before egress is asked. */
static bool comes_back(const struct flight *f)
{
	return !f->remote.v6 && !f->tcp &&
	       (naive_multicast(&f->remote) || naive_broadcast(&spec, &f->remote));
}

/*
 * Does any packet that this connect could lead to leave? What comes back is refused though a tunnel
 * could have had it.
 */
static void no_way_out(struct wgf_facts *f, unsigned port, bool past_tunnels)
{
	struct address other = random_address(f->family == WGF_IPV6);
	unsigned n = spec.n_own < 4 ? spec.n_own : 4, at = random_below(spec.n_own + 1);

	f->local_port = (u16)port;
	f->opens = f->proto == WGF_TCP;
	for (f->ifindex = 0; f->ifindex <= GENERATE_DEVS + 1; f->ifindex++) {
		if (past_tunnels && naive_tunnel(&spec, f->ifindex))
			continue;
		for (unsigned i = 0; i <= n; i++) {
			f->local = i < n ? policy.sources[(at + i) % spec.n_own].addr
					 : lower_address(&other);
			if (!allows(WGF_EGRESS, f))
				continue;
			show(f, WGF_EGRESS);
			fail_msg("connect refuses what egress lets out");
		}
	}
}

static bool connect_rule_names(const struct flight *f)
{
	for (unsigned i = 0; i < spec.n_exceptions; i++) {
		const struct exception *e = &spec.exception[i];

		if (!e->serve && !e->tcp && e->port == f->remote_port &&
		    lies_in(&f->remote, &e->remote))
			return true;
	}
	return false;
}

/* Broken: what comes back waits for egress, or passes though no rule names it. */
static void check_coming_back(const struct flight *f, const struct wgf_facts *call)
{
	if (!f->remote.v6 && !f->tcp &&
	    wgf_comes_back(&policy, lower_flight(f).remote.w[3]) != comes_back(f)) {
		show(call, WGF_CONNECT);
		fail_msg("the naive statement says %s", comes_back(f) ? "yes" : "no");
	}
	if (comes_back(f) && allows(WGF_CONNECT, call) && !connect_rule_names(f)) {
		show(call, WGF_CONNECT);
		fail_msg("no rule names it");
	}
}

/* Broken: an application is told no where the packet would have been let out. */
static void check_connect(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f), out;
	unsigned n = spec.n_exceptions < 8 ? spec.n_exceptions : 8;

	facts.local = (union wgf_ip){.q = {0, 0}};
	facts.ifindex = facts.opens = 0;
	wgf_this_host(&facts.remote);
	if (one_in(2))
		facts.local_port = 0;
	check_coming_back(f, &facts);
	if (allows(WGF_CONNECT, &facts))
		return;
	out = facts;
	if (facts.local_port) {
		no_way_out(&out, facts.local_port, comes_back(f));
		return;
	}
	for (unsigned i = 0; i < n; i++)
		no_way_out(&out, spec.exception[random_below(spec.n_exceptions)].port,
			   comes_back(f));
	no_way_out(&out, spec.webui_port, comes_back(f));
	no_way_out(&out, 1 + random_below(65535), comes_back(f));
}

/*
 * Broken: a slot that is empty, half written or of another version admits something, or has the
 * guard drop what is others'.
 */
static void check_layout(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f);
	u32 layout = one_in(2) ? 0 : (u32)random_u64();

	if (layout == WGF_LAYOUT)
		return;
	facts.problem = one_in(4) ? WGF_FRAGMENT : 0;
	facts.frame = one_in(2);
	policy.layout = layout;
	for (u32 hook = 0; hook < WGF_N_HOOKS; hook++)
		assert_int_equal(wgf_verdict(&policy, &facts, hook),
				 hook == WGF_GUARD ? WGF_CALL : WGF_NO_POLICY);
	policy.layout = WGF_LAYOUT;
}

/* Broken: audit shows something else than enforcement will do. */
static void check_audit(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f);
	u32 hook = random_below(WGF_N_HOOKS), reason = wgf_verdict(&policy, &facts, hook);

	policy.mode = WGF_AUDIT;
	assert_int_equal(wgf_verdict(&policy, &facts, hook), reason);
	policy.mode = WGF_ENFORCE;
}

/* Broken: the manual's table is wrong, or a counter speaks of the other family. */
static void check_reason(const struct flight *f)
{
	struct wgf_facts facts = lower_flight(f);
	u32 hook = random_below(WGF_N_HOOKS), reason;

	wgf_this_host(&facts.remote);
	reason = wgf_verdict(&policy, &facts, hook);
	assert_in_range(reason, 0, WGF_N_REASONS - 1);
	if (!(reasons[reason].where & 1U << hook)) {
		show(&facts, hook);
		fail_msg("%s cannot occur at %s", reasons[reason].label, hook_label(hook));
	}
	assert_true(reasons[reason].allows == wgf_allows(reason));
	assert_int_not_equal(reason, facts.family == WGF_IPV4 ? WGF_PAST_TUNNEL_IPV6
							      : WGF_PAST_TUNNEL_IPV4);
}

static void saw(u32 hook, u32 reason)
{
	if (!seen[hook][reason])
		fail_msg("no random packet had %s at %s", reasons[reason].label, hook_label(hook));
}

/* Every reason of the hook, but those for what never got as far as these packets. */
static void saw_all(u32 hook)
{
	for (u32 reason = 0; reason < WGF_N_REASONS; reason++)
		if (reasons[reason].where & 1U << hook && reason != WGF_NO_POLICY &&
		    (reason < WGF_MALFORMED || reason > WGF_TRANSPORT))
			saw(hook, reason);
}

static void test_egress(void **state)
{
	(void)state;
	each_flight(10000, check_egress);
	saw_all(WGF_EGRESS);
}

static void test_ingress(void **state)
{
	(void)state;
	each_flight(10000, check_ingress);
	saw_all(WGF_INGRESS);
}

static void test_bind(void **state)
{
	(void)state;
	each_flight(5000, check_bind);
	saw_all(WGF_BIND);
}

static void test_connect(void **state)
{
	(void)state;
	each_flight(3000, check_connect);
	saw_all(WGF_CONNECT);
}

static void test_guard(void **state)
{
	(void)state;
	each_flight(5000, check_guard);
	saw_all(WGF_GUARD);
}

static void test_layout(void **state)
{
	(void)state;
	each_flight(1000, check_layout);
}

static void test_audit(void **state)
{
	(void)state;
	each_flight(2000, check_audit);
}

static void test_reason(void **state)
{
	(void)state;
	each_flight(5000, check_reason);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_egress), cmocka_unit_test(test_ingress),
		cmocka_unit_test(test_bind),   cmocka_unit_test(test_connect),
		cmocka_unit_test(test_guard),  cmocka_unit_test(test_layout),
		cmocka_unit_test(test_audit),  cmocka_unit_test(test_reason),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	random_seed();
	return cmocka_run_group_tests_name("invariants", tests, NULL, NULL);
}
