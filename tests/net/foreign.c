// SPDX-License-Identifier: GPL-2.0-only
/*
 * foreign: a program of somebody else's in the kernel, until the input ends; says "ready" when it
 * is there.
 *
 *   foreign unmark CGROUP     its sockets are made without a mark
 *   foreign refuse CGROUP     they cannot be bound to an address of IPv4
 *   foreign sk_lookup         chooses a socket for what comes into this network namespace: none
 *   foreign sk_msg            for maps of sockets; loaded only
 */
#include "net.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#define ANSWER(value) ((struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = (value)})
#define EXIT	      ((struct bpf_insn){.code = BPF_JMP | BPF_EXIT})

static const struct foreign {
	const char *name;
	enum bpf_prog_type type;
	enum bpf_attach_type at;
	struct bpf_insn code[4];
} all[] = {
	{"unmark",
	 BPF_PROG_TYPE_CGROUP_SOCK,
	 BPF_CGROUP_INET_SOCK_CREATE,
	 {ANSWER(0),
	  {.code = BPF_STX | BPF_MEM | BPF_W, .dst_reg = 1, .off = offsetof(struct bpf_sock, mark)},
	  ANSWER(1),
	  EXIT}},
	{"refuse", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, {ANSWER(0), EXIT}},
	{"sk_lookup", BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, {ANSWER(1), EXIT}},
	{"sk_msg", BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT, {ANSWER(1), EXIT}},
};

static size_t length(const struct foreign *f)
{
	return f->code[2].code ? 4 : 2;
}

int main(int argc, char **argv)
{
	const struct foreign *f = all;
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	int prog, target;
	char end;

	while (argc > 1 && strcmp(f->name, argv[1]) != 0)
		if (++f == all + sizeof(all) / sizeof(*all))
			argc = 1;
	if (argc < 2)
		misuse("unmark CGROUP | refuse CGROUP | sk_lookup | sk_msg");
	opts.expected_attach_type = f->at;
	prog = bpf_prog_load(f->type, f->name, "GPL", f->code, length(f), &opts);
	if (prog < 0)
		die(f->name);
	if (f->type != BPF_PROG_TYPE_SK_MSG) {
		target = open(argc > 2 ? argv[2] : "/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		if (target < 0 || bpf_link_create(prog, target, f->at, NULL) < 0)
			die(f->name);
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
	return 0;
}
