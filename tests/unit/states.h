/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * States for the tests of `top` and of its answer.
 *
 * Owns: a fence that stands, with a number of attempts, noise and a flow.
 */
#ifndef WGF_TEST_STATES_H
#define WGF_TEST_STATES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ip.h"
#include "state.h"

#define SECOND 1000000000ULL

static inline struct wgf_count *count_at(struct state *s, enum wgf_hook hook,
					 enum wgf_reason reason)
{
	return &s->counters.of[WGF_ENFORCE][hook][WGF_IPV4][reason];
}

static inline struct flow a_flow(const char *remote, u64 count, enum wgf_reason reason)
{
	struct flow f = {.key = {.pid = 123,
				 .proto = WGF_UDP,
				 .port = 6881,
				 .reason = (u8)reason,
				 .hook = WGF_EGRESS,
				 .family = WGF_IPV4},
			 .value = {.count = count,
				   .first = 1 * SECOND,
				   .last = 9 * SECOND,
				   .who = {.pid = 123, .uid = 1000, .comm = "qbittorrent-nox"}}};

	assert_true(ip_parse(remote, &f.key.remote));
	return f;
}

static inline void a_state(struct state *s)
{
	memset(s, 0, sizeof(*s));
	strcpy(s->fence, "q");
	strcpy(s->cgroup, "/wgfence.slice/wgfence-q.slice");
	strcpy(s->tunnel, "wg0");
	s->exists = s->whole = s->tunnel_up = s->in_policy = s->shakes = true;
	s->people = PEOPLE_SOME;
	s->handshake = 1795654900;
	s->generation = 12;
	s->now = 10 * SECOND;
	*count_at(s, WGF_EGRESS, WGF_TUNNEL) = (struct wgf_count){1000, 1000000};
	*count_at(s, WGF_INGRESS, WGF_TUNNEL) = (struct wgf_count){2000, 5000000};
	*count_at(s, WGF_EGRESS, WGF_PAST_TUNNEL_IPV4) = (struct wgf_count){40, 4000};
	count_at(s, WGF_CONNECT, WGF_LOOPBACK)->packets = 2;
	*count_at(s, WGF_EGRESS, WGF_LOCAL_DISCOVERY) = (struct wgf_count){300, 30000};
	count_at(s, WGF_BIND, WGF_BIND_REFUSED)->packets = 7;
	s->counters.records[WGF_SENT] = 49;
	s->flows[s->n_flows++] = a_flow("203.0.113.7", 40, WGF_PAST_TUNNEL_IPV4);
	s->flows[s->n_flows++] = a_flow("192.168.1.9", 300, WGF_LOCAL_DISCOVERY);
	s->flows_total = 2;
}

/* In one place: the next call writes it anew. */
static inline char *json_of(const struct state *s)
{
	static char text[128 * 1024];
	FILE *f = fmemopen(text, sizeof(text), "w");

	assert_non_null(f);
	state_json(f, s);
	assert_int_equal(fclose(f), 0);
	return text;
}

#endif
