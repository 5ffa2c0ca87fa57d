// SPDX-License-Identifier: GPL-2.0-only
/* What the daemon says, to whoever started it and to the service manager. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon_parts.h"
#include "policy_print.h"
#include "tell.h"

/* What the compiler has to tell, which may be more than a pipe takes at once: line by line. */
void tell_notes(const struct daemon *d)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	notes_print(f, &d->notes, d->fence.config.file);
	if (fclose(f) == 0) {
		rest = text;
		while ((line = strsep(&rest, "\n")) && *line)
			tell(STDERR_FILENO, "%s\n", line);
	}
	free(text);
}

void tell_policy(const struct daemon *d)
{
	const struct wgf_policy *p = image_in_force(d->fence.image.map);
	const char *state = p->n_tunnels ? "is up" : "is not there";

	tell(STDOUT_FILENO, "policy %llu: tunnel %s %s, %u addresses, %u networks, %u rules\n",
	     p->generation, p->names[0], state, p->n_sources, p->n_networks, p->n_rules);
	tell_notes(d);
	sd_notifyf(0, "STATUS=policy %llu in force, tunnel %s %s", p->generation, p->names[0],
		   state);
}

void tell_stands(const struct daemon *d)
{
	const struct fence *f = &d->fence;
	const char *mode =
		f->config.mode == WGF_AUDIT ? " in audit mode: it counts and drops nothing" : "";

	tell(STDOUT_FILENO, "fence %s stands on %s%s\n", f->config.name, f->cgroup.path, mode);
	sd_notifyf(0, "STATUS=fence %s stands on %s%s", f->config.name, f->cgroup.path, mode);
}
