/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rtnetlink dialogue, with the network namespace that the caller is in. nf_tables speaks the
 * same way on a bus of its own.
 *
 * Owns: asking for everything of one type or for one thing, changing one thing, and believing none
 * but the kernel.
 * Must never interpret a message beyond its header.
 */
#ifndef WGF_RTNL_H
#define WGF_RTNL_H

#include <libmnl/libmnl.h>
#include <stdbool.h>

#include "err.h"
#include "types.h"

struct rtnl {
	struct mnl_socket *nl;
	const char *bus; /* for messages */
	char *piece;
	u32 seq;
	int error;	  /* why the kernel refused last, an errno; 0: it did not */
	bool interrupted; /* things changed during a dump: it is no picture of one moment */
};

/* A socket that hears of these groups (RTMGRP_*); NULL where there can be none. */
struct mnl_socket *rtnl_socket(unsigned groups);

int rtnl_open(struct rtnl *ret, struct err *e);
int rtnl_open_netfilter(struct rtnl *ret, struct err *e);
void rtnl_close(struct rtnl *r);

/* Calls `take` for each message of the dump; `head` is the type's fixed part. */
typedef int (*rtnl_take)(void *context, const struct nlmsghdr *nlh, struct err *e);
int rtnl_dump(struct rtnl *r, u16 type, const void *head, size_t size, rtnl_take take,
	      void *context, struct err *e);

/*
 * Pure: the messages of one piece, r->piece, of n bytes. 1: there are more pieces; 0: that was the
 * last; -1: e.
 */
int rtnl_parse(struct rtnl *r, size_t n, rtnl_take take, void *context, struct err *e);

/* Calls `take` for what the kernel answers to this one question; r->error as for a change. */
int rtnl_ask(struct rtnl *r, struct nlmsghdr *nlh, rtnl_take take, void *context, struct err *e);

/* Has the kernel do what the message says; r->error tells why it did not. */
int rtnl_change(struct rtnl *r, struct nlmsghdr *nlh, struct err *e);

#endif
