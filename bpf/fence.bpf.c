// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs: one thin hook each.
 *
 * Owns: gathering facts from a kernel context, and turning a reason into the hook's return value
 * (1 passes, 0 drops or refuses with EPERM). Must never decide: that is verdict.h's.
 * Kept within what 5.10 verifies: no atomic whose result is used, no kfunc, no bpf_loop.
 */
#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "calls.h"
#include "decide.h"
#include "fast.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline int decide_packet(struct __sk_buff *skb, const struct wgf_facts *f, u32 hook)
{
	struct bpf_sock *sk = skb->sk;

	if (sk)
		sk = bpf_sk_fullsock(sk);
	return decide(f, sk, hook, skb->len);
}

static __always_inline int judge(struct __sk_buff *skb, u32 ethertype, const u8 *h, u32 hook)
{
	struct wgf_facts f = {.ifindex = skb->ifindex};

	wgf_parse(&f, ethertype, h, hook == WGF_EGRESS);
	return decide_packet(skb, &f, hook);
}

static __always_inline int malformed(struct __sk_buff *skb, u32 ethertype, u32 hook)
{
	struct wgf_facts f = {.problem = WGF_MALFORMED};

	if (ethertype == WGF_ETH_IPV4)
		f.family = WGF_IPV4;
	else if (ethertype == WGF_ETH_IPV6)
		f.family = WGF_IPV6;
	return decide_packet(skb, &f, hook);
}

/*
 * The slow way: headers that are not linear, short packets, and every packet of a test run up to
 * 6.12, where data_end is not set. Sizes are constants because 5.10 wants them so.
 */
static __always_inline int judge_copied(struct __sk_buff *skb, u32 hook)
{
	u8 h[WGF_V6_LEN + WGF_FLAGS_LEN + 2] __attribute__((aligned(8))) = {};
	u32 ethertype = bpf_ntohs((u16)skb->protocol);
	long err = bpf_skb_load_bytes(skb, 0, h, WGF_V4_LEN);

	switch (err ? 0 : wgf_need(ethertype, h)) {
	case WGF_V4_LEN:
		break;
	case WGF_V4_LEN + WGF_PORTS_LEN:
		err = bpf_skb_load_bytes(skb, 0, h, WGF_V4_LEN + WGF_PORTS_LEN);
		break;
	case WGF_V4_LEN + WGF_FLAGS_LEN:
		err = bpf_skb_load_bytes(skb, 0, h, WGF_V4_LEN + WGF_FLAGS_LEN);
		break;
	case WGF_V6_LEN:
		err = bpf_skb_load_bytes(skb, 0, h, WGF_V6_LEN);
		break;
	case WGF_V6_LEN + WGF_PORTS_LEN:
		err = bpf_skb_load_bytes(skb, 0, h, WGF_V6_LEN + WGF_PORTS_LEN);
		break;
	case WGF_V6_LEN + WGF_FLAGS_LEN:
		err = bpf_skb_load_bytes(skb, 0, h, WGF_V6_LEN + WGF_FLAGS_LEN);
		break;
	default:
		err = -1;
	}
	return err ? malformed(skb, ethertype, hook) : judge(skb, ethertype, h, hook);
}

/* Not static: the verifier then walks them once, and not anew for each way to the call (5.6). */
__noinline int wgf_egress_slow(struct __sk_buff *skb)
{
	return judge_copied(skb, WGF_EGRESS);
}

__noinline int wgf_ingress_slow(struct __sk_buff *skb)
{
	return judge_copied(skb, WGF_INGRESS);
}

/*
 * An ordinary packet with linear headers goes the fast way. All else is looked at from the
 * beginning by a function of its own: so the code here stays in few cache lines, and the long loops
 * are verified once a direction.
 */
static __always_inline int packet(struct __sk_buff *skb, u32 hook)
{
	const u8 *h = (const u8 *)(long)skb->data, *end = (const u8 *)(long)skb->data_end;
	const struct wgf_policy *p = policy_in_force();
	int egress = hook == WGF_EGRESS, passes;

	WGF_OPAQUE(p); /* one register; clang would else compute it anew at each use */
	if (skb->protocol == bpf_htons(WGF_ETH_IPV4)) {
		if (WGF_LIKELY(h + WGF_V4_LEN + WGF_FLAGS_LEN <= end) &&
		    WGF_LIKELY(wgf_fast_v4(p, skb->ifindex, h, egress))) {
			count_fast(hook, WGF_IPV4, skb->len);
			return 1;
		}
	} else if (skb->protocol == bpf_htons(WGF_ETH_IPV6)) {
		if (WGF_LIKELY(h + WGF_V6_LEN + WGF_FLAGS_LEN <= end) &&
		    WGF_LIKELY(wgf_fast_v6(p, skb->ifindex, h, egress))) {
			count_fast(hook, WGF_IPV6, skb->len);
			return 1;
		}
	}
	passes = egress ? wgf_egress_slow(skb) : wgf_ingress_slow(skb);
	WGF_OPAQUE(passes); /* clang knows that it is 0 or 1, the verifier wants to be told */
	return passes & 1;
}

