// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard's program as `wgfence attach` puts it on an interface, on it and away again.
 *
 * Owns: the two devices, and the comparison: an interface with nothing of ours, and with an empty
 * program or the guard on it, by tcx where the kernel has it and by clsact. The fence stands all
 * the time, with two addresses of the tunnel.
 */
#include "guard.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scene.h"
#include "sender.h"
#include "stats.h"

#include "floor.skel.h"

#define HOME	   "wgbhome"
#define WARM	   20			      /* bursts before a sample */
#define TCX_EGRESS ((enum bpf_attach_type)47) /* 6.6, as in src/guard_tcx.c */

enum arm { BARE, BARE_AGAIN, TCX_EMPTY, TCX_GUARD, CLSACT_EMPTY, CLSACT_GUARD, N_ARMS };
enum means { NOTHING, TCX, CLSACT };

static const struct {
	const char *name;
	enum means means;
	bool guard;
} arms[N_ARMS] = {
	[BARE] = {"no guard", NOTHING, false},
	[BARE_AGAIN] = {"  again: the control", NOTHING, false},
	[TCX_EMPTY] = {"tcx, empty program", TCX, false},
	[TCX_GUARD] = {"tcx, the guard", TCX, true},
	[CLSACT_EMPTY] = {"clsact, empty program", CLSACT, false},
	[CLSACT_GUARD] = {"clsact, the guard", CLSACT, true},
};

static struct series sent[N_ARMS][N_FAMILIES];
static int empty, guard;
static bool has_tcx;

static void run(const char *command)
{
	if (system(command) != 0)
		die("failed: %s", command);
}

/* Takes every packet and keeps none, for as long as the process lives. */
static void make_device(const char *name, short kind, int discard)
{
	struct ifreq ifr = {.ifr_flags = (short)(kind | IFF_NO_PI)};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	strcpy(ifr.ifr_name, name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) || ioctl(fd, TUNSETFILTEREBPF, &discard))
		die("no TUN device: %s", strerror(errno));
}

static void make_devices(void)
{
	struct floor_bpf *skel = floor_bpf__open_and_load();
	int discard;

	if (!skel)
		die("the empty programs do not load: %s", strerror(errno));
	discard = bpf_program__fd(skel->progs.discard);
	empty = bpf_program__fd(skel->progs.empty_tc);
	make_device(TUNNEL, IFF_TUN, discard);
	make_device(HOME, IFF_TAP, discard);
	run("ip link set lo up && ip link set " TUNNEL " up && ip link set " HOME " up"
	    " && ip addr add " TUNNEL4 "/32 dev " TUNNEL " && ip -6 addr add " TUNNEL6
	    "/128 dev " TUNNEL " nodad && ip addr add 10.97.0.2/24 dev " HOME
	    " && ip -6 addr add fd97::2/64 dev " HOME " nodad && ip route add default dev " HOME
	    " && ip -6 route add default dev " HOME " && ip neigh add " PEER4
	    " lladdr 02:00:00:00:00:01 dev " HOME " && ip -6 neigh add " PEER6
	    " lladdr 02:00:00:00:00:01 dev " HOME);
}

static struct bpf_tc_hook home(void)
{
	return (struct bpf_tc_hook){.sz = sizeof(struct bpf_tc_hook),
				    .ifindex = (int)if_nametoindex(HOME),
				    .attach_point = BPF_TC_EGRESS};
}

/* The qdisc with what is on it. */
static void take_clsact(void)
{
	struct bpf_tc_hook hook = home();

	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	if (bpf_tc_hook_destroy(&hook))
		die("the clsact stays");
}

