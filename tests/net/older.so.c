// SPDX-License-Identifier: GPL-2.0-only
/*
 * LD_PRELOAD=older.so COMMAND...: a libbpf that says of tcx what a kernel before 6.6 says.
 *
 * So what is done there is tried on any kernel; tests/vm has real ones.
 */
#include <bpf/bpf.h>
#include <dlfcn.h>
#include <errno.h>

#define TCX_EGRESS 47

int bpf_prog_query(int target, enum bpf_attach_type type, __u32 query_flags, __u32 *attach_flags,
		   __u32 *ids, __u32 *n)
{
	__typeof__(bpf_prog_query) *real = dlsym(RTLD_NEXT, "bpf_prog_query");

	errno = EINVAL;
	return type == TCX_EGRESS ? -EINVAL : real(target, type, query_flags, attach_flags, ids, n);
}

int bpf_link_create(int prog, int target, enum bpf_attach_type type,
		    const struct bpf_link_create_opts *opts)
{
	__typeof__(bpf_link_create) *real = dlsym(RTLD_NEXT, "bpf_link_create");

	errno = EINVAL;
	return type == TCX_EGRESS ? -EINVAL : real(prog, target, type, opts);
}
