// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets that come from somebody else: inherited, passed, taken.
 *
 * Owns: from whom. A socket keeps the cgroup that it was made in, so what a member's own child
 * hands on is a member's; what comes from outside is not, and the promise excludes it.
 */
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outsider.h"

#define FROM_OUTSIDE                                                                               \
	"a process of the same user outside gives it away: a socket keeps the cgroup it was made " \
	"in"
#define ONLY_TRIED "only the taking is tried"

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

static void by_exec(int v)
{
	char command[64];
	int fd = udp(v);
	pid_t pid;

	begin(fd, &world.past[v]);
	snprintf(command, sizeof(command), "printf '%%s' '%s' >&7", mark.text);
	pid = fork();
	if (pid == 0) {
		dup2(fd, 7);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	step("fork", pid);
	waitpid(pid, NULL, 0);
}

static int receive(int from)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte;
	struct iovec iov = {&byte, 1};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	int fd = -1;

	if (!step("recvmsg", recvmsg(from, &msg, 0)))
		return -1;
	if (CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	errno = EBADF;
	step("SCM_RIGHTS", fd);
	return fd;
}

static void from_child(int v)
{
	int pair[2];
	pid_t pid;

	step("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	pid = fork();
	if (pid == 0) {
		hand_over(pair[1], udp(v));
		_exit(0);
	}
	send_to(receive(pair[0]), &world.past[v]);
	waitpid(pid, NULL, 0);
}

static int taken(pid_t pid, int number)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), fd;

	step("pidfd_open", pidfd);
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	step("pidfd_getfd", fd);
	return fd;
}

static void taken_from_child(int v)
{
	int ready[2], fd = -1;
	pid_t pid;
	char byte;

	step("pipe", pipe(ready));
	pid = fork();
	if (pid == 0) {
		fd = udp(v);
		dup2(fd, OUTSIDER_FD);
		step("write", write(ready[1], "x", 1));
		pause();
	}
	step("read", read(ready[0], &byte, 1));
	send_to(taken(pid, OUTSIDER_FD), &world.past[v]);
	kill(pid, SIGKILL);
}

static void taken_from_outsider(int arg)
{
	(void)arg;
	send_to(taken(world.outsider, OUTSIDER_FD), &world.past[0]);
}

static void given_by_outsider(int is_abstract)
{
	send_to(receive(outsider_ask(SOCK_STREAM, is_abstract, "give")), &world.past[0]);
}

static void by_proc(int arg)
{
	char path[64];

	(void)arg;
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", world.outsider, OUTSIDER_FD);
	step("open", open(path, O_RDWR));
}

static void by_memory(int arg)
{
	char path[64];

	(void)arg;
	snprintf(path, sizeof(path), "/proc/%d/mem", world.outsider);
	step("open", open(path, O_RDWR));
}

static void by_ptrace(int arg)
{
	(void)arg;
	step("ptrace", ptrace(PTRACE_SEIZE, world.outsider, NULL, NULL));
}

static void by_vm_write(int arg)
{
	char byte = 0;
	struct iovec local = {&byte, 1}, remote = {(void *)0x1000UL, 1};

	(void)arg;
	/* EFAULT: it was let, and there is nothing at that address. */
	step("process_vm_writev", process_vm_writev(world.outsider, &local, 1, &remote, 1, 0));
}

const struct attempt descriptor_attempts[] = {
	{.name = "a socket is inherited by a program", .run = by_exec},
	{.name = "a socket is passed by a child (SCM_RIGHTS)", .run = from_child},
	{.name = "a socket is passed by a child (SCM_RIGHTS), IPv6", .run = from_child, .arg = 1},
	{.name = "a socket is taken from a child (pidfd_getfd)", .run = taken_from_child},
	{.name = "a socket is taken from a process outside (pidfd_getfd)",
	 .run = taken_from_outsider,
	 .excluded = FROM_OUTSIDE},
	{.name = "a socket is passed by a process outside, by a path",
	 .run = given_by_outsider,
	 .excluded = "before 6.7: " FROM_OUTSIDE},
	{.name = "a socket is passed by a process outside, by an abstract name",
	 .run = given_by_outsider,
	 .arg = 1,
	 .excluded = "before 6.7: " FROM_OUTSIDE,
	 .open = "before 6.7: " FROM_OUTSIDE},
	{.name = "a process outside: /proc/PID/fd",
	 .run = by_proc,
	 .unseen = "a socket cannot be opened there"},
	{.name = "a process outside: /proc/PID/mem", .run = by_memory, .unseen = ONLY_TRIED},
	{.name = "a process outside: ptrace", .run = by_ptrace, .unseen = ONLY_TRIED},
	{.name = "a process outside: process_vm_writev", .run = by_vm_write, .unseen = ONLY_TRIED},
	{.name = NULL},
};
