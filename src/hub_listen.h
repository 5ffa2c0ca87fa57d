/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sockets that readers of events, and of the state, connect to: where they lie, and who may.
 *
 * Owns: their names, owner and mode. Must never listen where somebody else could take its place,
 * which the directory sees to.
 */
#ifndef WGF_HUB_LISTEN_H
#define WGF_HUB_LISTEN_H

#include <stddef.h>

#include "rundir.h"

#define HUB_GROUP  "wgfence"
#define HUB_SOCKET "events"

/* DIR/NAME/SOCKET, as an address; refuses what is too long for one. */
struct sockaddr_un;
int hub_address(const char *dir, const char *name, const char *socket, struct sockaddr_un *ret,
		struct err *e);

/*
 * A listening socket there, in place of one that a dead daemon left; for root alone, or for `group`
 * too where there is such a group. Returns the descriptor, or -1.
 */
int hub_listen(const char *dir, const char *name, const char *socket, const char *group,
	       struct err *e);

/* Takes the socket away, and its directory where nothing else is in it. */
void hub_unlisten(const char *dir, const char *name, const char *socket);

#endif
