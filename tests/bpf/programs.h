/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs, loaded and run on packets by BPF_PROG_TEST_RUN.
 *
 * Owns: a network namespace with the interfaces that the policies name (a test run wants the index
 * of a device that its caller's namespace has), the loaded objects, the image and the counters.
 * Nothing is attached or pinned: all of it ends with the process.
 */
#ifndef TEST_PROGRAMS_H
#define TEST_PROGRAMS_H

#include "../unit/packet.h"
#include "counters.h"
#include "policy.h"

#define N_DEVS 6 /* 1 is lo, 2 eth0, 3 wg0, 4 eth1 */

struct programs {
	int fd[2]; /* by WGF_EGRESS and WGF_INGRESS */
	int counters;
	struct wgf_image *image;
};

/* All of these end the process with a message where the machine won't do. */
void devices_make(void);
void programs_load(bool copied, struct programs *ret);

/* In the next slot, as a daemon would. */
void programs_publish(const struct programs *p, const struct wgf_policy *policy);

/* The program's return value, or -errno where the kernel would not run it. */
int programs_run(const struct programs *p, const struct packet *packet, u32 ifindex);

/* Summed over the CPUs. */
void programs_count(const struct programs *p, struct wgf_counters *ret);

#endif
