// SPDX-License-Identifier: GPL-2.0-only
#include "inside.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>

#include "scene.h"

#define RUNS 20000

struct packet {
	struct ethhdr eth;
	union {
		struct iphdr v4;
		struct ipv6hdr v6;
		unsigned char bytes[40 + 8 + 64];
	};
} __attribute__((packed));

/* 64 bytes behind a UDP header, as sender.c sends them. */
static size_t make_packet(struct packet *p, enum family family)
{
	struct udphdr udp = {.source = htons(40000), .dest = htons(9000), .len = htons(8 + 64)};

	memset(p, 0, sizeof(*p));
	if (family == FAMILY_4) {
		p->eth.h_proto = htons(ETH_P_IP);
		p->v4 = (struct iphdr){.version = 4,
				       .ihl = 5,
				       .tot_len = htons(20 + 8 + 64),
				       .ttl = 64,
				       .protocol = IPPROTO_UDP};
		inet_pton(AF_INET, TUNNEL4, &p->v4.saddr);
		inet_pton(AF_INET, PEER4, &p->v4.daddr);
		memcpy(p->bytes + 20, &udp, sizeof(udp));
		return sizeof(p->eth) + 20 + 8 + 64;
	}
	p->eth.h_proto = htons(ETH_P_IPV6);
	p->v6 = (struct ipv6hdr){.version = 6,
				 .payload_len = htons(8 + 64),
				 .nexthdr = IPPROTO_UDP,
				 .hop_limit = 64};
	inet_pton(AF_INET6, TUNNEL6, &p->v6.saddr);
	inet_pton(AF_INET6, PEER6, &p->v6.daddr);
	memcpy(p->bytes + 40, &udp, sizeof(udp));
	return sizeof(p->eth) + 40 + 8 + 64;
}

double inside_sample(int program, enum family family)
{
	struct packet packet;
	double start;
	struct __sk_buff context = {.ifindex = if_nametoindex(TUNNEL)};
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = &packet, .ctx_in = &context,
		    .ctx_size_in = sizeof(context), .repeat = RUNS);

	run.data_size_in = (__u32)make_packet(&packet, family);
	start = cpu_time();
	if (bpf_prog_test_run_opts(program, &run))
		die("test run: %s", strerror(errno));
	if (run.retval != 1)
		die("the program does not allow the packet");
	return (cpu_time() - start) / RUNS;
}
