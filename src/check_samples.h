/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sample packets for a policy: what should pass, and what must not, on each interface there is.
 *
 * Owns: which packets; what is promised of each without asking the verdict. Pure.
 */
#ifndef WGF_CHECK_SAMPLES_H
#define WGF_CHECK_SAMPLES_H

#include "inventory.h"
#include "policy.h"

#define SAMPLE_FRAME 128
#define FLAG_SYN     0x02
#define FLAG_ACK     0x10

enum promise {
	PROMISE_DROP, /* whatever the policy: unless a rule of the configuration names it */
	PROMISE_PASS,
};

struct sample {
	enum wgf_hook hook; /* egress, ingress, guard */
	enum promise promise;
	struct wgf_facts facts;
	u8 flags;	  /* of TCP */
	const char *what; /* "DNS of the LAN" */
};

struct samples {
	struct sample *v;
	unsigned n;
	bool lost; /* memory ended */
};

void samples_make(const struct wgf_policy *p, const struct inventory *inv, struct samples *ret);
void samples_free(struct samples *s);

/* An Ethernet frame of it, without payload; returns its length. Checksums are zero: nobody looks.
 */
unsigned sample_frame(const struct sample *s, u8 frame[SAMPLE_FRAME]);

/* "udp 192.168.1.5:6881 to 192.0.2.7:6881 by eth0", for people. */
void sample_print(const struct sample *s, const struct inventory *inv, char *ret, size_t size);

#endif
