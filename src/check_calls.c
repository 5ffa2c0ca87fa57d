// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls: what cannot be test-run is tried, by a process inside the fence, with calls that can
 * send nothing. What should be refused is counted by the fence as any member's attempt is.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../bpf/calls.h"
#include "../bpf/parse.h"
#include "../bpf/verdict.h"
#include "check_helper.h"
#include "check_parts.h"
#include "connected.h"

#define MAX_CALLS 64

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

struct plan {
	const struct check *c;
	const struct wgf_policy *p;
	struct call calls[MAX_CALLS];
	unsigned n;
};

static void add(struct plan *plan, const struct call *call)
{
	if (plan->n < MAX_CALLS)
		plan->calls[plan->n++] = *call;
}

static int family_of(const union wgf_ip *ip)
{
	return wgf_is_v4(ip) ? AF_INET : AF_INET6;
}

static void add_socket(struct plan *plan, int family, int type, int proto, const char *what)
{
	struct wgf_facts f = {.netns = plan->p->netns,
			      .proto = (u32)proto,
			      .type = (u16)type,
			      .family = family == AF_INET ? WGF_IPV4 : WGF_IPV6};

	add(plan,
	    &(struct call){.kind = CALL_SOCKET,
			   .family = family,
			   .type = type,
			   .proto = proto,
			   .what = what,
			   .refused = !wgf_allows(wgf_verdict(plan->p, &f, WGF_SOCK_CREATE))});
}

/* What the verdict refuses by the address alone; a rule may name it. */
static void add_connect(struct plan *plan, const char *address, u16 port, const char *what)
{
	struct wgf_facts f = {.proto = WGF_UDP, .remote_port = port};
	struct call call = {.kind = CALL_CONNECT, .type = SOCK_DGRAM, .port = port, .what = what};

	ip_parse(address, &call.ip);
	call.family = family_of(&call.ip);
	f.remote = call.ip;
	f.family = call.family == AF_INET ? WGF_IPV4 : WGF_IPV6;
	wgf_this_host(&f.remote);
	call.refused = !wgf_allows(wgf_verdict(plan->p, &f, WGF_CONNECT));
	add(plan, &call);
}

static void add_bind(struct plan *plan, const union wgf_ip *ip, const char *what)
{
	struct wgf_facts f = {.proto = WGF_UDP, .local = *ip};

	f.family = wgf_is_v4(ip) ? WGF_IPV4 : WGF_IPV6;
	add(plan, &(struct call){.kind = CALL_BIND,
				 .family = family_of(ip),
				 .type = SOCK_DGRAM,
				 .ip = *ip,
				 .what = what,
				 .refused = !wgf_allows(wgf_verdict(plan->p, &f, WGF_BIND))});
}

/*
 * One of a link's own would need its number beside it. A host may have more addresses than there is
 * room for; one call comes behind them.
 */
static void plan_binds(struct plan *plan)
{
	const struct inventory *inv = &plan->c->inv;

	for (unsigned i = 0; i < inv->n_addrs && plan->n < MAX_CALLS - 1; i++) {
		const struct addr *a = &inv->addrs[i];

		if (!is_link_local(&a->local))
			add_bind(plan, &a->local,
				 wgf_is_tunnel(plan->p, a->ifindex)
					 ? "bind to the tunnel's address"
					 : "bind to an address outside the tunnel");
	}
}

