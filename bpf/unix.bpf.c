// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs for unix sockets (Linux 6.7): an object of its own, so that older kernels load the
 * others.
 *
 * Owns: reading the name that a connect or a send asks for. Must never decide: that is verdict.h's.
 * Libbpf 1.1 knows no section for these hooks: whoever loads them sets their types.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "decide.h"

char LICENSE[] SEC("license") = "GPL";

/* The kernel's own context, found by its BTF: no promise holds its layout (hence not vmlinux.h). */
struct bpf_sock_addr_kern {
	void *uaddr;
	u32 uaddrlen;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;

#define SUN_PATH 2 /* where it begins in a struct sockaddr_un */

/* What was asked for; the zeroes in front make every name long enough to have a tail. */
struct asked {
	/* cppcheck-suppress unusedStructMember; read as what is in front of the name */
	char before[WGF_NAME_TAIL];
	/* In its `len` the NUL of the longest path ends, and is overwritten. */
	struct wgf_name name;
};

/*
 * As the kernel itself reads it (unix_find_bsd(), unix_find_abstract()): a path ends at its NUL or
 * at the address's length, an abstract name has exactly that length. Behind it the buffer is stale.
 * The address is the kernel's copy: nobody can change it after this.
 */
static __always_inline int read_name(struct bpf_sock_addr *ctx, struct asked *a)
{
	struct bpf_sock_addr_kern *kern = bpf_cast_to_kern_ctx(ctx);
	const char *path = (const char *)kern->uaddr + SUN_PATH;
	u32 len = kern->uaddrlen - SUN_PATH;
	char first;
	long n;

	WGF_OPAQUE(len); /* clang takes uaddrlen - 1 for len + 1, which 6.12 does not know to be
			    small */
	if (len < 1 || len > WGF_NAME_BYTES || bpf_probe_read_kernel(&first, 1, path))
		return 0;
	if (first) {
		n = bpf_probe_read_kernel_str(a->name.bytes, len + 1, path);
		if (n < 2 || n > WGF_NAME_BYTES + 1)
			return 0;
		len = (u32)n - 1;
	} else if (bpf_probe_read_kernel(a->name.bytes, len, path)) {
		return 0;
	}
	a->name.len = len;
	return 1;
}

/* The name's end, in the place of addresses, and its length in that of a port. */
static __always_inline void tell_tail(struct wgf_facts *f, const struct asked *a)
{
	const char *all = (const char *)a; /* `before`, and right behind it the name */
	u32 len = a->name.len;

	if (len > WGF_NAME_BYTES)
		return;
	bpf_probe_read_kernel(&f->local, sizeof(f->local), all + len);
	bpf_probe_read_kernel(&f->remote, sizeof(f->remote), all + len + sizeof(f->local));
	f->remote_port = (u16)len;
}

static __always_inline int unix_call(struct bpf_sock_addr *ctx)
{
	struct bpf_sock *sk = ctx->sk;
	struct wgf_facts f = {};
	struct asked a = {};

	if (read_name(ctx, &a))
		f.named = !!bpf_map_lookup_elem(&unix_names, &a.name);
	/* For the ledger, which what is named seldom meets. */
	if (!f.named) {
		tell_tail(&f, &a);
		if (sk)
			note_who(sk);
	}
	return decide(&f, sk, WGF_UNIX, 0);
}

SEC("connect_unix")
int wgf_connect_un(struct bpf_sock_addr *ctx)
{
	return unix_call(ctx);
}

SEC("sendmsg_unix")
int wgf_sendmsg_un(struct bpf_sock_addr *ctx)
{
	return unix_call(ctx);
}
