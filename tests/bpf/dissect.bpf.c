// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel itself reads in a packet: its flow's hash, which is of family, addresses,
 * protocol and ports as the flow dissector finds them (__skb_get_hash()).
 *
 * Owns: nothing. A test run's skb has no hash, so the helper computes it.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

SEC("tc")
int dissect(struct __sk_buff *skb)
{
	return (int)bpf_get_hash_recalc(skb);
}

char LICENSE[] SEC("license") = "GPL";
