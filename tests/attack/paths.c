// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that rule the kernel, and devices that packets could be written to.
 *
 * Owns: the list. A switch is set to what it has: whoever may do that could set it to anything.
 */
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

#define ONLY_TRIED "it is opened and set to what it has; the answer tells who may"

static const char *const files[] = {
	"/proc/sys/net/ipv4/ip_forward",
	"/proc/sys/net/ipv4/conf/all/rp_filter",
	"/proc/sys/net/ipv6/conf/all/forwarding",
	"/proc/sys/net/ipv4/ping_group_range",
	"/proc/sys/kernel/core_pattern",
	"/proc/sys/kernel/modprobe",
	"/proc/sys/kernel/unprivileged_bpf_disabled",
	"/proc/sys/user/max_net_namespaces",
	"/sys/class/net/lo/mtu",
	"/sys/fs/cgroup/cgroup.procs",
	"/proc/1/oom_score_adj",
};
static const char *const devices[] = {
	"/dev/net/tun",
	"/dev/vhost-net",
	"/dev/vhost-vsock",
	"/dev/vsock",
	"/dev/ppp",
	"/dev/mem",
	"/dev/kmem",
	"/dev/port",
	"/dev/fuse",
	"/dev/kvm",
	"/dev/uinput",
	"/proc/kcore",
	"/proc/sysrq-trigger",
	"/proc/1/mem",
	"/sys/kernel/debug/tracing/kprobe_events",
	"/sys/kernel/tracing/kprobe_events",
};

static void rewritten(int i)
{
	char text[256];
	int fd = open(files[i], O_RDWR | O_CLOEXEC);
	ssize_t n;

	if (!step("open", fd))
		return;
	n = read(fd, text, sizeof(text));
	step("read", n);
	if (i == 9) /* a list of processes, and no switch */
		return;
	lseek(fd, 0, SEEK_SET);
	step("write", n > 0 ? write(fd, text, (size_t)n) : 0);
}

static void opened(int i)
{
	step("open", open(devices[i], i == 12 ? O_WRONLY : O_RDWR));
}

#define SET(i, title)                                                               \
	{                                                                           \
		.name = (title), .run = rewritten, .arg = (i), .unseen = ONLY_TRIED \
	}
#define OPEN(i, title)                                                                    \
	{                                                                                 \
		.name = (title), .run = opened, .arg = (i), .unseen = "it is only opened" \
	}

const struct attempt path_attempts[] = {
	SET(0, "ip_forward"),
	SET(1, "rp_filter"),
	SET(2, "IPv6 forwarding"),
	SET(3, "ping_group_range"),
	SET(4, "core_pattern"),
	SET(5, "kernel.modprobe"),
	SET(6, "unprivileged_bpf_disabled"),
	SET(7, "max_net_namespaces"),
	SET(8, "a device's mtu"),
	SET(9, "cgroup.procs of the root"),
	SET(10, "process 1: oom_score_adj"),
	OPEN(0, "/dev/net/tun"),
	OPEN(1, "/dev/vhost-net"),
	OPEN(2, "/dev/vhost-vsock"),
	OPEN(3, "/dev/vsock"),
	OPEN(4, "/dev/ppp"),
	OPEN(5, "/dev/mem"),
	OPEN(6, "/dev/kmem"),
	OPEN(7, "/dev/port"),
	OPEN(8, "/dev/fuse"),
	OPEN(9, "/dev/kvm"),
	OPEN(10, "/dev/uinput"),
	OPEN(11, "/proc/kcore"),
	OPEN(12, "/proc/sysrq-trigger"),
	OPEN(13, "/proc/1/mem"),
	OPEN(14, "kprobes by debugfs"),
	OPEN(15, "kprobes by tracefs"),
	{.name = NULL},
};
