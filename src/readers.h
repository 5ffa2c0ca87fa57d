/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for readers: until every program that was running has ended.
 *
 * Owns: the one kernel behaviour relied on for it. Replacing an element of a map of maps returns
 * only after synchronize_rcu() (maybe_wait_bpf_programs() in kernel/bpf/syscall.c, since 5.0, made
 * for this purpose), and cgroup programs run inside an RCU read section. membarrier(2) would do on
 * most kernels, but not on those with nohz_full.
 */
#ifndef WGF_READERS_H
#define WGF_READERS_H

#include "err.h"

int readers_wait(struct err *e);

#endif
