// SPDX-License-Identifier: GPL-2.0-only
#include "readers.h"

#include <bpf/bpf.h>
#include <unistd.h>

/* A map of maps and an inner map of our own, used for nothing but the wait. */
int readers_wait(struct err *e)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts);
	unsigned int zero = 0;
	int inner, outer = -1, ret = -1;

	inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "wgf_wait_in", 4, 4, 1, NULL);
	if (inner >= 0) {
		opts.inner_map_fd = (unsigned int)inner;
		outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "wgf_wait", 4, 4, 1, &opts);
	}
	if (outer >= 0)
		ret = bpf_map_update_elem(outer, &zero, &inner, BPF_ANY);
	if (ret)
		ret = err_errno(e, "cannot wait for running programs");
	if (outer >= 0)
		close(outer);
	if (inner >= 0)
		close(inner);
	return ret;
}
