// SPDX-License-Identifier: GPL-2.0-only
/*
 * chain: the programs that an interface runs by tcx, at egress.
 *
 *   chain show INTERFACE              their names in order; exits with 3 on a kernel without tcx
 *   chain hold INTERFACE first|last   adds one of an administrator's there, which drops UDP to port
 *                                     6666 behind an Ethernet header; says "ready", until it is
 * ended
 *
 * For `tc` knows no tcx, and bpftool only since 6.6.
 */
#include "net.h"

#include <bpf/bpf.h>
#include <unistd.h>

#define TCX_EGRESS ((enum bpf_attach_type)47)
#define TCX_FIRST  0x8U /* BPF_F_BEFORE */
#define TCX_NEXT   (-1)
#define TCX_DROP   2
#define MAX_CHAIN  64

#define LOAD(size, at) ((struct bpf_insn){.code = BPF_LD | BPF_ABS | (size), .imm = (at)})
#define UNLESS(value, skip) \
	((struct bpf_insn){.code = BPF_JMP | BPF_JNE | BPF_K, .off = (skip), .imm = (value)})
#define ANSWER(value) ((struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = (value)})
#define EXIT	      ((struct bpf_insn){.code = BPF_JMP | BPF_EXIT})

static int show(const char *interface)
{
	__u32 ids[MAX_CHAIN], n = MAX_CHAIN, flags;

	if (bpf_prog_query((int)if_nametoindex(interface), TCX_EGRESS, 0, &flags, ids, &n)) {
		if (errno == ENOENT)
			return 0;
		return errno == EINVAL ? 3 : 1;
	}
	for (__u32 i = 0; i < n; i++) {
		struct bpf_prog_info info = {0};
		__u32 len = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(ids[i]);

		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
			die("a program");
		printf("%s\n", info.name);
		close(fd);
	}
	return 0;
}

static int hold(const char *interface, bool first)
{
	const struct bpf_insn drop_6666[] = {
		/* Loads of packets want the context there. */
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 6, .src_reg = 1},
		LOAD(BPF_H, 12),
		UNLESS(0x0800, 6),
		LOAD(BPF_B, 23),
		UNLESS(IPPROTO_UDP, 4),
		LOAD(BPF_H, 36),
		UNLESS(6666, 2),
		ANSWER(TCX_DROP),
		EXIT,
		ANSWER(TCX_NEXT),
		EXIT,
	};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = first ? TCX_FIRST : 0);
	int prog = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "drop_6666", "GPL", drop_6666,
				 sizeof(drop_6666) / sizeof(drop_6666[0]), NULL);
	char end;

	if (prog < 0 ||
	    bpf_link_create(prog, (int)if_nametoindex(interface), TCX_EGRESS, &opts) < 0)
		die(interface);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "show") == 0)
		return show(argv[2]);
	if (argc == 4 && strcmp(argv[1], "hold") == 0)
		return hold(argv[2], strcmp(argv[3], "first") == 0);
	misuse("show INTERFACE | hold INTERFACE first|last");
}
