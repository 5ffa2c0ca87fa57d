// SPDX-License-Identifier: GPL-2.0-only
#include "scene.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy.h"

#include "floor.skel.h"
#include "silent.skel.h"

#define N_RULES 64

const char *const place_names[N_PLACES] = {"none", "control", "empty", "fence", "rules", "silent"};

static struct floor_bpf *floor_skel;
static struct silent_bpf *silent_skel;
static char cgroup2[256];
static char config_dir[] = "/tmp/wgf-bench.XXXXXX";

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "bench: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(EXIT_FAILURE);
}

static void __attribute__((format(printf, 1, 2))) shell(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (system(command) != 0)
		die("failed: %s", command);
}

static void make_tunnel(void)
{
	struct ifreq ifr = {.ifr_name = TUNNEL, .ifr_flags = IFF_TUN | IFF_NO_PI};
	int discard = bpf_program__fd(floor_skel->progs.discard);
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) || ioctl(fd, TUNSETFILTEREBPF, &discard))
		die("no TUN device: %s", strerror(errno));
	shell("ip link set lo up && ip link set " TUNNEL " up"
	      " && ip addr add " TUNNEL4 "/32 dev " TUNNEL " && ip route add default dev " TUNNEL
	      " && ip -6 addr add " TUNNEL6 "/128 dev " TUNNEL
	      " nodad && ip -6 route add default dev " TUNNEL);
}

static void find_cgroup2(void)
{
	FILE *mounts = fopen("/proc/self/mounts", "re");
	char type[64] = "";

	while (mounts && fscanf(mounts, "%*s %255s %63s %*[^\n]", cgroup2, type) == 2)
		if (strcmp(type, "cgroup2") == 0)
			break;
	if (!mounts || strcmp(type, "cgroup2") != 0)
		die("no cgroup2 is mounted");
	fclose(mounts);
}

static const char *cgroup_path(enum place place)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/%s", cgroup2, place_names[place]);
	return path;
}

static const char *config_path(enum place place)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s.conf", config_dir, place_names[place]);
	return path;
}

static void write_config(enum place place, bool carried, unsigned rules)
{
	FILE *f = fopen(config_path(place), "we");

	if (!f)
		die("%s: %s", config_path(place), strerror(errno));
	fprintf(f, "[fence]\ncgroup = /%s\ntunnel = " TUNNEL "\nroute = %s\n", place_names[place],
		carried ? "on" : "off");
	if (rules)
		fprintf(f, "[rules]\n");
	for (unsigned i = 0; i < rules; i++)
		fprintf(f, "allow = connect udp 198.51.100.%u %u\n", i, 1000 + i);
	if (fclose(f))
		die("%s: %s", config_path(place), strerror(errno));
}

static void remove_configs(void)
{
	unlink(config_path(PLACE_FENCE));
	unlink(config_path(PLACE_RULES));
	rmdir(config_dir);
}

void scene_make(void)
{
	if (unshare(CLONE_NEWNET))
		die("no network namespace: %s", strerror(errno));
	floor_skel = floor_bpf__open_and_load();
	if (!floor_skel)
		die("the empty programs do not load: %s", strerror(errno));
	make_tunnel();
	find_cgroup2();
	for (enum place place = 0; place < N_PLACES; place++)
		if (mkdir(cgroup_path(place), 0755))
			die("%s: %s", cgroup_path(place), strerror(errno));
	if (!mkdtemp(config_dir) || atexit(remove_configs))
		die("%s: %s", config_dir, strerror(errno));
	write_config(PLACE_FENCE, false, 0);
	write_config(PLACE_RULES, false, N_RULES);
}

/* For what measures one fence alone, with devices of its own. */
void scene_single(bool carried, char *ret_config, size_t size)
{
	if (unshare(CLONE_NEWNET))
		die("no network namespace: %s", strerror(errno));
	find_cgroup2();
	if (mkdir(cgroup_path(PLACE_FENCE), 0755))
		die("%s: %s", cgroup_path(PLACE_FENCE), strerror(errno));
	if (!mkdtemp(config_dir) || atexit(remove_configs))
		die("%s: %s", config_dir, strerror(errno));
	write_config(PLACE_FENCE, carried, 0);
	snprintf(ret_config, size, "%s", config_path(PLACE_FENCE));
}

void scene_enter(enum place place)
{
	char path[320];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup_path(place));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		die("%s: %s", path, strerror(errno));
	close(fd);
}

/* What the fence attaches, and the empty programs two of. */
static const enum bpf_attach_type hooks[] = {
	BPF_CGROUP_INET_EGRESS,	  BPF_CGROUP_INET_INGRESS,     BPF_CGROUP_SETSOCKOPT,
	BPF_CGROUP_INET4_BIND,	  BPF_CGROUP_INET6_BIND,       BPF_CGROUP_INET4_CONNECT,
	BPF_CGROUP_INET6_CONNECT, BPF_CGROUP_INET_SOCK_CREATE,
};

