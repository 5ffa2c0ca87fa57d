/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: what of check_names.c is pure, for its test. */
#ifndef WGF_CHECK_NAMES_H
#define WGF_CHECK_NAMES_H

#include "inventory.h"

enum server_place {
	SERVER_FAR,  /* by the tunnel, as members are carried */
	SERVER_NEAR, /* in a network of another interface */
	SERVER_HERE, /* on this host */
};

enum server_place server_place(const struct inventory *inv, const char *tunnel,
			       const union wgf_ip *ip);

/* The next address behind `nameserver`; *at begins as the text. libc asks three (MAXNS). */
bool server_next(const char **at, union wgf_ip *ret);

#endif
