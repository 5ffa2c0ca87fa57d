/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `init` found, as plain data.
 *
 * Owns: the form that lies between looking at the machine (init_find.c) and writing
 * (init_render.c), so that what is written is a pure function of what was found.
 */
#ifndef WGF_INIT_FINDINGS_H
#define WGF_INIT_FINDINGS_H

#include <limits.h>

#include "config.h"
#include "list.h"

struct findings {
	char unit[256], fragment[PATH_MAX], name[FENCE_NAME_MAX + 1];
	char binary[PATH_MAX]; /* this program, for ExecStartPre=: nothing in it needs quotes */
	char user[256];	       /* empty: root */
	char tunnel[WGF_IFNAME], tunnel_from[128];
	char tunnel_unit[64]; /* what brings it up; empty where that is not known */
	bool qbittorrent;     /* the unit runs it: what it needs is known */
	bool webui;
	u16 webui_port;
	char webui_from[PATH_MAX + 64];
	struct list networks, servers;
	char servers_from[PATH_MAX];
	bool paths_known;  /* `paths` is all that it writes to, as far as can be told */
	struct list paths; /* absolute, links resolved */
	struct list etc;   /* of /etc: what is its own */
	struct list texts; /* the unit's own files, in order, without our drop-in */
	struct list notes; /* what the user should know, and do; whole sentences */
};

void findings_free(struct findings *f);

#endif
