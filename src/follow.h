/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Following the machine: the socket on which the kernel says that links or addresses changed.
 *
 * Owns: the subscription. What changed is not read from the messages: the inventory is dumped anew,
 * so a lost message (ENOBUFS) costs nothing.
 */
#ifndef WGF_FOLLOW_H
#define WGF_FOLLOW_H

#include <stdbool.h>

#include "err.h"

struct mnl_socket;

/* Subscribe before the first dump, so that nothing falls between. */
struct mnl_socket *follow_open(struct err *e);

/* Empties the socket. Returns 0, or -1 where it is broken for good. */
int follow_drain(struct mnl_socket *nl, struct err *e);

#endif
