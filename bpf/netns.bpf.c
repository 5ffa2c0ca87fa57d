// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network namespace's cookie, for kernels before 5.14 that have no SO_NETNS_COOKIE.
 *
 * Owns: nothing that decides. Attached for an instant to a cgroup made for that, it notes what
 * bpf_get_netns_cookie() says of the socket that is made there, and lets everything pass.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "types.h"

char LICENSE[] SEC("license") = "GPL";

u64 cookie;

SEC("cgroup/sock_create")
int wgf_netns(struct bpf_sock *ctx)
{
	cookie = bpf_get_netns_cookie(ctx);
	return 1;
}
