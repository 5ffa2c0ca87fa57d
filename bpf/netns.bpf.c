// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network namespace's cookie, for kernels before 5.14 that have no SO_NETNS_COOKIE.
 *
 * Owns: nothing that decides. Attached for an instant to the cgroup of wgfence itself, it notes
 * what bpf_get_netns_cookie() says of a socket that this process makes, and lets everything pass.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "types.h"

char LICENSE[] SEC("license") = "GPL";

u32 asking; /* the process that makes the socket */
u64 cookie;

SEC("cgroup/sock_create")
int wgf_netns(struct bpf_sock *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == asking)
		cookie = bpf_get_netns_cookie(ctx);
	return 1;
}
