// SPDX-License-Identifier: GPL-2.0-only
#include "load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "guard.skel.h"

static bool show_log;

static int print_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	return show_log && level != LIBBPF_DEBUG ? vfprintf(stderr, format, args) : 0;
}

void load_show_log(void)
{
	show_log = true;
}

/* What the programs need, in the order of the kernels that brought it. Probed only after a failure.
 */
static const struct need {
	const char *what, *since;
	enum bpf_prog_type type;
	enum bpf_func_id helper; /* BPF_FUNC_unspec: the program type itself */
} needs[] = {
	{"cgroup_skb programs (CONFIG_CGROUP_BPF)", "4.10", BPF_PROG_TYPE_CGROUP_SKB,
	 BPF_FUNC_unspec},
	{"cgroup/sock_create programs", "4.10", BPF_PROG_TYPE_CGROUP_SOCK, BPF_FUNC_unspec},
	{"cgroup/connect and bind programs", "4.17", BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
	 BPF_FUNC_unspec},
	{"cgroup/setsockopt programs", "5.3", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_FUNC_unspec},
	{"bpf_get_netns_cookie in sock_create", "5.7", BPF_PROG_TYPE_CGROUP_SOCK,
	 BPF_FUNC_get_netns_cookie},
	{"BPF ring buffer", "5.8", BPF_PROG_TYPE_CGROUP_SKB, BPF_FUNC_ringbuf_reserve},
	{"socket storage in sock_create", "5.8", BPF_PROG_TYPE_CGROUP_SOCK,
	 BPF_FUNC_sk_storage_get},
};

static const struct need *missing_need(void)
{
	for (unsigned i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct need *n = &needs[i];
		int have = n->helper ? libbpf_probe_bpf_helper(n->type, n->helper, NULL)
				     : libbpf_probe_bpf_prog_type(n->type, NULL);

		if (have == 0)
			return n;
	}
	return NULL;
}

static int explain_failure(int error, struct err *e)
{
	const struct need *n = error == EPERM ? NULL : missing_need();

	if (n)
		return err_set(
			e, EXIT_UNSUPPORTED,
			"this kernel has no %s; Linux %s or newer has (5.10 is the oldest tried)",
			n->what, n->since);
	errno = error;
	return err_errno(e, "cannot load the programs%s",
			 show_log ? "" : " (--log shows what the verifier said)");
}

/* Every object has them under these names; global data is the object's own, and has libbpf's. */
struct bpf_map *load_map(const struct bpf_object *obj, enum map_id id)
{
	static const char *const names[N_MAPS] = {
		[MAP_IMAGE] = ".bss",  [MAP_COUNTERS] = "counters", [MAP_EVENTS] = "events",
		[MAP_FLOWS] = "flows", [MAP_WHO] = "who",	    [MAP_NAMES] = "unix_names",
	};

	return bpf_object__find_map_by_name(obj, names[id]);
}

int load_reuse(const struct bpf_object *obj, const int maps[N_MAPS])
{
	for (enum map_id id = 0; id < N_MAPS; id++)
		if (maps[id] >= 0 && bpf_map__reuse_fd(load_map(obj, id), maps[id]))
			return -1;
	return 0;
}

struct fence_bpf *load_programs(const int maps[N_MAPS], struct err *e)
{
	struct fence_bpf *skel;
	int error = 0;

	libbpf_set_print(print_libbpf);
	skel = fence_bpf__open();
	if (!skel)
		error = errno;
	if (!error && load_reuse(skel->obj, maps))
		error = errno;
	if (!error && fence_bpf__load(skel))
		error = errno;
	if (!error)
		return skel;
	explain_failure(error, e);
	fence_bpf__destroy(skel);
	return NULL;
}

int load_guard(const int maps[N_MAPS], struct err *e)
{
	struct guard_bpf *guard = guard_bpf__open();
	int fd = -1;

	if (guard && load_reuse(guard->obj, maps) == 0 && guard_bpf__load(guard) == 0)
		fd = fcntl(bpf_program__fd(guard->progs.wgf_guard_skb), F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		err_errno(e, "the guard of the interfaces cannot be loaded%s",
			  show_log ? "" : " (--log shows what the verifier said)");
	guard_bpf__destroy(guard);
	return fd;
}
