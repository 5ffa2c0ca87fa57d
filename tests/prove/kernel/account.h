/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters and the ledger, for the model checker, in the place of bpf/maps.h and bpf/ledger.h.
 *
 * Owns: one policy in force, and a note of what was counted and recorded. What these do with it in
 * the kernel decides nothing, and the tests of the programs see to it.
 */
#ifndef WGF_PROVE_ACCOUNT_H
#define WGF_PROVE_ACCOUNT_H

#define WGF_MAPS_H
#define WGF_LEDGER_H

#include <bpf/bpf_helpers.h>

static struct wgf_policy in_force;

static struct {
	u32 counted, fast, recorded; /* how often */
	u32 mode, hook, family, reason;
	struct wgf_facts facts;
} account;

static inline const struct wgf_policy *policy_in_force(void)
{
	return &in_force;
}

static inline void count(u32 mode, u32 hook, u32 family, u32 reason, u32 bytes)
{
	(void)bytes;
	account.counted++;
	account.mode = mode;
	account.hook = hook;
	account.family = family;
	account.reason = reason;
}

static inline void count_fast(u32 hook, u32 family, u32 bytes)
{
	count(WGF_ENFORCE, hook, family, WGF_TUNNEL, bytes);
	account.fast++;
}

static inline void record(const struct wgf_facts *f, struct bpf_sock *sk, u32 hook, u32 reason,
			  u32 mode, u32 bytes)
{
	(void)sk;
	(void)bytes;
	account.recorded++;
	account.facts = *f;
	claim(hook == account.hook && reason == account.reason && mode == account.mode,
	      "what is recorded is what was counted");
}

static inline void note_who(struct bpf_sock *sk)
{
	(void)sk;
}

#endif
