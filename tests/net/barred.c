// SPDX-License-Identifier: GPL-2.0-only
/*
 * barred: what a service should not be able to do, each tried once.
 *
 *   barred              a line each: "NAME ok" or "NAME ERRNO"
 *
 * Owns: the list. Whoever has the capabilities can do all of it; what a kernel lacks is ENOSYS.
 */
#include "net.h"

#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static long by_io_uring(void)
{
	struct io_uring_params params = {0};

	return syscall(SYS_io_uring_setup, 1, &params);
}

static long by_bpf(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

static long by_packet(void)
{
	return socket(AF_PACKET, SOCK_DGRAM, 0);
}

/* Last: it takes whoever does it along. */
static long by_namespace(void)
{
	return unshare(CLONE_NEWNET);
}

int main(void)
{
	static const struct {
		const char *name;
		long (*try)(void);
	} all[] = {{"io_uring", by_io_uring},
		   {"bpf", by_bpf},
		   {"packet", by_packet},
		   {"namespace", by_namespace}};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		printf("barred: %s %s\n", all[i].name,
		       all[i].try() < 0 ? strerrorname_np(errno) : "ok");
	return 0;
}
