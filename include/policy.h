/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy: what the user asked for, compiled against the interfaces that exist now.
 *
 * Owns: the layout of the policy and of the pinned image that holds it; both sides include it.
 * Plain data without pointers. All zeroes is the closed policy: it admits nothing. Entries behind
 * the count of an array are zero (the programs look at some of them), and there is no source where
 * no tunnel can be used.
 * Must never hold anything that a packet's verdict does not need, names for people and the numbers
 * of routes excepted.
 *
 * Addresses are 16 bytes in network byte order; IPv4 is v4-mapped (::ffff:a.b.c.d), and a mask for
 * IPv4 starts with 96 one bits, so that one comparison serves both families. Ports, indices and
 * counts are in host byte order.
 */
#ifndef WGF_POLICY_H
#define WGF_POLICY_H

#include "types.h"

/* Changes with every change of a struct in this file, of the counters, or of a reason's code. */
#define WGF_LAYOUT 4
#define WGF_MAGIC  0x77676665 /* "wgfe": an image of ours at all */

#define WGF_MAX_TUNNELS	   4
#define WGF_MAX_SOURCES	   16
#define WGF_MAX_NETWORKS   64
#define WGF_MAX_RULES	   64
#define WGF_MAX_BROADCASTS 32
#define WGF_SLOTS	   32 /* a power of two: the programs mask the index with it */
#define WGF_ROWS	   64 /* likewise */
#define WGF_IFNAME	   16

union wgf_ip {
	u8 b[16];
	u16 h[8];
	u32 w[4];
	u64 q[2];
};

enum wgf_mode { WGF_ENFORCE = 0, WGF_AUDIT = 1 };
enum wgf_rule_kind { WGF_NO_RULE = 0, WGF_CONNECT_RULE = 1, WGF_SERVE_RULE = 2 };

/* An address that a member may use as source, and the tunnel that it belongs to. */
struct wgf_source {
	union wgf_ip addr;
	u32 ifindex;
	u32 shared; /* another interface has it, too: routing and the guard leave it alone */
};

/* A network that the WebUI answers, on the interface that it lives on. */
struct wgf_network {
	union wgf_ip addr; /* host bits are zero */
	union wgf_ip mask;
	u32 ifindex;
	u32 pad;
};

/* An exception that the configuration names; the address is always the remote one. */
struct wgf_rule {
	union wgf_ip addr; /* host bits are zero */
	union wgf_ip mask;
	u32 ifindex; /* where ifmask is set: the only interface that it holds for */
	u32 ifmask;  /* 0: every interface but a tunnel; all ones: ifindex alone */
	u16 port;    /* connect: the remote port; serve: the member's own */
	u8 proto;
	u8 kind;
	u32 line; /* of the configuration file, for people */
};

/*
 * What the fast ways ask (bpf/fast.h): of each family the first address of a tunnel, and for
 * the guard a bit for each of the others. Says nothing that the rest of the policy does not say;
 * policy_set_fast() derives it.
 */
struct wgf_fast {
	u32 tunnel4, tunnel6; /* whose address it is; all ones: no address of that family */
	u32 webui;	      /* the WebUI's port in network byte order; all ones: no WebUI */
	u32 source4;	      /* network byte order */
	union wgf_ip source6;
	u64 others; /* bits of the addresses that the guard drops besides (wgf_guard_bit()) */
};

/* First what a packet through the tunnel asks, together in a cache line. */
struct wgf_policy {
	u32 layout; /* WGF_LAYOUT, or the slot is empty and admits nothing */
	u8 mode;
	u8 webui; /* 0: there is no WebUI, whatever webui_port says */
	u16 webui_port;
	struct wgf_fast fast;
	u32 tunnels[WGF_MAX_TUNNELS]; /* interface index, usable or not; 0: not there */
	u32 n_tunnels;		      /* how many can be used: up, with an address */
	u32 n_sources;
	struct wgf_source sources[WGF_MAX_SOURCES];
	u32 lo; /* index of the loopback interface */
	u32 n_networks;
	u32 n_rules;
	u32 n_broadcasts;
	u64 netns; /* cookie of the only network namespace in which members may make sockets */
	u32 mark, mark_mask; /* of members' sockets, for routing; a mask of 0: none */
	u32 table, priority; /* of the rules and routes for it; no verdict needs them */
	u64 generation;	     /* grows with every publication */
	u32 broadcasts[WGF_MAX_BROADCASTS]; /* of the host's IPv4 networks, network byte order */
	struct wgf_network networks[WGF_MAX_NETWORKS];
	struct wgf_rule rules[WGF_MAX_RULES];
	char names[WGF_MAX_TUNNELS][WGF_IFNAME]; /* of tunnels[], for people, there or not */
	u64 cgroup; /* id of the fence's, which the guard asks for; 0: no guard */
};

struct wgf_count {
	u64 packets;
	u64 bytes;
};

/*
 * What passed the fast way, [egress, ingress][IPv4, IPv6]: a cache line. CPUs whose numbers have
 * the same low bits share one; the additions are atomic.
 */
struct wgf_row {
	struct wgf_count of[2][2];
};

/* How many events were sent since when (include/event.h); a cache line that only drops write. */
struct wgf_limit {
	u64 begin;
	u64 sent;
	u64 tick; /* the kernel's, when it was asked last */
	u64 pad[5];
};

/*
 * What the programs read, pinned. A publication writes a slot that no reader can be in, then stores
 * `active`: one aligned word, so a packet sees the whole old policy or the whole new one, and a
 * publisher killed at any instruction leaves one of the two.
 */
struct wgf_image {
	u32 magic; /* as far as `netns` in every layout at the same place */
	u32 layout;
	u32 active; /* index of the slot in force */
	u32 unused;
	u64 netns; /* of the policy in force; 0 before the first */
	u64 pad[5];
	struct wgf_limit limit;
	struct wgf_row rows[WGF_ROWS];
	struct wgf_policy slots[WGF_SLOTS];
};

_Static_assert(sizeof(union wgf_ip) == 16, "addresses are 16 bytes");
_Static_assert(sizeof(struct wgf_source) == 24, "no hidden padding");
_Static_assert(sizeof(struct wgf_network) == 40, "no hidden padding");
_Static_assert(sizeof(struct wgf_rule) == 48, "no hidden padding");
_Static_assert((WGF_SLOTS & (WGF_SLOTS - 1)) == 0, "the index is masked");
_Static_assert((WGF_ROWS & (WGF_ROWS - 1)) == 0, "the index is masked");
_Static_assert(sizeof(struct wgf_row) == 64, "a cache line");
_Static_assert(sizeof(struct wgf_policy) % 64 == 0, "slots begin with a cache line");
_Static_assert(__builtin_offsetof(struct wgf_policy, tunnels) <= 64,
	       "what is fast is in the first");

#endif
