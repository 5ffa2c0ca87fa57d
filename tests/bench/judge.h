/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The judge: a member that sends all the time, and sees by which policy its packets are judged.
 *
 * Owns: the thread that sends, and what it looks at: the policy in force, in the pinned image, and
 * what became of each packet. A policy is in force when it is the active one and a packet that was
 * sent after that had the fate that it gives.
 */
#ifndef BENCH_JUDGE_H
#define BENCH_JUDGE_H

#include <stdbool.h>

/* A policy that must come, and what it does to a packet from this address of the tunnel. */
struct expected {
	unsigned tunnel;   /* tunnels[0] */
	unsigned n_usable; /* n_tunnels */
	unsigned source;   /* in network byte order: must be among the sources; 0: any */
	bool passes;	   /* a packet gets through; else it is dropped, or has no way */
	bool since_gone;   /* counted from the news that a link is gone, not from `start` */
};

double now_ms(void);

/* As a member, with the policy of this fence. */
void judge_begin(const char *fence);

/* Tells what is to come: before the change. */
void judge_expect(const struct expected *e);

/* Waits for it; how long it took from `start` on, in ms. */
double judge_wait(double start);

#endif
