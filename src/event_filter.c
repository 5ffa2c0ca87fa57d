// SPDX-License-Identifier: GPL-2.0-only
#include "event_filter.h"

#include <stdint.h>
#include <string.h>

#include "decimal.h"
#include "near.h"
#include "words.h"

static int no_reason(const char *text, size_t len, struct err *e)
{
	unsigned nearest = 0, best = ~0U;

	for (unsigned r = 0; r < WGF_N_REASONS; r++) {
		unsigned d = reasons[r].allows ? ~0U : near_distance(text, len, reasons[r].label);

		if (d < best) {
			best = d;
			nearest = r;
		}
	}
	return err_set(
		e, EXIT_MISUSE,
		"--reason: there is no reason `%.*s`; the nearest is `%s`, and --reason help "
		"lists all",
		(int)len, text, reasons[nearest].label);
}

static int read_reasons(const char *text, u64 *ret, struct err *e)
{
	for (;; text++) {
		size_t len = strcspn(text, ",");
		bool found = false;

		for (unsigned r = 0; r < WGF_N_REASONS; r++)
			if (!reasons[r].allows && strlen(reasons[r].label) == len &&
			    strncmp(text, reasons[r].label, len) == 0) {
				*ret |= 1ULL << r;
				found = true;
			}
		if (!found)
			return no_reason(text, len < 40 ? len : 40, e);
		text += len;
		if (!*text)
			return 0;
	}
}

/* ADDRESS, ADDRESS/LEN, either with :PORT; of IPv6 in brackets then; or :PORT alone. */
static int read_to(const char *to, struct event_filter *f, struct err *e)
{
	char text[IP_TEXT + 16], why[256];
	const char *wrong = NULL;
	char *port = NULL, *address = text;
	unsigned number = 0;

	if (snprintf(text, sizeof(text), "%s", to) >= (int)sizeof(text))
		return err_set(e, EXIT_MISUSE, "--to: too long for an address");
	if (text[0] == '[') {
		char *end = strchr(text, ']');

		if (!end || (end[1] && end[1] != ':'))
			return err_set(e, EXIT_MISUSE,
				       "--to: found `%s`, [ADDRESS]:PORT would be right", to);
		port = end[1] ? end + 2 : NULL;
		*end = '\0';
		address++;
	} else if (strchr(text, ':') == strrchr(text, ':') && strchr(text, ':')) {
		port = strchr(text, ':');
		*port++ = '\0';
	}
	if (port && (!decimal_parse(port, UINT16_MAX, &number) || !number))
		return err_set(e, EXIT_MISUSE, "--to: found port `%s`, 1 to 65535 would be right",
			       port);
	f->port = (u16)number;
	f->has_remote = *address;
	if (f->has_remote)
		wrong = prefix_parse(address, &f->remote, why, sizeof(why));
	return wrong ? err_set(e, EXIT_MISUSE, "--to: %s", wrong) : 0;
}

int event_filter_read(const char *reason, const char *process, const char *to,
		      struct event_filter *ret, struct err *e)
{
	*ret = (struct event_filter){.process = process};
	if (reason && read_reasons(reason, &ret->reasons, e))
		return -1;
	return to ? read_to(to, ret, e) : 0;
}

/* The kernel cuts the name of a thread to 15 characters: so is what is asked for. */
static bool is_process(const struct wgf_event *e, const char *name)
{
	return event_knows_who(e) && strncmp(e->who.comm, name, WGF_COMM - 1) == 0;
}

/* The other end; of a packet that came in, where it came from. */
static bool is_remote(const struct event_filter *f, const struct wgf_event *e)
{
	if (!event_knows_remote(e))
		return false;
	return (!f->has_remote || prefix_covers(&f->remote, &e->remote)) &&
	       (!f->port || f->port == e->remote_port);
}

bool event_filter_passes(const struct event_filter *f, const struct told *t)
{
	const struct wgf_event *e = &t->event;

	return (!f->reasons || f->reasons & 1ULL << e->reason) &&
	       (!f->process || is_process(e, f->process)) &&
	       (!(f->has_remote || f->port) || is_remote(f, e));
}
