// SPDX-License-Identifier: GPL-2.0-only
/*
 * run: the fence in place, and its policy kept in step with the machine.
 *
 * Owns: the event loop. However it ends, the fence stands: links and maps are pinned.
 */
#include <libmnl/libmnl.h>
#include <signal.h>
#include <stdio.h>
#include <systemd/sd-event.h>

#include "cmd.h"
#include "cmd_attach.h"
#include "follow.h"
#include "policy_print.h"

#define RETRY_USEC (1000ULL * 1000)

struct run {
	struct fence fence;
	struct mnl_socket *nl;
	sd_event *event;
	struct notes notes; /* the last ones told */
	struct err *e;
};

static void tell_policy(const struct run *r)
{
	const struct wgf_policy *p = image_in_force(r->fence.image.map);

	printf("policy %llu: tunnel %s %s, %u addresses, %u networks, %u rules\n", p->generation,
	       p->names[0], p->n_tunnels ? "is up" : "is not there", p->n_sources, p->n_networks,
	       p->n_rules);
	notes_print(stderr, &r->notes, r->fence.config.file);
	fflush(stdout);
}

static int refresh_later(sd_event_source *source, uint64_t usec, void *context);

/*
 * What stands stays in force while the machine cannot be read: an interface that took the tunnel's
 * number still needs the tunnel's address.
 */
static void refresh(struct run *r)
{
	struct err e = {0};
	bool changed = false;

	if (fence_refresh(&r->fence, &changed, &r->notes, &e)) {
		fprintf(stderr, "wgfence: %s; trying again in a second\n", e.text);
		if (sd_event_add_time_relative(r->event, NULL, CLOCK_MONOTONIC, RETRY_USEC, 0,
					       refresh_later, r) < 0)
			fprintf(stderr, "wgfence: cannot even set a timer for it\n");
	} else if (changed) {
		tell_policy(r);
	}
}

static int refresh_later(sd_event_source *source, uint64_t usec, void *context)
{
	(void)source;
	(void)usec;
	refresh(context);
	return 0;
}

static int on_change(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct run *r = context;

	(void)source;
	(void)fd;
	(void)events;
	if (follow_drain(r->nl, r->e))
		return sd_event_exit(r->event, (int)r->e->code);
	refresh(r);
	return 0;
}

static int set_up_loop(struct run *r)
{
	sigset_t signals;
	int err;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	err = sd_event_new(&r->event);
	if (err >= 0)
		err = sd_event_add_signal(r->event, NULL, SIGTERM, NULL, NULL);
	if (err >= 0)
		err = sd_event_add_signal(r->event, NULL, SIGINT, NULL, NULL);
	if (err >= 0)
		err = sd_event_add_io(r->event, NULL, mnl_socket_get_fd(r->nl), EPOLLIN, on_change,
				      r);
	return err < 0 ? err_set(r->e, EXIT_FAILED, "cannot set up the event loop") : 0;
}

static int run_fence(struct run *r, const struct config *c)
{
	int code = EXIT_FAILED;

	r->nl = follow_open(r->e);
	if (!r->nl || set_up_loop(r))
		return (int)r->e->code;
	if (fence_attach(c, &r->fence, &r->notes, r->e))
		return (int)r->e->code;
	attach_tell(&r->fence, &r->notes);
	code = sd_event_loop(r->event);
	fence_close(&r->fence);
	return code < 0 ? EXIT_FAILED : code;
}

int cmd_run(const struct options *o, struct err *e)
{
	struct run r = {.e = e};
	struct config c;
	int code;

	if (o->given & OPT(OPT_DRY_RUN))
		return attach_dry_run(o, e);
	if (o->given & OPT(OPT_LOG))
		load_show_log();
	if (options_config(o, &c, e))
		return (int)e->code;
	code = run_fence(&r, &c);
	if (r.nl)
		mnl_socket_close(r.nl);
	sd_event_unref(r.event);
	return code;
}
