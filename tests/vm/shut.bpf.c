// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simplest fence: nothing leaves. What leaves all the same never came to the egress hook.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("cgroup_skb/egress")
int shut(struct __sk_buff *skb __attribute__((unused)))
{
	return 0;
}
