/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger's records: events, and flows that were dropped.
 *
 * Owns: their layout in the ring buffer and in the table of flows. A record is of something that
 * was dropped or refused, or in audit mode would have been. Must never be needed for a verdict, nor
 * be the only place where something is counted (counters.h is exact; records are limited).
 */
#ifndef WGF_EVENT_H
#define WGF_EVENT_H

#include "facts.h"

#define WGF_COMM 16

/* What bounds the records, whatever a service does. */
#define WGF_MAX_FLOWS	 1024
#define WGF_RING_BYTES	 (256 * 1024)	  /* over two thousand events */
#define WGF_FLOW_NSEC	 1000000000LL	  /* between two events of one flow */
#define WGF_LIMIT_NSEC	 (1000000000 / 4) /* in this time ... */
#define WGF_LIMIT_EVENTS 250		  /* ... as many events of all flows */

/* Who made the socket, or connected it last; all zeroes: made before the fence. */
struct wgf_who {
	u32 pid; /* the process: its thread group */
	u32 uid;
	char comm[WGF_COMM]; /* of the thread that called */
};

struct wgf_event {
	u64 time; /* nanoseconds since boot, suspension included (CLOCK_BOOTTIME) */
	union wgf_ip local, remote;
	struct wgf_who who;
	u64 count;   /* records of this flow so far, this one included */
	u32 ifindex; /* packets: the interface; calls: 0 */
	u32 length;  /* packets: bytes; calls: 0 */
	u32 proto;   /* IPPROTO_*; 0 where not known */
	u16 local_port, remote_port;
	u8 reason; /* enum wgf_reason */
	u8 hook;   /* enum wgf_hook */
	u8 family; /* enum wgf_family */
	u8 mode;   /* enum wgf_mode: WGF_AUDIT where it passed all the same */
	u32 pad;
};

/* Records that have all of this in common are one flow. */
struct wgf_flow_key {
	union wgf_ip remote;
	u32 pid;
	u32 proto;
	u16 port; /* of the packet's destination: the remote one, at ingress the member's own */
	u8 reason;
	u8 hook;
	u8 family;
	u8 mode;
	u16 pad;
};

struct wgf_flow {
	u64 count;
	u64 first, last; /* as wgf_event.time */
	u64 sent;	 /* when an event of it was sent last; 0: never */
	struct wgf_who who;
};

_Static_assert(sizeof(struct wgf_event) == 96, "no hidden padding");
_Static_assert(sizeof(struct wgf_flow_key) == 32, "no hidden padding");
_Static_assert(sizeof(struct wgf_flow) == 56, "no hidden padding");

#endif
