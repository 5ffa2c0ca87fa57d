// SPDX-License-Identifier: GPL-2.0-only
/*
 * failat: a program one of whose system calls fails, once, without being done.
 *
 *   failat list REPORT COMMAND...            lists its calls
 *   failat fail N ERRNO REPORT COMMAND...    its Nth call fails; ERRNO is a name, or a number: that
 *                                            one, counted round, of those that this call can fail
 * with failat ... REPORT -p PID                 the same for one that runs; says "ready"
 *
 * The command keeps this process, so that its id and its end are the caller's to see. It is traced
 * by another, which lets go of it after the fault: the rest goes on at full speed. Calls are
 * counted from the opening of the last file that COMMAND names, its configuration, so the loader's
 * are none; and up to the line "fence ... stands" (that included), as far as COMMAND is concerned.
 * Threads are followed.
 *
 * REPORT has a line a call: its number, its name, how many faults it can meet; or of the fault: the
 * call's number, its name, the errno, its text. "end" where the line was met instead.
 *
 * Owns: tracing. Which calls count is in faults.h.
 */
#include "net.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"

#define LINE "fence "

static struct {
	FILE *report;
	const char *begin; /* the file whose opening begins it; NULL: it has begun */
	unsigned long n, wanted;
	const char *fault;
	pid_t failing; /* the thread in the call that is to fail */
	int error;
} f;

/* Does `text` stand there, with its final zero if `whole`? */
static bool memory_is(pid_t tid, unsigned long at, const char *text, bool whole)
{
	char buffer[256];
	size_t len = strlen(text) + whole;
	struct iovec to = {buffer, len}, from = {(void *)at, len};

	return len <= sizeof(buffer) &&
	       process_vm_readv(tid, &to, 1, &from, 1, 0) == (ssize_t)len &&
	       memcmp(buffer, text, len) == 0;
}

#if defined(__x86_64__)
static void skip_call(pid_t tid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &regs))
		die("PTRACE_GETREGS");
	regs.orig_rax = (unsigned long)-1;
	if (ptrace(PTRACE_SETREGS, tid, NULL, &regs))
		die("PTRACE_SETREGS");
}

static void set_result(pid_t tid, long result)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &regs))
		die("PTRACE_GETREGS");
	regs.rax = (unsigned long)result;
	if (ptrace(PTRACE_SETREGS, tid, NULL, &regs))
		die("PTRACE_SETREGS");
}
#elif defined(__aarch64__)
static void skip_call(pid_t tid)
{
	int none = -1;
	struct iovec iov = {&none, sizeof(none)};

	if (ptrace(PTRACE_SETREGSET, tid, (void *)NT_ARM_SYSTEM_CALL, &iov))
		die("NT_ARM_SYSTEM_CALL");
}

static void set_result(pid_t tid, long result)
{
	struct user_regs_struct regs;
	struct iovec iov = {&regs, sizeof(regs)};

	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &iov))
		die("PTRACE_GETREGSET");
	regs.regs[0] = (unsigned long)result;
	if (ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &iov))
		die("PTRACE_SETREGSET");
}
#endif

static const char *name_of(const struct call *call, const struct __ptrace_syscall_info *info)
{
	static char name[64];
	unsigned long command = info->entry.args[0];
	const size_t known = sizeof(bpf_commands) / sizeof(bpf_commands[0]);

	if (!call->name)
		snprintf(name, sizeof(name), "number-%ld", (long)info->entry.nr);
	else if (call->nr != SYS_bpf)
		snprintf(name, sizeof(name), "%s", call->name);
	else if (command < known && bpf_commands[command])
		snprintf(name, sizeof(name), "bpf-%s", bpf_commands[command]);
	else
		snprintf(name, sizeof(name), "bpf-%lu", command);
	return name;
}

/* Goes: who traced ends, and all threads are let go. */
static void __attribute__((noreturn)) let_go(void)
{
	fclose(f.report);
	exit(0);
}

