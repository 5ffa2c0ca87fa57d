/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every proof begins with: any policy that is sound, and any facts that a hook can gather.
 *
 * Owns: what the proofs assume. Of a policy that is policy_is_sound() and nothing else; of a
 * packet's facts it is is_packet(), which parse.c proves of what the parser makes.
 *
 * To the model checker a function whose name begins with nondet_ gives any value; a claim must hold
 * for all of them.
 */
#ifndef WGF_PROVE_H
#define WGF_PROVE_H

#include "parse.h"
#include "sound.h"
#include "verdict.h"

#ifdef PROVE
#define assume(condition)      __CPROVER_assume(condition)
#define claim(condition, what) __CPROVER_assert(condition, what)
#define possible(condition)    __CPROVER_cover(condition)
#else /* for the linters */
void assume(bool condition);
void claim(bool condition, const char *what);
void possible(bool condition);
#endif

struct wgf_policy nondet_policy(void);
struct wgf_facts nondet_facts(void);
struct wgf_bytes {
	u8 byte[128]; /* as long as the packets that are proved */
};

struct wgf_bytes nondet_bytes(void);
union wgf_ip nondet_ip(void);
u8 nondet_u8(void);
u16 nondet_u16(void);
u32 nondet_u32(void);
u64 nondet_u64(void);
bool nondet_bool(void);

static inline struct wgf_policy any_sound_policy(void)
{
	struct wgf_policy policy = nondet_policy();

	assume(policy_is_sound(&policy));
	return policy;
}

static inline bool is_problem(u32 reason)
{
	return reason == WGF_MALFORMED || reason == WGF_FRAGMENT || reason == WGF_IP_OPTIONS ||
	       reason == WGF_EXTENSION_HEADER || reason == WGF_TRANSPORT;
}

/*
 * What a packet hook hands to the verdict: either why the packet cannot be judged, or TCP or UDP
 * between two addresses of one family.
 */
static inline bool is_packet(const struct wgf_facts *f)
{
	bool v4 = f->family == WGF_IPV4;

	if (f->problem)
		return is_problem(f->problem);
	return (v4 || f->family == WGF_IPV6) && wgf_is_v4(&f->local) == v4 &&
	       wgf_is_v4(&f->remote) == v4 && (f->proto == WGF_TCP || f->proto == WGF_UDP) &&
	       f->opens <= (f->proto == WGF_TCP);
}

/* An interface's number is a positive int to the kernel. */
static inline bool is_interface(u32 ifindex)
{
	return ifindex > 0 && ifindex <= 0x7fffffff;
}

static inline struct wgf_facts any_packet(void)
{
	struct wgf_facts f = nondet_facts();

	assume(is_packet(&f));
	return f;
}

#endif
