// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard: what leaves by other interfaces than the tunnel past every cgroup hook.
 *
 * Owns: gathering a packet's source, and whether a member made it as a frame, at tc egress of an
 * interface; and turning the reason into what tc understands. It sees the packets of everybody, so
 * it lets pass whatever it does not know, and counts only what it drops. Must never decide: that is
 * verdict.h's. An object of its own, onto the maps of fence.bpf.c: where it cannot be loaded the
 * fence stands without it.
 */
#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "fast.h"
#include "ledger.h"
#include "verdict.h"

char LICENSE[] SEC("license") = "GPL";

#define TC_UNSPEC (-1) /* TC_ACT_UNSPEC: whatever comes next decides */
#define TC_SHOT	  2    /* TC_ACT_SHOT */
#define TO_NET	  1    /* BPF_HDR_START_NET */
#define INET	  2    /* AF_INET */
#define INET6	  10   /* AF_INET6 */
#define LEVELS	  64   /* of cgroups, which is more than anybody nests */
#define HEADERS	  128  /* a link's, two tags, the longest that is parsed */

/*
 * The tunnel's outer packets carry the member's own socket (WireGuard encrypts in place), and port,
 * mark and endpoint can be forged: the socket's family cannot. What is of another than these two
 * builds its frames itself, and meets no cgroup hook: AF_PACKET, and what a kernel has besides.
 */
static __always_inline int makes_frames(const struct bpf_sock *sk)
{
	u32 family = sk->family;

	return family != INET && family != INET6;
}

/* By the ancestors' ids, whichever level the fence's cgroup is on: 0 is behind the last. */
static __always_inline int is_member(struct __sk_buff *skb, const struct wgf_policy *p)
{
	for (int level = 0; level < LEVELS; level++) {
		u64 id = bpf_skb_ancestor_cgroup_id(skb, level);

		if (id == 0 || id == p->cgroup)
			return id != 0;
	}
	return 0;
}

static __always_inline int is_tag(u32 ethertype)
{
	return ethertype == 0x8100 || ethertype == 0x88a8;
}

/*
 * Where the IP header is, and whose. A device such as tailscale0 or ppp has no link header, so
 * nothing is where it is on Ethernet; the kernel knows where the network header is. But not where a
 * frame has its VLAN tag in itself (most have it beside): there is Ethernet, up to two tags deep.
 */
struct header {
	u32 ethertype, offset; /* 0: at the network header */
};

static __always_inline struct header find_header(struct __sk_buff *skb)
{
	struct header h = {.ethertype = bpf_ntohs((u16)skb->protocol)};
	u16 next = 0;

	for (u32 at = WGF_ETH_LEN; at <= WGF_ETH_LEN + 4 && is_tag(h.ethertype); at += 4) {
		if (bpf_skb_load_bytes(skb, at + 2, &next, 2))
			return h;
		h.offset = at + 4;
		h.ethertype = bpf_ntohs(next);
	}
	return h;
}

/* `size` is a constant wherever this is inlined, as 5.10 wants it. */
static __always_inline long load(struct __sk_buff *skb, const struct header *h, u32 at, void *to,
				 u32 size)
{
	return h->offset ? bpf_skb_load_bytes(skb, h->offset + at, to, size)
			 : bpf_skb_load_bytes_relative(skb, at, to, size, TO_NET);
}

/* As far as it can be read; no address, and no family, where it is no IP. */
static __always_inline void gather(struct __sk_buff *skb, struct wgf_facts *f)
{
	u8 bytes[WGF_V6_LEN + WGF_FLAGS_LEN + 2] __attribute__((aligned(8))) = {};
	struct header h = find_header(skb);

	if (h.ethertype == WGF_ETH_IPV4) {
		if (load(skb, &h, 0, bytes, WGF_V4_LEN))
			return;
		load(skb, &h, WGF_V4_LEN, bytes + WGF_V4_LEN, 4);
		wgf_parse_v4(f, bytes, 1);
	} else if (h.ethertype == WGF_ETH_IPV6) {
		if (load(skb, &h, 0, bytes, WGF_V6_LEN))
			return;
		load(skb, &h, WGF_V6_LEN, bytes + WGF_V6_LEN, 4);
		wgf_parse_v6(f, bytes, 1);
	}
}

/* What may have to be dropped, looked at from the beginning. Not static: verified once. */
__noinline int wgf_guard_slow(struct __sk_buff *skb)
{
	const struct wgf_policy *p = policy_in_force();
	struct wgf_facts f = {.ifindex = skb->ifindex};
	struct bpf_sock *sk;
	u32 reason, audit = p->mode == WGF_AUDIT;

	/* Makes linear what can be had, else the network header cannot be asked for. */
	bpf_skb_pull_data(skb, skb->len < HEADERS ? skb->len : HEADERS);
	gather(skb, &f);
	sk = skb->sk;
	f.frame = sk && makes_frames(sk) && is_member(skb, p);
	reason = wgf_verdict(p, &f, WGF_GUARD);
	if (reason == WGF_CALL)
		return TC_UNSPEC;
	count(audit, WGF_GUARD, f.family, reason, skb->len);
	record(&f, sk ? bpf_sk_fullsock(sk) : sk, WGF_GUARD, reason, audit, skb->len);
	return audit ? TC_UNSPEC : TC_SHOT;
}

/*
 * Nearly all packets are nobody's business, and most come behind Ethernet: their source is all
 * that those are asked for. The rest is looked at from the beginning.
 */
SEC("tc")
int wgf_guard_skb(struct __sk_buff *skb)
{
	const u8 *h = (const u8 *)(long)skb->data, *end = (const u8 *)(long)skb->data_end;
	const struct wgf_policy *p = policy_in_force();
	u32 ethertype = skb->protocol;
	struct bpf_sock *sk = skb->sk;

	if (sk && makes_frames(sk))
		return wgf_guard_slow(skb);
	if (ethertype == bpf_htons(WGF_ETH_IPV4)) {
		if (WGF_LIKELY(h + WGF_ETH_V4_SOURCE + 4 <= end) &&
		    WGF_LIKELY(wgf_fast_guard_v4(p, h)))
			return TC_UNSPEC;
	} else if (ethertype == bpf_htons(WGF_ETH_IPV6)) {
		if (WGF_LIKELY(h + WGF_ETH_V6_SOURCE + 16 <= end) &&
		    WGF_LIKELY(wgf_fast_guard_v6(p, h)))
			return TC_UNSPEC;
	} else if (!is_tag(bpf_ntohs((u16)ethertype))) {
		return TC_UNSPEC;
	}
	return wgf_guard_slow(skb);
}
