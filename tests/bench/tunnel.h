/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tunnel that comes and goes, and another device beside it.
 *
 * Owns: the two TUN devices, and each way to change them: by one system call where that is
 * possible, so that the moment of a change is known. IPv4 alone: a change has one address.
 */
#ifndef BENCH_TUNNEL_H
#define BENCH_TUNNEL_H

#define OTHER "other0"

/* None gets an address by itself, as WireGuard's do not. */
void tunnel_no_addresses(void);

/* A device of this name, up; `index` 0: any. Returns what keeps it: closing that deletes it. */
int tunnel_make(const char *name, unsigned index);

void tunnel_rename(const char *from, const char *to);
void tunnel_up(const char *name, int up);

/* A default route; of several that of the lowest metric is taken. */
void tunnel_route(const char *name, int metric);

/* Addresses of the tunnel: `last` in 10.98.0.0/24. */
unsigned tunnel_address(unsigned last); /* in network byte order */
void tunnel_add_address(const char *name, unsigned last);
void tunnel_remove_address(const char *name, unsigned last);

#endif
