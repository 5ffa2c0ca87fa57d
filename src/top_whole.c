// SPDX-License-Identifier: GPL-2.0-only
/*
 * What takes the place of the lists: an entry whole, and the help.
 *
 * Owns: their words. An entry's text is wrapped, not cut.
 */
#include <string.h>

#include "noise.h"
#include "top_layout.h"
#include "words.h"

struct page {
	struct canvas *c;
	int row, end;
};

static void put_wrapped(struct page *p, enum look look, const char *text)
{
	size_t room = (size_t)p->c->cols - 2, len = strlen(text);

	for (size_t at = 0; (at < len || !len) && p->row < p->end; at += room) {
		canvas_put(p->c, p->row++, 2, look, "%.*s", (int)room, text + at);
		if (!len)
			break;
	}
}

static void put_reason(struct page *p, unsigned reason)
{
	put_wrapped(p, LOOK_STRONG, reasons[reason].label);
	put_wrapped(p, LOOK_PLAIN, reasons[reason].sentence);
	put_wrapped(p, LOOK_PLAIN,
		    reason_is_noise(reason) ? "Expected noise: no attempt to leave." : "");
}

static void put_counts(const struct top *t, struct page *p, unsigned reason)
{
	for (unsigned mode = 0; mode < 2; mode++)
		for (unsigned hook = 0; hook < WGF_N_HOOKS; hook++)
			for (unsigned family = 0; family < WGF_N_FAMILIES; family++) {
				const struct wgf_count *n =
					&t->state.counters.of[mode][hook][family][reason];

				if (!n->packets || p->row >= p->end)
					continue;
				canvas_put(p->c, p->row++, 2, LOOK_PLAIN,
					   "%-10s %-7s %12llu %s, %llu bytes%s", hook_label(hook),
					   family_label_at(hook, family), n->packets,
					   hook_is_packet(hook) ? "packets" : "calls", n->bytes,
					   mode == WGF_AUDIT ? " (audit: they passed)" : "");
			}
}

static void whole_event(struct page *p, const struct top_event *e)
{
	const struct wgf_event *event = &e->told.event;

	put_wrapped(p, LOOK_PLAIN, e->text);
	if (event_knows_who(event) && p->row < p->end)
		canvas_put(p->c, p->row++, 2, LOOK_PLAIN, "process %u, user %u", event->who.pid,
			   event->who.uid);
	put_wrapped(p, LOOK_PLAIN, "");
	put_reason(p, event->reason);
}

static void whole_flow(const struct top *t, struct page *p, const struct flow *f)
{
	char line[TOP_LINE];

	top_flow_line(t, f, line);
	put_wrapped(p, LOOK_PLAIN, line + strspn(line, " "));
	if (p->row < p->end)
		canvas_put(p->c, p->row++, 2, LOOK_PLAIN, "process %u, user %u, over %llu s",
			   f->value.who.pid, f->value.who.uid,
			   f->value.last > f->value.first
				   ? (f->value.last - f->value.first) / 1000000000ULL
				   : 0);
	put_wrapped(p, LOOK_PLAIN, "");
	put_reason(p, f->key.reason);
}

void top_draw_whole(const struct top *t, struct canvas *c, int row, int rows)
{
	struct page p = {c, row + 1, row + rows};
	const struct top_entry *entry = &t->entry;

	canvas_put(c, row, 0, LOOK_TITLE, "  Whole: Enter or Esc goes back");
	if (!entry->there) {
		put_wrapped(&p, LOOK_PLAIN, "nothing there");
	} else if (entry->panel == TOP_REASONS) {
		put_reason(&p, entry->reason);
		put_counts(t, &p, entry->reason);
	} else if (entry->panel == TOP_LATEST) {
		whole_event(&p, &entry->event);
	} else {
		whole_flow(t, &p, &entry->flow);
	}
}

void top_draw_help(struct canvas *c, int row, int rows)
{
	static const char *const lines[] = {
		"q           quit",
		"p, space    pause: nothing moves until pressed again",
		"/           filter all lists by reason, process, address; Enter ends, Esc clears",
		"n           expected noise on or off",
		"s           sort reasons by rate, total or name",
		"Tab         the next list; arrows, PgUp, PgDn, Home, End move in it",
		"Enter       the entry whole, and what its reason means",
		"f, F        the next fence, the one before",
		"h, ?        this",
		"",
		"Attempts are what would have gone past the tunnel. Expected noise is what",
		"ordinary programs try all day, in the LAN: discovery, UPnP, multicast; binding",
		"to each address in turn; and what others send in. It is dropped all the same.",
		"`a' behind a rate: counted in audit mode, where it passed.",
	};

	canvas_put(c, row++, 0, LOOK_TITLE, "  Help: any key goes back");
	for (int i = 0; i < (int)(sizeof(lines) / sizeof(lines[0])) && i < rows - 1; i++)
		canvas_put(c, row + i, 2, LOOK_PLAIN, "%s", lines[i]);
}
