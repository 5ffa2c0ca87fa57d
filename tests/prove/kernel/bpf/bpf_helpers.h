/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel does for the programs, for the model checker, in the place of libbpf's.
 *
 * Owns: the helpers, as they answer in kernels from 5.10 on. Each proof has one packet or address,
 * and one policy in force.
 */
#ifndef WGF_PROVE_HELPERS_H
#define WGF_PROVE_HELPERS_H

#include "prove.h"
#include "unix_name.h"
#include "vmlinux.h"

#define SEC(name)
#define __ksym
#define __always_inline inline
#define __noinline

/* The packet: `len` bytes, of which a part may be linear. */
static struct {
	struct wgf_bytes in;
	u32 len;
} on_wire;

/* As sk_filter's bpf_skb_load_bytes(): what cannot be read is zero. */
static inline long bpf_skb_load_bytes(const struct __sk_buff *skb, u32 offset, void *to, u32 len)
{
	bool there = offset <= on_wire.len && len <= on_wire.len - offset;

	(void)skb;
	for (u32 i = 0; i < len; i++)
		((u8 *)to)[i] = there ? on_wire.in.byte[offset + i] : 0;
	return there ? 0 : -14;
}

static inline struct bpf_sock *bpf_sk_fullsock(struct bpf_sock *sk)
{
	return nondet_bool() ? sk : 0;
}

static inline u64 bpf_get_netns_cookie(void *ctx)
{
	(void)ctx;
	return nondet_u64();
}

static bool faulted; /* a read of the kernel's memory */

static inline long bpf_probe_read_kernel(void *to, u32 len, const void *from)
{
	bool fault = nondet_bool();

	for (u32 i = 0; i < len; i++)
		((u8 *)to)[i] = fault ? 0 : ((const u8 *)from)[i];
	faulted |= fault;
	return fault ? -14 : 0;
}

/* How many bytes it copied, the NUL with them; the last one is always that. */
static inline long bpf_probe_read_kernel_str(void *to, u32 len, const void *from)
{
	for (u32 i = 0; i < len; i++) {
		((u8 *)to)[i] = i + 1 < len ? ((const u8 *)from)[i] : 0;
		if (!((u8 *)to)[i])
			return (long)i + 1;
	}
	return len;
}

#endif
