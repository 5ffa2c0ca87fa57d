// SPDX-License-Identifier: GPL-2.0-only
/* What the daemon says, to whoever started it and to the service manager. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon_parts.h"
#include "entry.h"
#include "ip.h"
#include "message_ids.h"
#include "policy_print.h"
#include "tell.h"
#include "words.h"

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

void tell_entry(const struct daemon *d, struct entry *e)
{
	const struct config *c = &d->fence.config;

	entry_field(e, "WGFENCE_FENCE", "%s", c->name);
	if (c->unit[0])
		entry_field(e, "WGFENCE_UNIT", "%s", c->unit);
	entry_field(e, "WGFENCE_CGROUP", "%s", d->fence.cgroup.path);
	entry_send(e);
}

void tell_failure(const struct daemon *d, const struct err *e)
{
	struct entry entry;

	entry_begin(&entry, STDERR_FILENO, ID_METRICS_FAILED, LOG_ERR, "wgfence: %s", e->text);
	tell_entry(d, &entry);
}

/* The tunnel's coming and going is a change of the policy: one entry, of the kind that matters. */
void tell_policy(struct daemon *d)
{
	const struct wgf_policy *p = image_in_force(d->fence.image.map);
	const char *state = p->n_tunnels ? "is up" : "is not there";
	bool there = p->n_tunnels, same = there == d->tunnel_told;
	struct entry e;

	entry_begin(&e, STDOUT_FILENO,
		    same    ? ID_POLICY
		    : there ? ID_TUNNEL_BACK
			    : ID_TUNNEL_LOST,
		    same || there ? LOG_INFO : LOG_WARNING,
		    "policy %llu: tunnel %s %s, %u addresses, %u networks, %u rules", p->generation,
		    p->names[0], state, p->n_sources, p->n_networks, p->n_rules);
	entry_field(&e, "WGFENCE_TUNNEL", "%s", p->names[0]);
	entry_field(&e, "WGFENCE_GENERATION", "%llu", p->generation);
	tell_entry(d, &e);
	d->tunnel_told = there;
	tell_notes(d);
	sd_notifyf(0, "STATUS=policy %llu in force, tunnel %s %s", p->generation, p->names[0],
		   state);
}

void tell_stands(struct daemon *d)
{
	const struct fence *f = &d->fence;
	const struct wgf_policy *p = image_in_force(f->image.map);
	const char *mode =
		f->config.mode == WGF_AUDIT ? " in audit mode: it counts and drops nothing" : "";
	struct entry e;

	entry_begin(&e, STDOUT_FILENO, ID_STANDS,
		    f->config.mode == WGF_AUDIT ? LOG_WARNING : LOG_NOTICE,
		    "fence %s stands on %s%s", f->config.name, f->cgroup.path, mode);
	entry_field(&e, "WGFENCE_TUNNEL", "%s", p->names[0]);
	entry_field(&e, "WGFENCE_GENERATION", "%llu", p->generation);
	tell_entry(d, &e);
	d->tunnel_told = p->n_tunnels;
	sd_notifyf(0, "STATUS=fence %s stands on %s%s", f->config.name, f->cgroup.path, mode);
}

/*
 * The kernel tells numbers of its first namespace (its inode: PROC_PID_INIT_INO): to a journal in a
 * container they are none, or somebody else's.
 */
static bool knows_our_numbers(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == 0xEFFFFFFCU;
}

static void add_who(struct entry *e, const struct wgf_event *event)
{
	char name[4 * WGF_COMM + 1];
	FILE *f = fmemopen(name, sizeof(name), "w");

	if (!f)
		return;
	event_text_name(f, event->who.comm, sizeof(event->who.comm));
	fclose(f);
	entry_field(e, "WGFENCE_COMM", "%s", name);
	entry_field(e, "WGFENCE_PID", "%u", event->who.pid);
	entry_field(e, "WGFENCE_UID", "%u", event->who.uid);
	/* With it the journal shows the entry among those of the member's own unit, too. */
	if (knows_our_numbers())
		entry_field(e, "OBJECT_PID", "%u", event->who.pid);
}

static void add_destination(struct entry *e, const struct wgf_event *event)
{
	const char *protocol = event_protocol(event->proto);
	char text[NAME_TEXT];

	if (event_name_length(event)) {
		entry_field(e, "WGFENCE_NAME", "%s", event_name(event, text));
		entry_field(e, "WGFENCE_NAME_LENGTH", "%zu", event_name_length(event));
	}
	if (protocol)
		entry_field(e, "WGFENCE_PROTOCOL", "%s", protocol);
	if (event_knows_remote(event)) {
		entry_field(e, "WGFENCE_REMOTE", "%s", ip_print(&event->remote, text));
		entry_field(e, "WGFENCE_REMOTE_PORT", "%u", event->remote_port);
	}
	if (event_knows_local(event)) {
		entry_field(e, "WGFENCE_LOCAL", "%s", ip_print(&event->local, text));
		entry_field(e, "WGFENCE_LOCAL_PORT", "%u", event->local_port);
	}
}

/* Audit mode and enforcement differ in the text and in a field, not in the kind. */
void tell_first(const struct daemon *d, const struct told *t)
{
	const struct wgf_event *event = &t->event;
	char text[512] = "";
	FILE *f = fmemopen(text, sizeof(text) - 1, "w");
	struct entry e;

	if (!f)
		return;
	event_text(f, t, false);
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	entry_begin(&e, STDOUT_FILENO, ID_FIRST_DROP, LOG_WARNING, "the first of its kind: %s",
		    text);
	entry_field(&e, "WGFENCE_REASON", "%s", reasons[event->reason].label);
	entry_field(&e, "WGFENCE_HOOK", "%s", hook_label(event->hook));
	entry_field(&e, "WGFENCE_FAMILY", "%s", family_label_at(event->hook, event->family));
	entry_field(&e, "WGFENCE_MODE", "%s", event->mode == WGF_AUDIT ? "audit" : "enforce");
	if (t->ifname[0])
		entry_field(&e, "WGFENCE_INTERFACE", "%s", t->ifname);
	add_destination(&e, event);
	if (event_knows_who(event))
		add_who(&e, event);
	tell_entry(d, &e);
}