/* By the link that is pinned; away from the interface, and the program stays for what comes. */
static bool take_tcx(void)
{
	char path[128];
	__u32 id, n = 1;
	int link;

	if (bpf_prog_query((int)if_nametoindex(HOME), TCX_EGRESS, 0, NULL, &id, &n) || n != 1)
		return false;
	snprintf(path, sizeof(path), "/sys/fs/bpf/wgfence/%s/guard-%u", place_names[PLACE_FENCE],
		 if_nametoindex(HOME));
	guard = bpf_prog_get_fd_by_id(id);
	link = bpf_obj_get(path);
	if (link < 0 || bpf_link_detach(link))
		die("%s: %s", path, strerror(errno));
	close(link);
	return true;
}

static void take_guard(const char *config)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = 1, .priority = 1);
	struct bpf_tc_hook hook = home();
	char command[256];

	snprintf(command, sizeof(command), "\"$WGFENCE\" attach --config %s >/dev/null", config);
	run(command);
	has_tcx = take_tcx();
	if (!has_tcx) {
		if (bpf_tc_query(&hook, &opts))
			die("the fence has no guard on " HOME);
		guard = bpf_prog_get_fd_by_id(opts.prog_id);
		take_clsact();
	}
	if (guard < 0)
		die("the guard's program: %s", strerror(errno));
}

static void put_clsact(int program)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = program);
	struct bpf_tc_hook hook = home();

	if (bpf_tc_hook_create(&hook) || bpf_tc_attach(&hook, &opts))
		die("the program does not attach");
}

/* Warm: to put it on has the kernel change its own code, which every cache forgets then. */
static void sample(enum arm arm, const int sockets[N_FAMILIES])
{
	int program = arms[arm].guard ? guard : empty, link = -1;

	if (arms[arm].means == CLSACT)
		put_clsact(program);
	else if (arms[arm].means == TCX)
		link = bpf_link_create(program, (int)if_nametoindex(HOME), TCX_EGRESS, NULL);
	if (arms[arm].means == TCX && link < 0)
		die("the program does not attach: %s", strerror(errno));
	for (enum family f = 0; f < N_FAMILIES; f++) {
		struct series *s = &sent[arm][f];

		for (int i = 0; i < WARM; i++)
			sender_sample(sockets[f], f, ALLOWED);
		s->at[s->n++] = sender_sample(sockets[f], f, ALLOWED);
	}
	if (arms[arm].means == CLSACT)
		take_clsact();
	if (link >= 0 && bpf_link_detach(link))
		die("the program stays");
	if (link >= 0)
		close(link);
}

static bool is_there(enum arm arm)
{
	return has_tcx || arms[arm].means != TCX;
}

static void print_report(unsigned samples)
{
	printf("\nThe guard: UDP of somebody outside the fence, 64 bytes, by an interface that it "
	       "is on: the\nsender's CPU time, ns a packet; medians of %u samples. Added: to 'no "
	       "guard' (limit: 50 ns).%s\n",
	       samples, has_tcx ? "" : " This kernel has no tcx.");
	for (enum family f = 0; f < N_FAMILIES; f++) {
		printf("\n  %-24s      ns     added                         ratio\n",
		       f == FAMILY_4 ? "IPv4" : "IPv6");
		for (enum arm arm = 0; arm < N_ARMS; arm++)
			if (is_there(arm))
				print_series(arms[arm].name, &sent[arm][f], &sent[BARE][f]);
	}
}

/* Each arm comes first, second and last as often. */
int guard_main(unsigned samples)
{
	int sockets[N_FAMILIES];
	char config[64];

	if (samples < 1 || samples > MAX_SAMPLES)
		die("between 1 and %d samples", MAX_SAMPLES);
	scene_single(false, config, sizeof(config));
	make_devices();
	for (enum family f = 0; f < N_FAMILIES; f++)
		sockets[f] = sender_socket(f);
	take_guard(config);
	for (unsigned i = 0; i < samples; i++)
		for (unsigned k = 0; k < N_ARMS; k++)
			if (is_there((i + k) % N_ARMS))
				sample((i + k) % N_ARMS, sockets);
	print_report(samples);
	return 0;
}
