// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold: a program on a disk that hangs: its fsync(2) takes for ever.
 *
 *   hold FILE COMMAND...
 *
 * While FILE is there, each fsync of COMMAND waits as long as the process lives, and FILE.held says
 * that one does. The command keeps this process; another one answers the kernel for each call
 * (seccomp(2), user notification, Linux 5.5), and ends with it.
 *
 * Owns: that, and no more: other calls go on.
 */
#include "net.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int listen_to_fsync(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &program);
}

/* One that is not answered waits until its process is killed, as for a disk on a network. */
static void answer(int listener, const char *file, const char *held)
{
	struct seccomp_notif call = {0};
	struct seccomp_notif_resp go_on = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call))
		return;
	if (access(file, F_OK) == 0) {
		close(creat(held, 0600));
		return;
	}
	go_on.id = call.id;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &go_on);
}

static void __attribute__((noreturn)) answer_all(int listener, const char *file)
{
	struct pollfd pfd = {.fd = listener, .events = POLLIN};
	char held[256];

	snprintf(held, sizeof(held), "%s.held", file);
	while (poll(&pfd, 1, -1) == 1 && !(pfd.revents & POLLHUP))
		answer(listener, file, held);
	_exit(0);
}

/* The child shares the table of descriptors until our exec, so the listener is its own, too. */
int main(int argc, char **argv)
{
	int ready[2], listener;
	pid_t child;

	if (argc < 3)
		misuse("FILE COMMAND...");
	if (pipe(ready))
		die("pipe");
	child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
	if (child < 0)
		die("clone");
	if (child == 0) {
		if (read(ready[0], &listener, sizeof(listener)) != sizeof(listener))
			_exit(1);
		answer_all(listener, argv[1]);
	}
	listener = listen_to_fsync();
	if (listener < 0)
		die("seccomp");
	if (write(ready[1], &listener, sizeof(listener)) != sizeof(listener))
		die("write");
	fcntl(ready[0], F_SETFD, FD_CLOEXEC);
	fcntl(ready[1], F_SETFD, FD_CLOEXEC);
	execv(argv[2], argv + 2);
	die(argv[2]);
	return 1;
}
