// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line under libFuzzer: options, the packets and calls that `explain` is told of, the
 * filters of `events`, and instants.
 *
 * Owns: what must hold of it for every input: what is refused says why; facts that are taken have a
 * verdict, and are of one family; an instant is none of the future that nobody asked for, and reads
 * back.
 *
 * An input is words, a line each.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../bpf/verdict.h"
#include "event_filter.h"
#include "explain_facts.h"
#include "must.h"
#include "options.h"
#include "since.h"
#include "unix_text.h"
#include "words.h"

#define MAX_WORDS 32
#define NOW	  1795000000ULL
#define YEAR_9999 253402300799ULL

static const struct verb verb = {
	.name = "explain", .arguments = "NAME HOOK", .options = ~0U, .takes_what = true};
static struct link links[] = {{.ifindex = 2, .name = "eth0"}, {.ifindex = 7, .name = "wg0"}};
static const struct inventory inv = {.links = links, .n_links = 2};

static void check_error(const struct err *e)
{
	MUST(e->text[0] && memchr(e->text, 0, sizeof(e->text)));
	MUST(e->code == EXIT_MISUSE);
}

static void check_facts(const struct wgf_facts *f, enum wgf_hook hook)
{
	static const struct wgf_policy closed;
	u32 reason = wgf_verdict(&closed, f, hook);

	MUST(reason < WGF_N_REASONS);
	MUST(!reasons[reason].allows || (hook != WGF_EGRESS && hook != WGF_INGRESS));
	MUST(!hook_is_packet(hook) || wgf_is_v4(&f->local) == wgf_is_v4(&f->remote));
	MUST(f->family == WGF_IPV4 || f->family == WGF_IPV6);
}

static void explain(const struct options *o)
{
	struct wgf_facts f = {0};
	enum wgf_hook hook;
	struct err e = {.text = ""};

	if (explain_hook(o->what, &hook, &e) || explain_facts(o, hook, &inv, &f, &e))
		check_error(&e);
	else
		check_facts(&f, hook);
}

static void filter(const struct options *o)
{
	struct event_filter f;
	struct told t = {.event = {.reason = WGF_DNS}};
	struct err e = {.text = ""};

	if (event_filter_read(o->value[OPT_REASON], o->value[OPT_PROCESS], o->value[OPT_TO], &f,
			      &e))
		check_error(&e);
	else
		event_filter_passes(&f, &t);
}

static void name(const char *text)
{
	char out[NAME_TEXT];
	struct wgf_name n, again;

	if (!text || !name_parse(text, &n))
		return;
	MUST(n.len <= WGF_NAME_BYTES);
	MUST(name_parse(name_print(n.bytes, n.len, n.len, out), &again));
	MUST(memcmp(&n, &again, sizeof(n)) == 0);
}

static void instant(const char *text)
{
	char calendar[64];
	time_t t;
	u64 then, again;
	struct tm tm;

	if (!text || !since_parse(text, NOW, &then))
		return;
	MUST(!strstr(text, "ago") || then <= NOW);
	if (then > YEAR_9999) /* %Y reads four digits */
		return;
	t = (time_t)then;
	MUST(localtime_r(&t, &tm) && strftime(calendar, sizeof(calendar), "%F %T", &tm));
	MUST(since_parse(calendar, NOW, &again) && again == then);
}

/* No hour is there twice. */
__attribute__((constructor)) static void begin(void)
{
	setenv("TZ", "UTC0", 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *rest = text,
	     *words[MAX_WORDS + 1] = {NULL};
	struct err e = {.text = ""};
	struct options o;
	int n = 0;

	MUST(text);
	while (n < MAX_WORDS && (words[n] = strsep(&rest, "\n")))
		n++;
	words[n] = NULL;
	if (options_parse(&verb, n, words, &o, &e)) {
		check_error(&e);
	} else {
		explain(&o);
		filter(&o);
		name(o.value[OPT_UNIX]);
		instant(o.value[OPT_SINCE]);
	}
	free(text);
	return 0;
}
