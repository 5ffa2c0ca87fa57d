// SPDX-License-Identifier: GPL-2.0-only
/*
 * The unix hooks: the name that is looked up is the one that the kernel itself will look up, byte
 * by byte, whatever lies behind it in the address's buffer, and each that can be read is; what
 * passes was found, or audit mode lets it; and nothing is read or written outside of what is there.
 * Each length of an address is asked apart: all of 1 to 108 (unix_validate_addr(): longer than the
 * family alone, and no longer than the struct).
 *
 * prove: -DFROM=1 -DTO=9 --unwind 130
 * prove: -DFROM=10 -DTO=18 --unwind 130
 * prove: -DFROM=19 -DTO=27 --unwind 130
 * prove: -DFROM=28 -DTO=36 --unwind 130
 * prove: -DFROM=37 -DTO=45 --unwind 130
 * prove: -DFROM=46 -DTO=54 --unwind 130
 * prove: -DFROM=55 -DTO=63 --unwind 130
 * prove: -DFROM=64 -DTO=72 --unwind 130
 * prove: -DFROM=73 -DTO=81 --unwind 130
 * prove: -DFROM=82 -DTO=90 --unwind 130
 * prove: -DFROM=91 -DTO=99 --unwind 130
 * prove: -DFROM=100 -DTO=108 --unwind 130
 */
#include "kernel/account.h"

static struct {
	bool was;
	struct wgf_name name;
	bool found;
} asked_for;

static int unix_names;

static inline void *bpf_map_lookup_elem(const void *map, const void *name)
{
	static u32 line;

	claim(map == &unix_names && !asked_for.was, "one look-up");
	asked_for.was = true;
	asked_for.name = *(const struct wgf_name *)name;
	asked_for.found = nondet_bool();
	return asked_for.found ? &line : 0;
}

#include "unix.bpf.c"

/* The kernel's copy of an address, in a struct sockaddr_storage. */
static u8 address[128];
static struct bpf_sock_addr_kern kern = {.uaddr = address};

void *bpf_cast_to_kern_ctx(void *ctx)
{
	(void)ctx;
	return &kern;
}

/*
 * unix_find_bsd() and unix_find_abstract() (net/unix/af_unix.c): an abstract name begins with a NUL
 * and has the address's length; a path ends at its NUL, or there.
 */
static u32 plain_length(void)
{
	u32 len = kern.uaddrlen - SUN_PATH, end = len;

	if (address[SUN_PATH])
		for (u32 i = WGF_NAME_BYTES; i-- > 0;)
			if (i < len && !address[SUN_PATH + i])
				end = i;
	return end;
}

static void check_name(void)
{
	u32 len = plain_length();
	bool same = asked_for.name.len == len;

	for (u32 i = 0; i < WGF_NAME_BYTES; i++)
		same &= (u8)asked_for.name.bytes[i] == (i < len ? address[SUN_PATH + i] : 0);
	claim(same, "the kernel's name, and zeroes behind it");
}

static void check(u32 len)
{
	struct bpf_sock sk;
	struct bpf_sock_addr ctx = {.sk = nondet_bool() ? &sk : 0};
	int passes;

	in_force.layout = nondet_u32();
	in_force.mode = nondet_u8();
	for (u32 i = 0; i < sizeof(address); i++)
		address[i] = nondet_u8();
	kern.uaddrlen = SUN_PATH + len;
	asked_for.was = asked_for.found = faulted = false;
	passes = unix_call(&ctx);
	claim(asked_for.was || faulted, "every name is looked up");
	if (asked_for.was)
		check_name();
	claim(!passes || in_force.layout == WGF_LAYOUT, "nothing passes without a policy");
	if (in_force.mode == WGF_ENFORCE)
		claim(!passes || asked_for.found, "only what is named passes");
}

int main(void)
{
	for (u32 len = FROM; len <= TO; len++)
		check(len);
	return 0;
}
