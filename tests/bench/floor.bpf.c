// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the fence is measured against: programs that do nothing, and the tunnel's other end, which
 * takes every packet and keeps none.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("cgroup_skb/egress")
int empty_egress(struct __sk_buff *skb __attribute__((unused)))
{
	return 1;
}

SEC("cgroup_skb/ingress")
int empty_ingress(struct __sk_buff *skb __attribute__((unused)))
{
	return 1;
}

/* Lets whatever comes next decide (TC_ACT_UNSPEC), as the guard does. */
SEC("tc")
int empty_tc(struct __sk_buff *skb __attribute__((unused)))
{
	return -1;
}

/* TUNSETFILTEREBPF: how many bytes of a packet to keep. */
SEC("socket")
int discard(struct __sk_buff *skb __attribute__((unused)))
{
	return 0;
}
