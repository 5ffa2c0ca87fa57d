/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger: who tried what, at a bounded rate.
 *
 * Owns: the table of flows, the ring of events, the note of who made a socket, and the limits on
 * all of it. Must never decide, nor be the only place where a drop is counted: whatever is full,
 * limited or not there, the counters stay exact, and what was not sent is counted as such.
 */
#ifndef WGF_LEDGER_H
#define WGF_LEDGER_H

#include "event.h"
#include "maps.h"

/*
 * Of the socket; an accepted one has its listener's (BPF_F_CLONE). Noted by calls, where the
 * current task is the one that asks: while a packet is judged it is whoever happened to run.
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct wgf_who);
} who SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, WGF_MAX_FLOWS);
	__type(key, struct wgf_flow_key);
	__type(value, struct wgf_flow);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, WGF_RING_BYTES);
} events SEC(".maps");

static __always_inline void note_who(struct bpf_sock *sk)
{
	struct wgf_who *w = bpf_sk_storage_get(&who, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (!w)
		return;
	w->pid = (u32)(bpf_get_current_pid_tgid() >> 32);
	w->uid = (u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(w->comm, sizeof(w->comm));
}

/*
 * May another event be sent? 5.10 has no atomic whose result can be used: CPUs that ask at once may
 * send a few more, which only the ring's size has to bear.
 */
static __always_inline int within_limit(u64 now, u64 tick)
{
	struct wgf_limit *limit = &image.limit;

	if (now - limit->begin >= WGF_LIMIT_NSEC) {
		limit->begin = now;
		limit->sent = 0;
	}
	limit->tick = tick;
	if (limit->sent >= WGF_LIMIT_EVENTS)
		return 0;
	__sync_fetch_and_add(&limit->sent, 1);
	return 1;
}

/* In this tick of the kernel's clock the limit was found used up. */
static __always_inline int beyond_limit(u64 tick)
{
	return image.limit.tick == tick && image.limit.sent >= WGF_LIMIT_EVENTS;
}

static __always_inline u32 send(const struct wgf_facts *f, const struct wgf_flow_key *key,
				const struct wgf_who *w, u64 now, u64 so_far, u32 bytes)
{
	struct wgf_event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return WGF_RING_FULL;
	e->time = now;
	e->local = f->local;
	e->remote = f->remote;
	e->who = *w;
	e->count = so_far;
	e->ifindex = f->ifindex;
	e->length = bytes;
	e->proto = f->proto;
	e->local_port = f->local_port;
	e->remote_port = f->remote_port;
	e->reason = key->reason;
	e->hook = key->hook;
	e->family = key->family;
	e->mode = key->mode;
	e->pad = 0;
	bpf_ringbuf_submit(e, 0);
	return WGF_SENT;
}

/*
 * A flow tells of itself once a second, and a new one only within the limit on all: a flood to ever
 * new destinations is one look-up a packet, and leaves the table of those that were there alone.
 *
 * The time is asked once a tick of the kernel's clock, which costs nothing to read: in a flood that
 * is some hundred packets for one, which have nothing to tell but their number.
 */
static __always_inline u32 note_flow(const struct wgf_facts *f, const struct wgf_flow_key *key,
				     const struct wgf_who *w, u32 bytes)
{
	struct wgf_flow *flow = bpf_map_lookup_elem(&flows, key);
	u64 now, tick = bpf_jiffies64(), so_far = 1;

	if (flow) {
		__sync_fetch_and_add(&flow->count, 1);
		if (flow->tick == tick)
			return WGF_FLOW_LIMITED;
		now = bpf_ktime_get_boot_ns();
		flow->tick = tick;
		flow->last = now;
		if ((long long)(now - flow->sent) < WGF_FLOW_NSEC)
			return WGF_FLOW_LIMITED;
	} else {
		if (beyond_limit(tick))
			return WGF_RATE_LIMITED;
		now = bpf_ktime_get_boot_ns();
	}
	if (!within_limit(now, tick))
		return WGF_RATE_LIMITED;
	if (flow) {
		flow->sent = now;
		so_far = flow->count;
	} else {
		struct wgf_flow new = {.count = 1,
				       .first = now,
				       .last = now,
				       .sent = now,
				       .tick = tick,
				       .who = *w};

		bpf_map_update_elem(&flows, key, &new, BPF_NOEXIST);
	}
	return send(f, key, w, now, so_far, bytes);
}

/* `sk`: NULL where nobody is known. */
static __always_inline void record(const struct wgf_facts *f, struct bpf_sock *sk, u32 hook,
				   u32 reason, u32 mode, u32 bytes)
{
	struct wgf_who nobody = {};
	struct wgf_who *w = sk ? bpf_sk_storage_get(&who, sk, 0, 0) : 0;
	struct wgf_flow_key key = {
		.remote = f->remote,
		.proto = f->proto,
		.port = hook == WGF_INGRESS || hook == WGF_BIND ? f->local_port : f->remote_port,
		.reason = (u8)reason,
		.hook = (u8)hook,
		.family = f->family,
		.mode = (u8)mode,
	};

	if (!w)
		w = &nobody;
	key.pid = w->pid;
	count_fate(note_flow(f, &key, w, bytes));
}

#endif
