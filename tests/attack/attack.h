/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the attempts share: the table's row, the world around the attacker, and how an attempt says
 * what the kernel said.
 *
 * Owns: the mark by which a sniffer knows whose packet it is. Must never know of the fence: the
 * same program is run inside, outside and as root, and each time tries the same.
 */
#ifndef WGF_ATTACK_H
#define WGF_ATTACK_H

#include "../net/net.h"

#define PORTS 20000 /* an attempt's own port is this and its mark */

struct attempt {
	const char *name;
	void (*run)(int arg);
	int arg;
	/* Why no sniffer sees it even outside of the fence, as whoever; NULL where one must. "in
	 * the tunnel..." where it depends on the host's routes. */
	const char *unseen;
	/* Why a packet may pass where there is no drop-in; NULL where none may. "before 6.7: ..."
	 * holds on older kernels alone. */
	const char *excluded;
	const char *since; /* the first kernel that has it; NULL: 5.10 does */
	/* The same as `excluded` with the drop-in: always "before ...". */
	const char *open;
};

/* The parts of the table: each ends with a row without a name. */
extern const struct attempt families_attempts[], datagram_attempts[], stream_attempts[],
	header_attempts[], group_attempts[], address_attempts[], ring_attempts[],
	descriptor_attempts[], namespace_attempts[], path_attempts[], program_attempts[],
	netlink_attempts[], unix_attempts[], frame_attempts[], transport_attempts[],
	race_attempts[], remains_attempts[];

/* Addresses by family: 0 is IPv4, 1 is IPv6. */
extern struct world {
	union address past[2];	/* nobody, by the home line whatever the tunnel does */
	union address lan[2];	/* nobody, in the LAN */
	union address inner[2]; /* a server that is reached through the tunnel */
	union address home[2];	/* the host's own on the home line */
	union address router[2];
	char home_if[16], tunnel_if[16];
	unsigned char router_mac[6], home_mac[6];
	unsigned home_index;
	unsigned short webui;
	char dir[64];	  /* where the outsider has its sockets */
	char cgroup[128]; /* the fence's cgroup, as a directory */
	char pins[128];
	pid_t outsider; /* a process of the same user outside of the fence */
	unsigned pass;	/* a thousand marks each, so that remains are told apart */
} world;

extern struct mark {
	unsigned number;
	unsigned short port;
	char text[32]; /* what is sent */
	size_t len;
} mark;

#define N_OF(a)	  (sizeof(a) / sizeof((a)[0]))
#define FAMILY(v) ((v) ? AF_INET6 : AF_INET)

/*
 * What the kernel said to a step; the first one that fails, or the last, is the attempt's answer.
 * Tells whether it went well.
 */
bool step(const char *what, long result);
/* Instead of it: in the attempt's own words. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with the attempt's port. */
union address at(const union address *a);
socklen_t size_of(const union address *a);

int udp(int v);				       /* a socket for datagrams; step "socket" */
int tcp(int v);				       /* one that does not wait */
bool send_to(int fd, const union address *to); /* a datagram; step "sendto" */
bool begin(int fd, const union address *to);   /* a connection: step "connect" */
int connected(int v); /* a connection through the tunnel that stands; step "connect" */

/* An IP packet with UDP and the mark in it, from -> to; its length. */
size_t forge(unsigned char *ret, const union address *from, const union address *to);

/* Over a unix socket to the outsider; see outsider.c. */
/* Says the answer so far, and dies by that signal: what it leaves is the attempt. */
void die_with_answer(int signal);

int outsider_ask(int type, bool abstract, const char *question);
void hand_over(int to, int fd); /* by SCM_RIGHTS, with one byte */

#endif
