/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the daemon, which only src/daemon*.c know.
 *
 * Owns: its state, and what the parts call of each other: daemon.c the loop and the signals,
 * daemon_follow.c what others do to the machine, the cgroup and bpffs, daemon_tell.c what it says.
 */
#ifndef WGF_DAEMON_PARTS_H
#define WGF_DAEMON_PARTS_H

#include <systemd/sd-event.h>

#include "daemon.h"
#include "fence.h"
#include "reclaim.h"
#include "state_serve.h"
#include "stream.h"
#include "watch.h"

#define FIRST_RETRY_USEC (20ULL * 1000)
#define LAST_RETRY_USEC	 (1000ULL * 1000)

struct daemon {
	const struct options *options;
	struct fence fence;
	struct mnl_socket *nl;
	sd_event *event;
	sd_event_source *retry;
	uint64_t retry_usec;
	char failure[sizeof(((struct err *)0)->text)]; /* told last; "" once all was fine */
	struct reclaim *reclaim;
	struct watch *watch;
	bool cgroup_gone;	    /* and said to be */
	struct stream *stream;	    /* NULL: it could not be opened, and the fence stands without */
	struct state_server *state; /* likewise */
	struct notes notes;	    /* the last ones told */
	struct err *e;
};

/* daemon_tell.c */

void tell_notes(const struct daemon *d);
void tell_policy(const struct daemon *d);
void tell_stands(const struct daemon *d);

/* daemon_follow.c */

/* Subscribes to the machine's news: before the first reading, so that nothing falls between. */
int follow_machine(struct daemon *d);

/* Policy, rules and routes for the machine as it is; what fails is tried again later. */
bool look_at_machine(struct daemon *d);

/* Watches the cgroup and the mounts of the fence that stands. */
int follow_fence(struct daemon *d);

#endif
