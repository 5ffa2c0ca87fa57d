// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf(2): the fence's own programs, links, maps and pins, and programs of the attacker's.
 *
 * Owns: the calls. What root can break here, it breaks: the suite puts the fence back.
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

static long call(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static char pin[256];

static const char *pinned(const char *name)
{
	snprintf(pin, sizeof(pin), "%s/%s", world.pins, name);
	return pin;
}

static int got(const char *name)
{
	union bpf_attr attr = {.pathname = (unsigned long)pinned(name)};
	int fd = (int)call(BPF_OBJ_GET, &attr);

	step("BPF_OBJ_GET", fd);
	return fd;
}

static void detached(int arg)
{
	union bpf_attr attr = {0};

	(void)arg;
	attr.link_detach.link_fd = (unsigned)got("egress");
	step("BPF_LINK_DETACH", call(BPF_LINK_DETACH, &attr));
	send_to(udp(0), &world.past[0]);
}

static void unpinned(int arg)
{
	(void)arg;
	step("unlink", unlink(pinned("egress")));
	usleep(100000);
	send_to(udp(0), &world.past[0]);
}

/* Whoever may load programs may have one that lets all pass; beside ours it changes nothing. */
static int open_program(void)
{
	struct bpf_insn let[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1},
				 {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_CGROUP_SKB, .insn_cnt = 2};

	attr.insns = (unsigned long)let;
	attr.license = (unsigned long)"GPL";
	attr.expected_attach_type = BPF_CGROUP_INET_EGRESS;
	return (int)call(BPF_PROG_LOAD, &attr);
}

static int cgroup_fd(void)
{
	int fd = open(world.cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	step("open", fd);
	return fd;
}

static void attached(int flags)
{
	union bpf_attr attr = {.attach_type = BPF_CGROUP_INET_EGRESS};
	int program = open_program();

	step("BPF_PROG_LOAD", program);
	attr.attach_bpf_fd = (unsigned)program;
	attr.target_fd = (unsigned)cgroup_fd();
	attr.attach_flags = (unsigned)flags;
	step("BPF_PROG_ATTACH", call(BPF_PROG_ATTACH, &attr));
	send_to(udp(0), &world.past[0]);
}

/* Without a program's descriptor, as a legacy attachment is taken away by anybody. */
static void detached_legacy(int arg)
{
	union bpf_attr attr = {.attach_type = BPF_CGROUP_INET_EGRESS};

	(void)arg;
	attr.target_fd = (unsigned)cgroup_fd();
	if (step("BPF_PROG_DETACH", call(BPF_PROG_DETACH, &attr)))
		send_to(udp(0), &world.past[0]);
}

/* By numbers, without pins. */
static void by_id(int command)
{
	union bpf_attr attr = {0};

	step("BPF_GET_NEXT_ID", call(command == BPF_LINK_GET_FD_BY_ID  ? BPF_LINK_GET_NEXT_ID
				     : command == BPF_MAP_GET_FD_BY_ID ? BPF_MAP_GET_NEXT_ID
								       : BPF_PROG_GET_NEXT_ID,
				     &attr));
	attr.start_id = attr.next_id;
	step("BPF_GET_FD_BY_ID", call(command, &attr));
}

static void queried(int arg)
{
	union bpf_attr attr = {0};

	(void)arg;
	attr.query.target_fd = (unsigned)cgroup_fd();
	attr.query.attach_type = BPF_CGROUP_INET_EGRESS;
	step("BPF_PROG_QUERY", call(BPF_PROG_QUERY, &attr));
}

static void loaded(int type)
{
	struct bpf_insn nothing[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0},
				     {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr attr = {.prog_type = (unsigned)type, .insn_cnt = 2};

	attr.insns = (unsigned long)nothing;
	attr.license = (unsigned long)"GPL";
	step("BPF_PROG_LOAD", call(BPF_PROG_LOAD, &attr));
}

static void map_made(int arg)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_SOCKMAP, .key_size = 4, .value_size = 4, .max_entries = 1};

	(void)arg;
	step("BPF_MAP_CREATE", call(BPF_MAP_CREATE, &attr));
}

#define TRIED "only the call is tried"

const struct attempt program_attempts[] = {
	{.name = "a program of the attacker's: socket filter",
	 .run = loaded,
	 .arg = BPF_PROG_TYPE_SOCKET_FILTER,
	 .unseen = TRIED},
	{.name = "a program of the attacker's: tc",
	 .run = loaded,
	 .arg = BPF_PROG_TYPE_SCHED_CLS,
	 .unseen = TRIED},
	{.name = "a program of the attacker's: tracing",
	 .run = loaded,
	 .arg = BPF_PROG_TYPE_KPROBE,
	 .unseen = TRIED},
	{.name = "a map of sockets", .run = map_made, .unseen = TRIED},
	{.name = "an open program beside the fence's", .run = attached, .arg = BPF_F_ALLOW_MULTI},
	{.name = "an open program instead of the fence's", .run = attached},
	{.name = "a detachment without a descriptor",
	 .run = detached_legacy,
	 .unseen = "there is none to take away outside"},
	{.name = "programs by their number",
	 .run = by_id,
	 .arg = BPF_PROG_GET_FD_BY_ID,
	 .unseen = TRIED},
	{.name = "maps by their number",
	 .run = by_id,
	 .arg = BPF_MAP_GET_FD_BY_ID,
	 .unseen = TRIED},
	{.name = "links by their number",
	 .run = by_id,
	 .arg = BPF_LINK_GET_FD_BY_ID,
	 .unseen = TRIED},
	{.name = "which programs are in effect", .run = queried, .unseen = TRIED},
	{.name = "the fence's link is detached", .run = detached},
	{.name = "the fence's pin is removed", .run = unpinned},
	{.name = NULL},
};