/* Before a call: counts it, and makes it fail if it is the one. */
static void enter(pid_t tid, const struct __ptrace_syscall_info *info)
{
	const struct call *call = call_find((long)info->entry.nr);

	if (f.begin && info->entry.nr == SYS_openat &&
	    memory_is(tid, info->entry.args[1], f.begin, true))
		f.begin = NULL;
	if (f.begin || f.failing || !call_n_faults(call))
		return;
	f.n++;
	if (!f.wanted) {
		fprintf(f.report, "%lu %s %d\n", f.n, name_of(call, info), call_n_faults(call));
		fflush(f.report);
	} else if (f.n == f.wanted) {
		f.error = call_fault(call, f.fault);
		f.failing = tid;
		fprintf(f.report, "%lu %s %s %s\n", f.n, name_of(call, info),
			strerrorname_np(f.error), strerror(f.error));
		fflush(f.report);
		skip_call(tid);
		return;
	}
	if (info->entry.nr == SYS_write && memory_is(tid, info->entry.args[1], LINE, false)) {
		fprintf(f.report, "end\n");
		let_go();
	}
}

static void stopped_at_call(pid_t tid)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, (void *)sizeof(info), &info) < 0)
		return; /* killed meanwhile */
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		enter(tid, &info);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && tid == f.failing) {
		set_result(tid, -f.error);
		ptrace(PTRACE_DETACH, tid, NULL, NULL);
		let_go();
	}
}

/* A signal of its own is handed on; the traps of tracing are not. */
static int signal_of(int status)
{
	int signal = WSTOPSIG(status);

	return status >> 16 || signal == SIGTRAP || signal == (SIGTRAP | 0x80) ? 0 : signal;
}

static void __attribute__((noreturn)) trace(void)
{
	int status;
	pid_t tid;

	while ((tid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status))
			continue;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			stopped_at_call(tid);
		ptrace(PTRACE_SYSCALL, tid, NULL, (void *)(long)signal_of(status));
	}
	let_go();
}

static void seize(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE) ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) || waitpid(pid, &status, __WALL) < 0 ||
	    ptrace(PTRACE_SYSCALL, pid, NULL, NULL))
		die("ptrace");
}

/* This process becomes the command; the one that traces is nobody's child, and holds none of its
 * pipes. */
static void become(char **command)
{
	int go[2], nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t self = getpid(), child;
	char byte;

	if (pipe2(go, O_CLOEXEC) || nothing < 0 || (child = fork()) < 0)
		die("fork");
	if (child == 0) {
		if (fork() != 0)
			_exit(0);
		dup2(nothing, 0);
		dup2(nothing, 1);
		seize(self);
		close(go[0]);
		close(go[1]);
		trace();
	}
	close(go[1]);
	waitpid(child, NULL, 0);
	if (read(go[0], &byte, 1) == 0)
		execvp(command[0], command);
	die(command[0]);
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && strcmp(argv[1], "list") == 0;
	char **rest = argv + (list ? 2 : 4);

	if (argc < (list ? 4 : 6) || (!list && strcmp(argv[1], "fail") != 0))
		misuse("list|fail N ERRNO  REPORT  COMMAND...|-p PID");
	if (!list) {
		f.wanted = strtoul(argv[2], NULL, 10);
		f.fault = argv[3];
		if (!f.wanted || !call_fault(&calls[0], f.fault))
			misuse("fail N ERRNO: N from 1; the name of an errno, or a number");
	}
	f.report = fopen(rest[0], "we");
	if (!f.report)
		die(rest[0]);
	if (strcmp(rest[1], "-p") != 0) {
		f.begin = argv[argc - 1];
		become(rest + 1);
	}
	seize((pid_t)atoi(argv[argc - 1]));
	printf("ready\n");
	fflush(stdout);
	trace();
}
