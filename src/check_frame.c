// SPDX-License-Identifier: GPL-2.0-only
/* A sample as bytes, and in words. */
#include <stdio.h>
#include <string.h>

#include "../bpf/parse.h"
#include "check_samples.h"

#define ETH_LEN 14
#define TCP_LEN 20
#define UDP_LEN 8

static void put16(u8 *at, unsigned value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

static unsigned put_v6(u8 *h, const struct wgf_facts *f, const union wgf_ip *from,
		       const union wgf_ip *to, unsigned len)
{
	h[0] = 0x60;
	put16(h + 4, len);
	h[6] = (u8)f->proto;
	h[7] = 64;
	memcpy(h + 8, from, 16);
	memcpy(h + 24, to, 16);
	return WGF_V6_LEN;
}

static unsigned put_v4(u8 *h, const struct wgf_facts *f, const union wgf_ip *from,
		       const union wgf_ip *to, unsigned len)
{
	h[0] = 0x45;
	put16(h + 2, WGF_V4_LEN + len);
	put16(h + 6, 0x4000); /* don't fragment */
	h[8] = 64;
	h[9] = (u8)f->proto;
	memcpy(h + 12, from->b + 12, 4);
	memcpy(h + 16, to->b + 12, 4);
	return WGF_V4_LEN;
}

unsigned sample_frame(const struct sample *s, u8 frame[SAMPLE_FRAME])
{
	const struct wgf_facts *f = &s->facts;
	bool in = s->hook == WGF_INGRESS, v6 = f->family == WGF_IPV6;
	const union wgf_ip *from = in ? &f->remote : &f->local, *to = in ? &f->local : &f->remote;
	unsigned len = f->proto == WGF_TCP ? TCP_LEN : UDP_LEN;
	u8 *h = frame + ETH_LEN;

	memset(frame, 0, SAMPLE_FRAME);
	put16(frame + 12, v6 ? WGF_ETH_IPV6 : WGF_ETH_IPV4);
	h += v6 ? put_v6(h, f, from, to, len) : put_v4(h, f, from, to, len);
	put16(h, in ? f->remote_port : f->local_port);
	put16(h + 2, in ? f->local_port : f->remote_port);
	if (f->proto == WGF_TCP) {
		h[12] = 0x50;
		h[13] = s->flags;
	} else {
		put16(h + 4, len);
	}
	return (unsigned)(h - frame) + len;
}

void sample_print(const struct sample *s, const struct inventory *inv, char *ret, size_t size)
{
	const struct wgf_facts *f = &s->facts;
	const struct link *l = inventory_link(inv, f->ifindex);
	char local[IP_TEXT], remote[IP_TEXT];
	unsigned local_port = f->local_port, remote_port = f->remote_port;
	bool in = s->hook == WGF_INGRESS;

	ip_print(&f->local, local);
	ip_print(&f->remote, remote);
	snprintf(ret, size, "%s: %s %s port %u to %s port %u by %s", s->what,
		 f->proto == WGF_TCP ? "tcp" : "udp", in ? remote : local,
		 in ? remote_port : local_port, in ? local : remote, in ? local_port : remote_port,
		 l ? l->name : "an interface that has gone");
}
