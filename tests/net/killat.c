// SPDX-License-Identifier: GPL-2.0-only
/*
 * killat: a program that dies at a moment that can be chosen, and repeated.
 *
 *   killat change N COMMAND...   kills it before the Nth call that changes what outlives it: pins,
 *                                links, elements of maps, directories
 *   killat message N COMMAND...  kills it before its Nth message to the kernel (rtnetlink)
 *   killat call N COMMAND...     kills it before its Nth system call
 *
 * Exits with 137 where it was killed, else as the command did. Dying before a call is dying after
 * the one before, so N = 1, 2, 3 ... until it is not killed any more meets every state.
 *
 * Owns: which calls count. Follows one thread; wgfence has no more.
 */
#include "net.h"

#include <linux/bpf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLED (128 + SIGKILL)

static bool changes(const struct __ptrace_syscall_info *call)
{
	switch (call->entry.nr) {
	case SYS_bpf:
		return call->entry.args[0] == BPF_OBJ_PIN ||
		       call->entry.args[0] == BPF_LINK_CREATE ||
		       call->entry.args[0] == BPF_LINK_UPDATE ||
		       call->entry.args[0] == BPF_MAP_UPDATE_ELEM;
#ifdef SYS_mkdir /* arm64 has only the newer ones */
	case SYS_mkdir:
	case SYS_rmdir:
	case SYS_unlink:
	case SYS_rename:
#endif
	case SYS_mkdirat:
	case SYS_unlinkat:
	case SYS_renameat:
	case SYS_renameat2:
		return true;
	default:
		return false;
	}
}

static bool is_message(const struct __ptrace_syscall_info *call)
{
	return call->entry.nr == SYS_sendto || call->entry.nr == SYS_sendmsg;
}

static bool is_call(const struct __ptrace_syscall_info *call)
{
	(void)call;
	return true;
}

static const struct {
	const char *name;
	bool (*counts)(const struct __ptrace_syscall_info *call);
} kinds[] = {{"change", changes}, {"message", is_message}, {"call", is_call}};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void become(char **command)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) {
		raise(SIGSTOP);
		execvp(command[0], command);
	}
	die(command[0]);
}

/* Is it at the beginning of a call that counts? */
static bool at_call(pid_t pid, int status, size_t kind)
{
	struct __ptrace_syscall_info info;

	if (!WIFSTOPPED(status) || WSTOPSIG(status) != (SIGTRAP | 0x80))
		return false;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) < 0)
		die("PTRACE_GET_SYSCALL_INFO");
	return info.op == PTRACE_SYSCALL_INFO_ENTRY && kinds[kind].counts(&info);
}

/* A signal of its own is handed on; the traps of tracing are not. */
static int signal_of(int status)
{
	int signal = WSTOPSIG(status);

	return signal == SIGTRAP || signal == (SIGTRAP | 0x80) || signal == SIGSTOP ? 0 : signal;
}

int main(int argc, char **argv)
{
	long left = argc > 3 ? atol(argv[2]) : 0;
	size_t kind = 0;
	int status;
	pid_t pid;

	while (left >= 1 && kind < N_KINDS && strcmp(argv[1], kinds[kind].name) != 0)
		kind++;
	if (left < 1 || kind == N_KINDS)
		misuse("change|message|call N COMMAND...");
	pid = fork();
	if (pid == 0)
		become(argv + 3);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
		die("ptrace");
	while (!WIFEXITED(status) && !WIFSIGNALED(status)) {
		if (at_call(pid, status, kind) && --left == 0)
			kill(pid, SIGKILL);
		else if (ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal_of(status)))
			die("ptrace");
		if (waitpid(pid, &status, 0) < 0)
			die("waitpid");
	}
	return WIFSIGNALED(status) ? KILLED : WEXITSTATUS(status);
}
