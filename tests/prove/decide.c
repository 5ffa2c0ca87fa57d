// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a reason to a hook's answer: what is allowed passes; what is not passes only in the audit
 * mode of a policy that is understood. Everything is counted once, under its reason, and what does
 * not pass, or would not, is recorded.
 *
 * prove: -DHOOK=WGF_EGRESS
 * prove: -DHOOK=WGF_CONNECT
 * prove: -DHOOK=WGF_SOCK_CREATE
 * prove: -DHOOK=WGF_UNIX
 */
#include "kernel/account.h"

#include "decide.h"

int main(void)
{
	struct wgf_facts f = nondet_facts();
	struct bpf_sock sk;
	bool audit;
	int passes;

	in_force = nondet_policy();
	assume(in_force.layout != WGF_LAYOUT || policy_is_sound(&in_force));
	passes = decide(&f, nondet_bool() ? &sk : 0, HOOK, nondet_u32());
	audit = in_force.layout == WGF_LAYOUT && in_force.mode == WGF_AUDIT;
	claim(passes == (wgf_allows(account.reason) || audit), "what passes");
	claim(account.counted == 1 && account.hook == HOOK, "counted once");
	claim(account.mode == (audit && !wgf_allows(account.reason)), "audit counts apart");
	claim(account.recorded == !wgf_allows(account.reason), "drops are recorded");
	return 0;
}
