/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel as the programs see it, for the model checker, in the place of vmlinux/vmlinux.h.
 *
 * Owns: the contexts, with the fields that the programs read. What the kernel gives as a number
 * and the verifier takes for a pointer is a pointer here.
 */
#ifndef WGF_PROVE_VMLINUX_H
#define WGF_PROVE_VMLINUX_H

#include "types.h"

typedef int s32;

struct bpf_sock {
	u32 family, type, protocol, mark, src_port;
};

struct __sk_buff {
	u32 len, protocol, ifindex;
	const u8 *data, *data_end;
	struct bpf_sock *sk;
};

struct bpf_sock_addr {
	u32 user_ip4, user_ip6[4], user_port, protocol;
	struct bpf_sock *sk;
};

struct bpf_sockopt {
	struct bpf_sock *sk;
	s32 level, optname, optlen;
};

#endif
