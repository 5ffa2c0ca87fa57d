/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sender: plain UDP, 64 bytes, unconnected, from a socket that belongs to a cgroup.
 *
 * Owns: the sockets, and what a packet costs the thread that sends it. A socket stays a member of
 * the cgroup in which it was made, so one thread can send from all of them in turn.
 */
#ifndef BENCH_SENDER_H
#define BENCH_SENDER_H

enum family { FAMILY_4, FAMILY_6, N_FAMILIES };

/*
 * Packets in a sample: so short that few are hit by the clock's interrupt, and that those compared
 * lie close together.
 */
#define BURST 40

/* Where to: through the tunnel, or where the fence drops, always the same or ever new. */
enum target { ALLOWED, DROPPED, SCATTERED };

int sender_socket(enum family family);

/* Of this thread, in nanoseconds. */
double cpu_time(void);

/* Nanoseconds of this thread's CPU time, for one packet, by the mean of a burst. */
double sender_sample(int fd, enum family family, enum target target);

#endif
