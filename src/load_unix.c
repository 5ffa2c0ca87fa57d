// SPDX-License-Identifier: GPL-2.0-only
#include "load_unix.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "links.h"
#include "load.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

/* `return 1;` */
static const struct bpf_insn pass[] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
	{.code = BPF_JMP | BPF_EXIT},
};

static int try_hook(enum bpf_attach_type type)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = type);

	return bpf_prog_load(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, "wgf_pass", "GPL", pass,
			     sizeof(pass) / sizeof(pass[0]), &opts);
}

/*
 * EINVAL is what a kernel says to a hook that it does not know. It is asked twice, for one failure
 * must not leave the hold out, and the same program for an old hook tells it from a kernel that
 * refuses all. The programs find the kernel's own struct by its BTF, which a kernel with the hooks
 * may have been built without.
 */
static int ask_kernel(struct err *e)
{
	int fd = try_hook(WGF_UNIX_CONNECT), old;

	if (fd < 0 && errno == EINVAL)
		fd = try_hook(WGF_UNIX_CONNECT);
	if (fd >= 0) {
		close(fd);
		if (access(KERNEL_BTF, F_OK) == 0)
			return 1;
		return errno == ENOENT ? 0 : err_errno(e, KERNEL_BTF);
	}
	if (errno == EINVAL) {
		old = try_hook(BPF_CGROUP_INET4_CONNECT);
		if (old >= 0) {
			close(old);
			return 0;
		}
	}
	return err_errno(e, "cannot ask the kernel for its hooks for unix sockets");
}

int unix_hooks(struct err *e)
{
	static int known = -1;

	if (known < 0)
		known = ask_kernel(e);
	return known;
}

void unix_hooks_missing(char *ret, size_t size)
{
	struct utsname u;

	uname(&u);
	snprintf(ret, size,
		 "this kernel (%s) cannot hold back unix sockets (Linux 6.7 with BTF can): only "
		 "the unit's mounts keep helpers away",
		 u.release);
}

/* Libbpf 1.1 knows no sections for these hooks. */
static int set_type(struct bpf_program *prog, enum bpf_attach_type type)
{
	return bpf_program__set_type(prog, BPF_PROG_TYPE_CGROUP_SOCK_ADDR) ||
	       bpf_program__set_expected_attach_type(prog, type);
}

/* On no map of its own: what they decide by is the fence's, and so is what they count. */
static int load_onto(struct unix_bpf *skel, const int maps[N_MAPS])
{
	if (set_type(skel->progs.wgf_connect_un, WGF_UNIX_CONNECT) ||
	    set_type(skel->progs.wgf_sendmsg_un, WGF_UNIX_SENDMSG))
		return -1;
	for (enum map_id id = 0; id < N_MAPS; id++)
		if (maps[id] < 0) {
			errno = ENOENT;
			return -1;
		}
	return load_reuse(skel->obj, maps) ? -1 : unix_bpf__load(skel);
}

struct unix_bpf *load_unix(const char *fence, struct err *e)
{
	struct unix_bpf *skel;
	int maps[N_MAPS];

	if (maps_open(fence, maps, e))
		return NULL;
	skel = unix_bpf__open();
	if (!skel || load_onto(skel, maps)) {
		err_errno(e, "cannot load the programs for unix sockets; unix = off does without");
		unix_bpf__destroy(skel);
		skel = NULL;
	}
	maps_close(maps);
	return skel;
}
