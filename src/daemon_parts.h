/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the daemon, which only src/daemon*.c know.
 *
 * Owns: its state, and what the parts call of each other: daemon.c the loop and the signals,
 * daemon_follow.c what others do to the machine, the cgroup and bpffs, daemon_tell.c what it says,
 * daemon_metrics.c the textfile.
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

struct entry;
struct writer; /* daemon_metrics.c */

struct daemon {
	const struct options *options;
	struct fence fence;
	struct mnl_socket *nl;
	sd_event *event;
	sd_event_source *retry;
	uint64_t retry_usec;
	char failure[sizeof(((struct err *)0)->text)];	 /* told last; "" once all was fine */
	char unguarded[sizeof(((struct err *)0)->text)]; /* told last; "" once all was fine */
	struct reclaim *reclaim;
	struct watch *watch;
	bool cgroup_gone;	    /* and said to be */
	struct writer *writer;	    /* NULL: not to be had */
	bool tunnel_told;	    /* whether the tunnel was there, as said last */
	struct stream *stream;	    /* NULL: it could not be opened, and the fence stands without */
	struct state_server *state; /* likewise */
	struct notes notes;	    /* the last ones told */
	struct err *e;
};

/* daemon_tell.c */

void tell_notes(const struct daemon *d);
void tell_policy(struct daemon *d);
void tell_stands(struct daemon *d);
void tell_first(const struct daemon *d, const struct told *t);
void tell_failure(const struct daemon *d, const struct err *e);

/* With the fields that all entries of a fence have. */
void tell_entry(const struct daemon *d, struct entry *e);

/* daemon_metrics.c */

/* What fails is told; the fence stands without. */
void metrics_open(struct daemon *d);

/* Soon, by another thread. */
void metrics_write(struct daemon *d);

/* After a reload: another directory, another interval. */
void metrics_follow_config(struct daemon *d);

void metrics_close(struct daemon *d);

/* daemon_follow.c */

/* Subscribes to the machine's news: before the first reading, so that nothing falls between. */
int follow_machine(struct daemon *d);

/* Policy, rules, routes and guard for the machine as it is; what fails is tried again later. */
bool look_at_machine(struct daemon *d);

/* Watches the cgroup and the mounts of the fence that stands. */
int follow_fence(struct daemon *d);

#endif
