/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps: the policy image and the counters.
 *
 * Owns: what the programs share with user space. The image is global data instead of a map of maps:
 * no look-up on the packet path, and a publication is a store instead of a wait for readers.
 */
#ifndef WGF_MAPS_H
#define WGF_MAPS_H

#include "counters.h"
#include "policy.h"

struct wgf_image image; /* zero: closed */

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct wgf_counters);
} counters SEC(".maps");

/* The policy in force. A verdict reads it once: what is decided is decided by one policy. */
static __always_inline const struct wgf_policy *policy_in_force(void)
{
	u32 slot = *(volatile const u32 *)&image.active;

	return &image.slots[slot & (WGF_SLOTS - 1)];
}

/*
 * Atomic although per CPU: a softirq, or with a preemptible kernel another task, can run the
 * program between the load and the store of a plain increment.
 */
static __always_inline void count(u32 mode, u32 hook, u32 family, u32 reason, u32 bytes)
{
	u32 zero = 0;
	struct wgf_counters *all = bpf_map_lookup_elem(&counters, &zero);
	struct wgf_count *c;

	if (!all || family >= WGF_N_FAMILIES || reason >= WGF_MAX_REASONS)
		return;
	c = &all->of[mode & 1][hook][family][reason];
	__sync_fetch_and_add(&c->packets, 1);
	if (bytes)
		__sync_fetch_and_add(&c->bytes, bytes);
}

static __always_inline void count_fate(u32 fate)
{
	u32 zero = 0;
	struct wgf_counters *all = bpf_map_lookup_elem(&counters, &zero);

	if (all)
		__sync_fetch_and_add(&all->records[fate & 7], 1);
}

/* An ordinary packet through the tunnel: the cell is constant but for the CPU. */
static __always_inline void count_fast(u32 hook, u32 family, u32 bytes)
{
	struct wgf_row *row = &image.rows[bpf_get_smp_processor_id() & (WGF_ROWS - 1)];
	struct wgf_count *c = &row->of[hook == WGF_INGRESS][family == WGF_IPV6];

	__sync_fetch_and_add(&c->packets, 1);
	__sync_fetch_and_add(&c->bytes, bytes);
}

#endif
