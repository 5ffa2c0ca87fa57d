/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events for the tests of the ledger's readers.
 *
 * Owns: a packet that was dropped, a call that was refused, and random events of every kind.
 */
#ifndef WGF_TEST_EVENTS_H
#define WGF_TEST_EVENTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_print.h"
#include "ip.h"
#include "reasons.h"

/* 2026-11-26T01:02:03.123456789Z */
static const struct timespec event_time = {1795654923, 123456789};

static inline union wgf_ip ip_of(const char *text)
{
	union wgf_ip ip = {.q = {0, 0}};

	assert_true(ip_parse(text, &ip));
	return ip;
}

static inline struct wgf_event a_packet(void)
{
	return (struct wgf_event){
		.local = ip_of("192.168.1.5"),
		.remote = ip_of("203.0.113.7"),
		.who = {.pid = 123, .uid = 1000, .comm = "qbittorrent-nox"},
		.count = 1,
		.ifindex = 2,
		.length = 92,
		.proto = WGF_UDP,
		.local_port = 6881,
		.remote_port = 6881,
		.reason = WGF_PAST_TUNNEL_IPV4,
		.hook = WGF_EGRESS,
		.family = WGF_IPV4,
	};
}

/* As bpf/fence.bpf.c knows it: the addresses and ports of this hook alone. */
static inline struct wgf_event a_call(enum wgf_hook hook, enum wgf_reason reason)
{
	struct wgf_event e = {.who = {.pid = 7, .comm = "curl"},
			      .count = 1,
			      .proto = WGF_TCP,
			      .reason = reason,
			      .hook = hook,
			      .family = WGF_IPV4};

	if (hook == WGF_BIND) {
		e.local = ip_of("192.168.1.5");
		e.local_port = 6881;
	} else if (hook == WGF_CONNECT) {
		e.remote = ip_of("127.0.0.1");
		e.remote_port = 80;
	}
	return e;
}

/* Of a unix socket of this name: its end, behind zeroes, and its length. */
static inline struct wgf_event a_unix(const char *name, size_t len)
{
	struct wgf_event e = a_call(WGF_UNIX, WGF_UNIX_SOCKET);
	char tail[32] = {0};
	size_t n = len < sizeof(tail) ? len : sizeof(tail);

	memcpy(tail + sizeof(tail) - n, name + len - n, n);
	memcpy(&e.local, tail, 16);
	memcpy(&e.remote, tail + 16, 16);
	e.remote_port = (u16)len;
	e.family = WGF_FAMILY_UNKNOWN;
	e.proto = 0;
	return e;
}

static inline struct told tell(const struct wgf_event *e, const char *ifname)
{
	struct told t;

	assert_true(event_tell(e, "q", ifname, event_time, &t));
	return t;
}

/* To be freed. */
static inline char *text_of(const struct told *t, bool colour)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	event_text(f, t, colour);
	fclose(f);
	return text;
}

#endif