static void plan_calls(struct plan *plan)
{
	add_socket(plan, AF_INET, SOCK_STREAM, IPPROTO_TCP, "a TCP socket");
	add_socket(plan, AF_INET, SOCK_DGRAM, IPPROTO_UDP, "a UDP socket");
	add_socket(plan, AF_INET, SOCK_RAW, IPPROTO_ICMP, "a raw socket (IPv4)");
	add_socket(plan, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, "a raw socket (IPv6)");
	add_socket(plan, AF_INET, SOCK_STREAM, IPPROTO_MPTCP, "an MPTCP socket");
	add_connect(plan, "127.0.0.1", 53, "connect to a resolver on this host");
	add_connect(plan, "::1", 53, "connect to a resolver on this host (IPv6)");
	add_connect(plan, "239.255.255.250", 1900, "connect to UPnP discovery");
	add_connect(plan, "ff02::fb", 5353, "connect to mDNS");
	add_connect(plan, "239.192.152.143", 6771, "connect to local discovery");
	for (int i = 0; i < 2; i++)
		add(plan, &(struct call){.kind = CALL_JOIN,
					 .family = i ? AF_INET6 : AF_INET,
					 .type = SOCK_DGRAM,
					 .what = i ? "join a group (IPv6)" : "join a group (IPv4)",
					 .refused = true});
	if (plan->c->standing.unix_held)
		add(plan, &(struct call){.kind = CALL_UNIX,
					 .family = AF_UNIX,
					 .type = SOCK_STREAM,
					 .what = "connect to a unix socket that is not named",
					 .refused = true});
	if (plan->p->mark_mask)
		add(plan, &(struct call){.kind = CALL_MARK,
					 .family = AF_INET,
					 .type = SOCK_DGRAM,
					 .what = "the mark of a socket"});
	plan_binds(plan);
	/* The last: the helper does not come back from there. */
	add(plan, &(struct call){.kind = CALL_FOREIGN,
				 .family = AF_INET,
				 .type = SOCK_DGRAM,
				 .what = "a socket in another network namespace",
				 .refused = true});
}

/* 1: as it should be; 0: told. */
static unsigned judge(struct check *c, const struct wgf_policy *p, const struct call *call)
{
	bool refused = call->error == EPERM;

	if (call->kind == CALL_MARK) {
		if ((call->mark & p->mark_mask) == p->mark)
			return 1;
		finding_add(&c->report, FINDING_WARNING, "calls.mark",
			    "Routes into the tunnel go by it: without, members are dropped "
			    "elsewhere.",
			    "a socket made in the fence has the mark 0x%08x, not 0x%08x/0x%08x",
			    call->mark, p->mark, p->mark_mask);
		return 0;
	}
	if (refused == call->refused)
		return 1;
	if (call->refused)
		finding_add(&c->report, FINDING_BROKEN, "calls.allowed",
			    "The fence promises to refuse it to its members.",
			    "inside the fence not refused: %s (%s)", call->what,
			    call->error ? strerror(call->error) : "done");
	else
		finding_add(
			&c->report, FINDING_WARNING, "calls.refused",
			"What the service needs is refused, by the fence or by another program.",
			"inside the fence refused: %s", call->what);
	check_mend_put_back(c);
	return 0;
}

static void judge_all(struct check *c, const struct plan *plan)
{
	unsigned right = 0, refused = 0, tried = 0;

	for (unsigned i = 0; i < plan->n; i++) {
		const struct call *call = &plan->calls[i];

		if (call->error < 0)
			continue;
		tried++;
		refused += call->error == EPERM;
		right += judge(c, plan->p, call);
	}
	if (right == tried)
		finding_add(&c->report, FINDING_FINE, "calls.tried", NULL,
			    "of %u calls by a process inside the fence %u were refused, each that "
			    "should be and no other",
			    tried, refused);
}

void check_calls(struct check *c)
{
	static struct plan plan;
	struct err e;

	plan = (struct plan){.c = c, .p = check_policy(c)};
	if (!plan.p || c->cgroup.fd < 0)
		return;
	if (plan.p->mode == WGF_AUDIT) {
		finding_add(&c->report, FINDING_NOTICE, "calls.audit", NULL,
			    "calls were not tried: in audit mode none is refused");
		return;
	}
	plan_calls(&plan);
	if (helper_try(c->cgroup.fd, plan.calls, plan.n, &e))
		finding_unseen(&c->report, "calls.tried", &e);
	else
		judge_all(c, &plan);
}
