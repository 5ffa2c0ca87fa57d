/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From rtnetlink messages to the inventory.
 *
 * Owns: reading what the kernel wrote, and believing none of its lengths. Pure: a message in, an
 * entry more in the inventory.
 */
#ifndef WGF_INVENTORY_PARSE_H
#define WGF_INVENTORY_PARSE_H

#include <linux/netlink.h>

#include "inventory.h"

/*
 * Each adds what one message of a dump says, or nothing where it says nothing that the inventory
 * holds. -1 where it is not a whole message of its type, or there is no memory.
 */
int inventory_parse_link(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e);
int inventory_parse_addr(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e);
int inventory_parse_route(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e);

#endif
