// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet parser under libFuzzer.
 *
 * Owns: what must hold for every packet: the parser reads what the naive reader reads, and no byte
 * behind wgf_need() (gather() gives it no more, so AddressSanitizer tells). Aborts where it
 * doesn't.
 *
 * The first byte of an input is the hook (bit 0: out) and the ethertype (bits 1 and 2); the IP
 * packet follows.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../unit/gather.h"
#include "../unit/lower.h"
#include "../unit/naive_packet.h"

static const u16 ethertypes[] = {WGF_ETH_IPV4, WGF_ETH_IPV6, 0x0806, 0};

static int same(const struct wgf_facts *a, const struct wgf_facts *b)
{
	return memcmp(&a->local, &b->local, sizeof(a->local)) == 0 &&
	       memcmp(&a->remote, &b->remote, sizeof(a->remote)) == 0 &&
	       a->local_port == b->local_port && a->remote_port == b->remote_port &&
	       a->proto == b->proto && a->family == b->family && a->opens == b->opens;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wgf_facts f, expected;
	struct reading r;
	u16 ethertype;
	int egress;

	if (size == 0)
		return 0;
	egress = data[0] & 1;
	ethertype = ethertypes[data[0] >> 1 & 3];
	f = gather(ethertype, data + 1, size - 1, egress);
	r = naive_read(ethertype, data + 1, size - 1, egress);
	if (f.problem != r.problem)
		abort();
	if (f.problem)
		return 0;
	expected = lower_flight(&r.flight);
	if (!same(&f, &expected))
		abort();
	return 0;
}
