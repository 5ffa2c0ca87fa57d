// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told of an event, whatever the form.
 *
 * Owns: which fields a hook knows, an interface that is gone, and the way from the kernel's clock
 * to the wall's.
 */
#include <string.h>

#include "event_print.h"
#include "ip.h"
#include "reasons.h"
#include "words.h"

#define NSEC 1000000000ULL

bool event_tell(const struct wgf_event *event, const char *fence, const char *ifname,
		struct timespec time, struct told *ret)
{
	if (event->hook >= WGF_N_HOOKS || event->family >= WGF_N_FAMILIES ||
	    event->reason >= WGF_N_REASONS || event->mode > WGF_AUDIT)
		return false;
	*ret = (struct told){.event = *event, .time = time};
	snprintf(ret->fence, sizeof(ret->fence), "%s", fence);
	if (event->ifindex && ifname && *ifname)
		snprintf(ret->ifname, sizeof(ret->ifname), "%s", ifname);
	else if (event->ifindex)
		snprintf(ret->ifname, sizeof(ret->ifname), "#%u", event->ifindex);
	return true;
}

/* Never in the future, and never before the wall clock's beginning, whatever the record says. */
struct timespec event_realtime(u64 boottime, struct timespec boot_now, struct timespec real_now)
{
	u64 boot = (u64)boot_now.tv_sec * NSEC + (u64)boot_now.tv_nsec;
	u64 real = (u64)real_now.tv_sec * NSEC + (u64)real_now.tv_nsec;
	u64 age = boot > boottime ? boot - boottime : 0;
	u64 then = real > age ? real - age : 0;

	return (struct timespec){(time_t)(then / NSEC), (long)(then % NSEC)};
}

struct timespec event_realtime_now(u64 boottime)
{
	struct timespec boot, real;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &real);
	return event_realtime(boottime, boot, real);
}

static bool is_zero(const union wgf_ip *ip)
{
	return ip->q[0] == 0 && ip->q[1] == 0;
}

/* A packet has both addresses or could not be read; `::` may be one of them. */
static bool knows_packet(const struct wgf_event *e)
{
	return e->family != WGF_FAMILY_UNKNOWN && !(is_zero(&e->local) && is_zero(&e->remote));
}

bool event_knows_local(const struct wgf_event *e)
{
	if (e->hook == WGF_BIND)
		return e->family != WGF_FAMILY_UNKNOWN;
	return hook_is_packet(e->hook) && knows_packet(e);
}

bool event_knows_remote(const struct wgf_event *e)
{
	if (e->hook == WGF_CONNECT)
		return e->family != WGF_FAMILY_UNKNOWN;
	return hook_is_packet(e->hook) && knows_packet(e);
}

bool event_knows_who(const struct wgf_event *e)
{
	static const struct wgf_who nobody;

	return memcmp(&e->who, &nobody, sizeof(nobody)) != 0;
}

/* Longer than any name has no program of ours written. */
size_t event_name_length(const struct wgf_event *e)
{
	return e->hook == WGF_UNIX && e->remote_port <= WGF_NAME_BYTES ? e->remote_port : 0;
}

const char *event_name(const struct wgf_event *e, char out[NAME_TEXT])
{
	size_t len = event_name_length(e), n = len < WGF_NAME_TAIL ? len : WGF_NAME_TAIL;
	char tail[WGF_NAME_TAIL];

	memcpy(tail, &e->local, sizeof(e->local));
	memcpy(tail + sizeof(e->local), &e->remote, sizeof(e->remote));
	return name_print(tail + sizeof(tail) - n, n, len, out);
}

/* Into the place that the programs give it: its end, behind zeroes. */
bool event_set_name(struct wgf_event *e, const char *text, size_t len)
{
	size_t n = len < WGF_NAME_TAIL ? len : WGF_NAME_TAIL;
	char tail[WGF_NAME_TAIL] = {0};

	if (e->hook != WGF_UNIX || !name_parse_tail(text, n, len, tail + sizeof(tail) - n))
		return false;
	memcpy(&e->local, tail, sizeof(e->local));
	memcpy(&e->remote, tail + sizeof(e->local), sizeof(e->remote));
	e->remote_port = (u16)len;
	return true;
}

const char *event_protocol(u32 proto)
{
	switch (proto) {
	case 1:
		return "icmp";
	case WGF_TCP:
		return "tcp";
	case WGF_UDP:
		return "udp";
	case 58:
		return "icmpv6";
	default:
		return NULL;
	}
}
