/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which errno can occur at which system call.
 *
 * Owns: the table, and the calls that are left out because they cannot fail, or because an error
 * would mean something else than a fault: close(2) closes whatever it says. ENOENT is nowhere: it
 * is an answer. A call that is not named here is refused as a seccomp filter would refuse it.
 */
#ifndef WGF_TEST_FAULTS_H
#define WGF_TEST_FAULTS_H

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>

#define MAX_FAULTS 5

struct call {
	long nr;
	const char *name;
	int faults[MAX_FAULTS]; /* the first 0 ends them; none: left out */
};

/* clang-format off */
#define CALL(call, ...) {SYS_##call, #call, {__VA_ARGS__}}

static const struct call calls[] = {
	CALL(bpf, ENOMEM, EPERM, EAGAIN, ENOSPC, EMFILE),
	CALL(openat, EMFILE, ENOMEM, EACCES, ENFILE, EINTR),
	CALL(read, EIO, EINTR, EAGAIN, ENOMEM),
	CALL(pread64, EIO, EINTR, ENOMEM),
	CALL(write, EAGAIN, ENOSPC, EPIPE, EINTR, EIO),
	CALL(writev, EAGAIN, ENOSPC, EPIPE, EINTR, EIO),
	CALL(lseek, ENOMEM, EPERM),
	CALL(newfstatat, ENOMEM, EACCES),
	CALL(fstat, ENOMEM, EACCES),
	CALL(statx, ENOMEM, EACCES),
	CALL(statfs, ENOMEM, EACCES, EINTR),
	CALL(fstatfs, ENOMEM, EINTR),
	CALL(faccessat, ENOMEM, EACCES),
	CALL(faccessat2, ENOMEM, EACCES, EPERM),
	CALL(getdents64, ENOMEM, EIO),
	CALL(readlinkat, ENOMEM, EACCES),
	CALL(mkdirat, ENOSPC, ENOMEM, EPERM),
	CALL(unlinkat, ENOMEM, EPERM, EROFS),
	CALL(renameat, ENOSPC, ENOMEM, EPERM),
	CALL(renameat2, ENOSPC, ENOMEM, EPERM),
	CALL(fchmod, EPERM, EROFS),
	CALL(fchmodat, EPERM, EROFS),
	CALL(fchown, EPERM, EROFS),
	CALL(ftruncate, ENOSPC, EINTR, EPERM),
	CALL(fallocate, ENOSPC, EINTR, EPERM),
	CALL(fsync, EIO, ENOSPC),
	CALL(fdatasync, EIO, ENOSPC),
	CALL(flock, EWOULDBLOCK, EINTR, ENOLCK),
	CALL(fcntl, EMFILE, EAGAIN, ENOMEM),
	CALL(dup, EMFILE),
	CALL(dup3, EMFILE, EINTR),
	CALL(ioctl, ENOMEM, EPERM, EINTR),
	CALL(open_by_handle_at, EPERM, ENOMEM, EMFILE),
	CALL(name_to_handle_at, EPERM, ENOMEM),
	CALL(mmap, ENOMEM, EPERM, EAGAIN),
	CALL(mremap, ENOMEM, EAGAIN),
	CALL(mprotect, ENOMEM, EACCES),
	CALL(socket, EMFILE, ENOMEM, ENOBUFS, EPERM),
	CALL(bind, ENOMEM, EPERM, EADDRINUSE),
	CALL(listen, EADDRINUSE, ENOMEM),
	CALL(connect, EAGAIN, EPERM, ENOBUFS, EINTR),
	CALL(accept4, EMFILE, ENOMEM, EINTR, EAGAIN),
	CALL(getsockname, ENOBUFS, ENOMEM),
	CALL(setsockopt, ENOMEM, EPERM, ENOPROTOOPT),
	CALL(getsockopt, ENOMEM, EPERM, ENOPROTOOPT),
	CALL(sendto, ENOBUFS, EAGAIN, EINTR, ENOMEM),
	CALL(sendmsg, ENOBUFS, EAGAIN, EINTR, ENOMEM),
	CALL(recvfrom, ENOBUFS, EINTR, EAGAIN, ENOMEM),
	CALL(recvmsg, ENOBUFS, EINTR, EAGAIN, ENOMEM),
	CALL(epoll_create1, EMFILE, ENOMEM),
	CALL(epoll_ctl, ENOMEM, ENOSPC),
	CALL(epoll_pwait, EINTR),
	CALL(ppoll, EINTR, ENOMEM),
	CALL(signalfd4, EMFILE, ENOMEM),
	CALL(timerfd_create, EMFILE, ENOMEM),
	CALL(timerfd_settime, ENOMEM),
	CALL(eventfd2, EMFILE, ENOMEM),
	CALL(inotify_init1, EMFILE, ENOMEM),
	CALL(inotify_add_watch, ENOSPC, ENOMEM),
	CALL(memfd_create, EMFILE, ENOMEM),
	CALL(pipe2, EMFILE, ENFILE),
	CALL(clone, EAGAIN, ENOMEM),
	CALL(clone3, EAGAIN, ENOMEM),
	CALL(prctl, EPERM),
	CALL(capset, EPERM),
	CALL(setns, ENOMEM, EPERM),
	CALL(unshare, ENOMEM, EPERM),
	CALL(clock_nanosleep, EINTR),
#ifdef SYS_mkdir /* arm64 has only the newer ones */
	CALL(open, EMFILE, ENOMEM, EACCES, ENFILE, EINTR),
	CALL(stat, ENOMEM, EACCES),
	CALL(lstat, ENOMEM, EACCES),
	CALL(access, ENOMEM, EACCES),
	CALL(readlink, ENOMEM, EACCES),
	CALL(mkdir, ENOSPC, ENOMEM, EPERM),
	CALL(rmdir, ENOMEM, EPERM, EBUSY),
	CALL(unlink, ENOMEM, EPERM, EROFS),
	CALL(rename, ENOSPC, ENOMEM, EPERM),
	CALL(dup2, EMFILE, EINTR),
	CALL(epoll_wait, EINTR),
	CALL(poll, EINTR, ENOMEM),
#endif
	CALL(close), CALL(exit), CALL(exit_group), CALL(execve), CALL(rt_sigreturn),
	CALL(brk), CALL(munmap), CALL(madvise), CALL(rt_sigprocmask), CALL(rt_sigaction),
	CALL(futex), CALL(sched_yield), CALL(uname), CALL(getrandom), CALL(restart_syscall),
	CALL(getpid), CALL(gettid), CALL(getppid), CALL(getuid), CALL(geteuid), CALL(getgid),
	CALL(getegid), CALL(clock_gettime), CALL(set_robust_list), CALL(rseq),
	CALL(sched_getaffinity), CALL(prlimit64), CALL(umask), CALL(set_tid_address),
};