#define N_HOOKS (sizeof(hooks) / sizeof(hooks[0]))

static struct {
	int cgroup, program[N_HOOKS], link[N_HOOKS];
} attached[N_PLACES];

/* The programs that `wgfence attach` put there, kept although it is detached again. */
static void take_programs(enum place place)
{
	shell("\"$WGFENCE\" attach --config %s >/dev/null", config_path(place));
	for (unsigned i = 0; i < N_HOOKS; i++) {
		__u32 id = 0, n = 1;
		int fd = -1;

		if (!bpf_prog_query(attached[place].cgroup, hooks[i], 0, NULL, &id, &n) && n == 1)
			fd = bpf_prog_get_fd_by_id(id);
		if (fd < 0)
			die("the fence has no program for hook %d", hooks[i]);
		attached[place].program[i] = fd;
	}
	shell("\"$WGFENCE\" detach --force --config %s >/dev/null", config_path(place));
}

/* The fence's own policy, judged by programs that keep no ledger. */
static void load_silent(void)
{
	const struct wgf_image *of_fence;
	struct bpf_map_info info = {0};
	__u32 ids[8], len = sizeof(info);
	struct bpf_prog_info prog = {.nr_map_ids = 8, .map_ids = (unsigned long)ids};
	__u32 prog_len = sizeof(prog);
	int fd = -1;

	if (bpf_obj_get_info_by_fd(attached[PLACE_FENCE].program[0], &prog, &prog_len))
		die("the fence's maps: %s", strerror(errno));
	for (unsigned i = 0; i < prog.nr_map_ids && info.value_size != sizeof(*of_fence); i++) {
		if (fd >= 0)
			close(fd);
		fd = bpf_map_get_fd_by_id(ids[i]);
		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
			die("the fence's maps: %s", strerror(errno));
	}
	of_fence = mmap(NULL, sizeof(*of_fence), PROT_READ, MAP_SHARED, fd, 0);
	silent_skel = silent_bpf__open_and_load();
	if (of_fence == MAP_FAILED || !silent_skel)
		die("the silent programs do not load: %s", strerror(errno));
	silent_skel->bss->image = *of_fence;
	munmap((void *)(unsigned long)of_fence, sizeof(*of_fence));
	close(fd);
	attached[PLACE_SILENT].program[0] = bpf_program__fd(silent_skel->progs.wgf_egress_skb);
	attached[PLACE_SILENT].program[1] = bpf_program__fd(silent_skel->progs.wgf_ingress_skb);
}

static void open_cgroup(enum place place)
{
	attached[place].cgroup = open(cgroup_path(place), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (attached[place].cgroup < 0)
		die("%s: %s", cgroup_path(place), strerror(errno));
}

void scene_load(void)
{
	for (enum place place = PLACE_EMPTY; place < N_PLACES; place++)
		open_cgroup(place);
	attached[PLACE_EMPTY].program[0] = bpf_program__fd(floor_skel->progs.empty_egress);
	attached[PLACE_EMPTY].program[1] = bpf_program__fd(floor_skel->progs.empty_ingress);
	take_programs(PLACE_FENCE);
	take_programs(PLACE_RULES);
	load_silent();
}

void scene_unload(void)
{
	for (enum place place = PLACE_EMPTY; place < N_PLACES; place++) {
		close(attached[place].cgroup);
		if (place == PLACE_FENCE || place == PLACE_RULES)
			for (unsigned i = 0; i < N_HOOKS; i++)
				close(attached[place].program[i]);
	}
	silent_bpf__destroy(silent_skel);
}

void scene_attach(void)
{
	for (enum place place = PLACE_EMPTY; place < N_PLACES; place++)
		for (unsigned i = 0; i < N_HOOKS; i++) {
			int program = attached[place].program[i];

			if (!program)
				continue;
			attached[place].link[i] =
				bpf_link_create(program, attached[place].cgroup, hooks[i], NULL);
			if (attached[place].link[i] < 0)
				die("hook %d does not attach: %s", hooks[i], strerror(errno));
		}
}

/* Waited for: a link detaches some time after its last descriptor is closed, unless told to. */
void scene_detach(void)
{
	for (enum place place = PLACE_EMPTY; place < N_PLACES; place++)
		for (unsigned i = 0; i < N_HOOKS; i++) {
			if (!attached[place].program[i])
				continue;
			if (bpf_link_detach(attached[place].link[i]))
				die("hook %d does not detach: %s", hooks[i], strerror(errno));
			close(attached[place].link[i]);
		}
}

int scene_egress(enum place place)
{
	return attached[place].program[0];
}
