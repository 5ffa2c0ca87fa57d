/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the packet hooks of bpf/fence.bpf.c do before they judge, on the host.
 *
 * Owns: the rule that a packet shorter than what the parser would read is malformed.
 */
#ifndef TEST_GATHER_H
#define TEST_GATHER_H

#include <stdlib.h>
#include <string.h>

#include "parse.h"

/*
 * The parser is given exactly as many bytes as it asks for, each time in memory of their own: under
 * AddressSanitizer one byte more is an error.
 */
static inline struct wgf_facts gather(u32 ethertype, const u8 *packet, size_t len, int egress)
{
	struct wgf_facts f = {.problem = WGF_MALFORMED};
	u32 need = 0;
	u8 *h;

	if (ethertype == WGF_ETH_IPV4)
		f.family = WGF_IPV4;
	else if (ethertype == WGF_ETH_IPV6)
		f.family = WGF_IPV6;
	if (len >= WGF_V4_LEN) {
		h = memcpy(malloc(WGF_V4_LEN), packet, WGF_V4_LEN);
		need = wgf_need(ethertype, h);
		free(h);
	}
	if (!need || len < need)
		return f;
	h = memcpy(malloc(need), packet, need);
	memset(&f, 0, sizeof(f));
	wgf_parse(&f, ethertype, h, egress);
	free(h);
	return f;
}

#endif
