/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accepting those who connect to a socket of the daemon.
 *
 * Owns: the listening socket on the event loop, and the pace: whoever connects without end costs
 * the daemon a few per cent of a processor, and makes others wait, never the fence.
 */
#ifndef WGF_HUB_ACCEPT_H
#define WGF_HUB_ACCEPT_H

#include <systemd/sd-event.h>

/* So many at most in each interval. */
#define HUB_BURST	  100
#define HUB_INTERVAL_USEC (200ULL * 1000)

struct hub_accept {
	sd_event_source *listener; /* owns its socket */
	sd_event_source *pause;	   /* the end of a pause in accepting */
	void (*take)(int fd, void *context);
	void *context;
};

/*
 * `a` is the caller's, with `take` and `context`; the descriptors that `take` gets are its own.
 * Owns `fd` from now on. A negative errno where it fails; hub_accept_close() is due in either case.
 */
int hub_accept_open(struct hub_accept *a, sd_event *event, int fd, int64_t priority);
void hub_accept_close(struct hub_accept *a);

#endif