static const char *const bpf_commands[] = {
	[BPF_MAP_CREATE] = "map_create", [BPF_MAP_LOOKUP_ELEM] = "map_lookup",
	[BPF_MAP_UPDATE_ELEM] = "map_update", [BPF_MAP_DELETE_ELEM] = "map_delete",
	[BPF_PROG_LOAD] = "prog_load", [BPF_OBJ_PIN] = "obj_pin", [BPF_OBJ_GET] = "obj_get",
	[BPF_PROG_ATTACH] = "prog_attach", [BPF_PROG_DETACH] = "prog_detach",
	[BPF_PROG_GET_FD_BY_ID] = "prog_by_id", [BPF_MAP_GET_FD_BY_ID] = "map_by_id",
	[BPF_OBJ_GET_INFO_BY_FD] = "obj_info", [BPF_PROG_QUERY] = "prog_query",
	[BPF_BTF_LOAD] = "btf_load", [BPF_MAP_FREEZE] = "map_freeze",
	[BPF_LINK_CREATE] = "link_create", [BPF_LINK_UPDATE] = "link_update",
	[BPF_LINK_DETACH] = "link_detach", [BPF_PROG_BIND_MAP] = "prog_bind_map",
};
/* clang-format on */

static const struct call refused = {-1, NULL, {EPERM, ENOMEM}};

static inline const struct call *call_find(long nr)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].nr == nr)
			return &calls[i];
	return &refused;
}

static inline int call_n_faults(const struct call *c)
{
	int n = 0;

	while (n < MAX_FAULTS && c->faults[n])
		n++;
	return n;
}

/* The fault that `which` names, or whose number, counted round, it is; 0: no errno's name. */
static inline int call_fault(const struct call *c, const char *which)
{
	if (which[0] >= '0' && which[0] <= '9')
		return c->faults[strtoul(which, NULL, 10) % (unsigned long)call_n_faults(c)];
	for (int i = 1; i < 134; i++)
		if (strerrorname_np(i) && strcmp(strerrorname_np(i), which) == 0)
			return i;
	return 0;
}

#endif
