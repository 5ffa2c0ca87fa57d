// SPDX-License-Identifier: GPL-2.0-only
#include "wg.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#define SOCKETS "/run/wireguard"

void wg_allow(struct wg *wg, const struct prefix *p)
{
	if (wg->n_allowed < WG_MAX_ALLOWED)
		wg->allowed[wg->n_allowed++] = *p;
	else
		wg->more = true;
}

/* One in user space is a TUN device like any other; its socket tells. */
int wg_read(const struct link *l, struct wg *ret, struct err *e)
{
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct stat st;

	memset(ret, 0, sizeof(*ret));
	if (strcmp(l->kind, "wireguard") == 0)
		return wg_read_kernel(l->name, ret, e) ? -1 : 1;
	snprintf(path, sizeof(path), SOCKETS "/%s.sock", l->name);
	if (stat(path, &st) || !S_ISSOCK(st.st_mode))
		return 0;
	return wg_read_socket(path, ret, e) ? -1 : 1;
}