SEC("cgroup_skb/egress")
int wgf_egress_skb(struct __sk_buff *skb)
{
	return packet(skb, WGF_EGRESS);
}

SEC("cgroup_skb/ingress")
int wgf_ingress_skb(struct __sk_buff *skb)
{
	return packet(skb, WGF_INGRESS);
}

static __always_inline int connect_call(struct bpf_sock_addr *ctx, struct wgf_facts *f)
{
	struct bpf_sock *sk = ctx->sk;

	f->proto = ctx->protocol;
	f->remote_port = bpf_ntohs((u16)ctx->user_port);
	if (sk) {
		f->local_port = sk->src_port;
		note_who(sk);
	}
	f->family = wgf_is_v4(&f->remote) ? WGF_IPV4 : WGF_IPV6;
	wgf_this_host(&f->remote);
	return decide(f, sk, WGF_CONNECT, 0);
}

SEC("cgroup/connect4")
int wgf_connect4(struct bpf_sock_addr *ctx)
{
	struct wgf_facts f = {};

	wgf_v4_mapped(&f.remote, ctx->user_ip4);
	return connect_call(ctx, &f);
}

/* In the way of each datagram that is not connected: egress has nearly all of them. */
SEC("cgroup/sendmsg4")
int wgf_sendmsg4(struct bpf_sock_addr *ctx)
{
	struct wgf_facts f = {};
	u32 to = ctx->user_ip4;

	if (WGF_LIKELY(!wgf_comes_back(policy_in_force(), to)))
		return 1;
	wgf_v4_mapped(&f.remote, to);
	return connect_call(ctx, &f);
}

SEC("cgroup/connect6")
int wgf_connect6(struct bpf_sock_addr *ctx)
{
	struct wgf_facts f = {};

	f.remote.w[0] = ctx->user_ip6[0];
	f.remote.w[1] = ctx->user_ip6[1];
	f.remote.w[2] = ctx->user_ip6[2];
	f.remote.w[3] = ctx->user_ip6[3];
	return connect_call(ctx, &f);
}

static __always_inline int bind_call(struct bpf_sock_addr *ctx, struct wgf_facts *f)
{
	f->proto = ctx->protocol;
	f->local_port = bpf_ntohs((u16)ctx->user_port);
	f->family = wgf_is_v4(&f->local) ? WGF_IPV4 : WGF_IPV6;
	return decide(f, ctx->sk, WGF_BIND, 0);
}

SEC("cgroup/bind4")
int wgf_bind4(struct bpf_sock_addr *ctx)
{
	struct wgf_facts f = {};

	wgf_v4_mapped(&f.local, ctx->user_ip4);
	return bind_call(ctx, &f);
}

SEC("cgroup/bind6")
int wgf_bind6(struct bpf_sock_addr *ctx)
{
	struct wgf_facts f = {};

	f.local.w[0] = ctx->user_ip6[0];
	f.local.w[1] = ctx->user_ip6[1];
	f.local.w[2] = ctx->user_ip6[2];
	f.local.w[3] = ctx->user_ip6[3];
	return bind_call(ctx, &f);
}

/* By the mark routes are chosen; others' bits of it are left alone. (ctx->mark: Linux 4.14.) */
static __always_inline void mark(struct bpf_sock *ctx)
{
	const struct wgf_policy *p = policy_in_force();

	if (p->mark_mask)
		ctx->mark = (ctx->mark & ~p->mark_mask) | p->mark;
}

/*
 * A socket never changes its network namespace, so refusing the foreign ones here spares the packet
 * path the question (cgroup_skb cannot ask it before 6.18).
 */
SEC("cgroup/sock_create")
int wgf_socket(struct bpf_sock *ctx)
{
	struct wgf_facts f = {
		.netns = bpf_get_netns_cookie(ctx),
		.proto = ctx->protocol,
		.type = ctx->type,
		.family = ctx->family == 2 /* AF_INET */ ? WGF_IPV4 : WGF_IPV6,
	};

	note_who(ctx);
	mark(ctx);
	return decide(&f, ctx, WGF_SOCK_CREATE, 0);
}

SEC("cgroup/setsockopt")
int wgf_setsockopt(struct bpf_sockopt *ctx)
{
	/* Each field read once: clang would else compute a pointer into ctx, which is refused. */
	u32 level = *(volatile s32 *)&ctx->level, option = *(volatile s32 *)&ctx->optname;
	struct wgf_facts f = {
		.joins = wgf_joins(level, option),
		.frame = wgf_passes_guard(level, option),
	};

	/* The kernel shows at most a page; 5.10 fails larger options unless told to use its own. */
	if (ctx->optlen > 4096)
		ctx->optlen = 0;
	if (level == WGF_SOL_IP)
		f.family = WGF_IPV4;
	else if (level == WGF_SOL_IPV6)
		f.family = WGF_IPV6;
	else if (!f.frame)
		return 1;
	return decide(&f, ctx->sk, WGF_SETSOCKOPT, 0);
}
