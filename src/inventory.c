// SPDX-License-Identifier: GPL-2.0-only
/*
 * The inventory, once read.
 *
 * Owns: looking things up in it. Must never ask the kernel (inventory_read.c does).
 */
#include "inventory.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

void inventory_free(struct inventory *inv)
{
	free(inv->links);
	free(inv->addrs);
	free(inv->onlinks);
	memset(inv, 0, sizeof(*inv));
}

const struct link *inventory_link_by_name(const struct inventory *inv, const char *name)
{
	for (unsigned i = 0; i < inv->n_links; i++)
		if (strcmp(inv->links[i].name, name) == 0)
			return &inv->links[i];
	return NULL;
}

const struct link *inventory_link(const struct inventory *inv, u32 ifindex)
{
	for (unsigned i = 0; i < inv->n_links; i++)
		if (inv->links[i].ifindex == ifindex)
			return &inv->links[i];
	return NULL;
}

bool inventory_tunnel_up(const struct inventory *inv, const char *name)
{
	const struct link *l = inventory_link_by_name(inv, name);

	if (!l || !(l->flags & IFF_UP))
		return false;
	for (unsigned i = 0; i < inv->n_addrs; i++)
		if (inv->addrs[i].ifindex == l->ifindex)
			return true;
	return false;
}
