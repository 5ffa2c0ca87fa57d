// SPDX-License-Identifier: GPL-2.0-only
#include "top_model.h"

#include <string.h>

#include "noise.h"
#include "status_flows.h"
#include "words.h"

void top_begin(struct top *t, const char *fence)
{
	enum top_panel panel = t->panel;
	enum top_sort sort = t->sort;
	bool no_noise = t->no_noise;
	char filter[TOP_FILTER];

	memcpy(filter, t->filter, sizeof(filter));
	memset(t, 0, sizeof(*t));
	memcpy(t->filter, filter, sizeof(filter));
	t->fence = fence;
	t->panel = panel;
	t->sort = sort;
	t->no_noise = no_noise;
}

struct wgf_count top_passed(const struct state *s, enum wgf_hook hook, enum wgf_reason reason)
{
	struct wgf_count sum = {0, 0};

	for (unsigned mode = 0; mode < 2; mode++)
		for (unsigned family = 0; family < WGF_N_FAMILIES; family++) {
			const struct wgf_count *c = &s->counters.of[mode][hook][family][reason];

			sum.packets += c->packets;
			sum.bytes += c->bytes;
		}
	return sum;
}

static u64 total_of(const struct state *s, unsigned reason, u64 *ret_audit)
{
	u64 n[2] = {0, 0};

	for (unsigned mode = 0; mode < 2; mode++)
		for (unsigned hook = 0; hook < WGF_N_HOOKS; hook++)
			for (unsigned family = 0; family < WGF_N_FAMILIES; family++)
				n[mode] += s->counters.of[mode][hook][family][reason].packets;
	*ret_audit = n[WGF_AUDIT];
	return n[WGF_ENFORCE] + n[WGF_AUDIT];
}

/* A second; 0 where the counters began anew, or nothing tells how long it was. */
static double per_second(u64 before, u64 after, double seconds)
{
	return after > before && seconds > 0 ? (double)(after - before) / seconds : 0;
}

static void take_rates(struct top *t, const struct state *s)
{
	double seconds = s->now > t->state.now ? (double)(s->now - t->state.now) / 1e9 : 0;
	unsigned sample = t->n_samples % TOP_HISTORY;

	for (unsigned r = 0; r < WGF_N_REASONS; r++) {
		struct top_reason *reason = &t->reasons[r];
		u64 total = total_of(s, r, &reason->audit);

		reason->rate = t->known ? per_second(reason->total, total, seconds) : 0;
		reason->total = total;
		reason->history[sample] = reason->rate;
	}
	t->n_samples += t->known;
	if (!t->known)
		return;
	t->out = per_second(top_passed(&t->state, WGF_EGRESS, WGF_TUNNEL).bytes,
			    top_passed(s, WGF_EGRESS, WGF_TUNNEL).bytes, seconds);
	t->in = per_second(top_passed(&t->state, WGF_INGRESS, WGF_TUNNEL).bytes,
			   top_passed(s, WGF_INGRESS, WGF_TUNNEL).bytes, seconds);
}

/* The same answer twice is of the same instant: nothing to be learned from it. */
void top_take_state(struct top *t, const struct state *s)
{
	t->problem[0] = '\0';
	if (t->paused || (t->known && s->now == t->state.now))
		return;
	take_rates(t, s);
	t->state = *s;
	t->known = true;
}

static bool shown(const struct top *t, unsigned reason, const char *text)
{
	if (t->no_noise && reason_is_noise(reason))
		return false;
	return !t->filter[0] || strcasestr(text, t->filter) ||
	       strcasestr(reasons[reason].label, t->filter);
}

void top_take_event(struct top *t, const struct event_line *l)
{
	struct top_event *e;
	FILE *out;

	if (t->paused) {
		t->unseen++;
		return;
	}
	e = &t->events[t->n_events++ % TOP_EVENTS];
	e->told = l->told;
	memset(e->text, 0, sizeof(e->text));
	out = fmemopen(e->text, sizeof(e->text) - 1, "w");
	if (!out)
		return;
	event_text(out, &e->told, false);
	fclose(out);
	e->text[strcspn(e->text, "\n")] = '\0';
	if (t->at[TOP_LATEST] && shown(t, e->told.event.reason, e->text))
		t->at[TOP_LATEST]++; /* what is looked at stays under the eye */
}

/* Is a to be above b? */
static bool above(const struct top *t, unsigned a, unsigned b)
{
	const struct top_reason *x = &t->reasons[a], *y = &t->reasons[b];

	if (t->sort == TOP_BY_NAME)
		return strcasecmp(reasons[a].text, reasons[b].text) < 0;
	if (t->sort == TOP_BY_RATE && x->rate != y->rate)
		return x->rate > y->rate;
	return x->total > y->total;
}

static unsigned list_part(const struct top *t, bool noise, u8 *list)
{
	unsigned n = 0;

	for (unsigned r = 0; r < WGF_N_REASONS; r++) {
		unsigned at = n;

		if (reasons[r].allows || !t->reasons[r].total || reason_is_noise(r) != noise ||
		    !shown(t, r, reasons[r].text))
			continue;
		for (; at > 0 && above(t, r, list[at - 1]); at--)
			list[at] = list[at - 1];
		list[at] = (u8)r;
		n++;
	}
	return n;
}

unsigned top_list_reasons(const struct top *t, u8 list[WGF_N_REASONS], unsigned *ret_real)
{
	*ret_real = list_part(t, false, list);
	return *ret_real + list_part(t, true, list + *ret_real);
}

unsigned top_list_events(const struct top *t, const struct top_event *list[TOP_EVENTS])
{
	unsigned have = t->n_events < TOP_EVENTS ? t->n_events : TOP_EVENTS, n = 0;

	for (unsigned i = 1; i <= have; i++) {
		const struct top_event *e = &t->events[(t->n_events - i) % TOP_EVENTS];

		if (shown(t, e->told.event.reason, e->text))
			list[n++] = e;
	}
	return n;
}

unsigned top_list_flows(const struct top *t, const struct flow *list[STATE_FLOWS])
{
	char line[TOP_LINE];
	unsigned n = 0;

	for (unsigned i = 0; i < t->state.n_flows; i++) {
		const struct flow *f = &t->state.flows[i];
		unsigned at = n;

		top_flow_line(t, f, line);
		if (!shown(t, f->key.reason, line))
			continue;
		for (; at > 0 && list[at - 1]->value.count < f->value.count; at--)
			list[at] = list[at - 1];
		list[at] = f;
		n++;
	}
	return n;
}

u64 top_blocked(const struct top *t, bool noise)
{
	u64 n = 0;

	for (unsigned r = 0; r < WGF_N_REASONS; r++)
		if (!reasons[r].allows && reason_is_noise(r) == noise)
			n += t->reasons[r].total;
	return n;
}

double top_blocked_rate(const struct top *t, bool noise)
{
	double rate = 0;

	for (unsigned r = 0; r < WGF_N_REASONS; r++)
		if (!reasons[r].allows && reason_is_noise(r) == noise)
			rate += t->reasons[r].rate;
	return rate;
}

void top_flow_line(const struct top *t, const struct flow *f, char line[TOP_LINE])
{
	FILE *out;

	memset(line, 0, TOP_LINE);
	out = fmemopen(line, TOP_LINE - 1, "w");
	if (!out)
		return;
	flow_people(out, f, t->state.now);
	fclose(out);
	line[strcspn(line, "\n")] = '\0';
}
