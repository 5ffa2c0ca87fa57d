// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "programs.h"
#include "tally.h"

#include "copied.skel.h"
#include "fence.skel.h"

#define ETH_HEADER 14

static void __attribute__((noreturn, format(printf, 1, 2))) bail_out(const char *format, ...)
{
	int error = errno;
	va_list args;

	printf("Bail out! ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(error));
	exit(EXIT_FAILURE);
}

/* A TAP device of this index, for as long as the process lives. */
static void make_device(const char *name, unsigned ifindex)
{
	struct ifreq ifr = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	strcpy(ifr.ifr_name, name);
	if (fd < 0 || ioctl(fd, TUNSETIFINDEX, &ifindex) || ioctl(fd, TUNSETIFF, &ifr))
		bail_out("a TAP device %s of index %u", name, ifindex);
}

void devices_make(void)
{
	static const char *const names[] = {"eth0", "wg0", "eth1", "eth2", "eth3"};
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd;

	if (unshare(CLONE_NEWNET))
		bail_out("a network namespace");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		bail_out("lo");
	close(fd);
	for (unsigned i = 0; i < N_DEVS - 1; i++)
		make_device(names[i], i + 2);
}

static void load_fence(struct programs *ret)
{
	struct fence_bpf *skel = fence_bpf__open_and_load();

	if (!skel)
		bail_out("loading the programs");
	ret->fd[WGF_EGRESS] = bpf_program__fd(skel->progs.wgf_egress_skb);
	ret->fd[WGF_INGRESS] = bpf_program__fd(skel->progs.wgf_ingress_skb);
	ret->counters = bpf_map__fd(skel->maps.counters);
	ret->image = &skel->bss->image;
}

static void load_copied(struct programs *ret)
{
	struct copied_bpf *skel = copied_bpf__open_and_load();

	if (!skel)
		bail_out("loading the programs that always copy");
	ret->fd[WGF_EGRESS] = bpf_program__fd(skel->progs.wgf_egress_skb);
	ret->fd[WGF_INGRESS] = bpf_program__fd(skel->progs.wgf_ingress_skb);
	ret->counters = bpf_map__fd(skel->maps.counters);
	ret->image = &skel->bss->image;
}

void programs_load(bool copied, struct programs *ret)
{
	if (copied)
		load_copied(ret);
	else
		load_fence(ret);
}

void programs_publish(const struct programs *p, const struct wgf_policy *policy)
{
	u32 slot = (p->image->active + 1) & (WGF_SLOTS - 1);

	p->image->magic = WGF_MAGIC;
	p->image->layout = WGF_LAYOUT;
	p->image->slots[slot] = *policy;
	__atomic_store_n(&p->image->active, slot, __ATOMIC_RELEASE);
}

int programs_run(const struct programs *p, const struct packet *packet, u32 ifindex)
{
	u8 frame[ETH_HEADER + sizeof(packet->byte)] = {0};
	struct __sk_buff ctx = {.ifindex = ifindex};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
		    .data_size_in = ETH_HEADER + packet->len, .ctx_in = &ctx,
		    .ctx_size_in = sizeof(ctx));
	u32 hook = packet->egress ? WGF_EGRESS : WGF_INGRESS;

	put16(frame + 12, packet->ethertype);
	memcpy(frame + ETH_HEADER, packet->byte, packet->len);
	if (bpf_prog_test_run_opts(p->fd[hook], &opts))
		return -errno;
	return (int)opts.retval;
}

void programs_count(const struct programs *p, struct wgf_counters *ret)
{
	static struct wgf_counters *cpus;
	static struct wgf_legend legend;
	int n = libbpf_num_possible_cpus();
	u64 *sum = (u64 *)ret;
	u32 zero = 0;

	if (!cpus)
		cpus = calloc((size_t)n, sizeof(*cpus));
	if (!cpus || bpf_map_lookup_elem(p->counters, &zero, cpus))
		bail_out("the counters");
	memset(ret, 0, sizeof(*ret));
	for (int cpu = 0; cpu < n; cpu++)
		for (size_t i = 0; i < sizeof(*ret) / sizeof(u64); i++)
			sum[i] += ((const u64 *)&cpus[cpu])[i];
	tally_legend(&legend);
	tally_rows(&legend, p->image, ret);
}
