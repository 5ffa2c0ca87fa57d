// SPDX-License-Identifier: GPL-2.0-only
#include "tally.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "words.h"

void tally_legend(struct wgf_legend *ret)
{
	struct wgf_legend l = {
		.magic = WGF_LEGEND_MAGIC,
		.layout = WGF_LAYOUT,
		.hooks = WGF_N_HOOKS,
		.families = WGF_N_FAMILIES,
		.reasons = WGF_MAX_REASONS,
		.fates = WGF_N_FATES,
		.counters_size = sizeof(struct wgf_counters),
		.image_size = sizeof(struct wgf_image),
		.rows_offset = offsetof(struct wgf_image, rows),
		.rows = WGF_ROWS,
		.sums_offset = offsetof(struct wgf_former, sums),
		.done_offset = offsetof(struct wgf_former, done),
	};

	for (unsigned i = 0; i < WGF_N_HOOKS; i++)
		snprintf(l.hook[i], sizeof(l.hook[i]), "%s", hook_label(i));
	for (unsigned i = 0; i < WGF_N_REASONS; i++)
		snprintf(l.reason[i], sizeof(l.reason[i]), "%s", reasons[i].label);
	*ret = l;
}

static size_t cells(const struct wgf_legend *l)
{
	return (size_t)2 * l->hooks * l->families * l->reasons;
}

bool tally_understands(const struct wgf_legend *l)
{
	return l->magic == WGF_LEGEND_MAGIC && l->hooks <= WGF_LEGEND_HOOKS &&
	       l->families <= WGF_N_FAMILIES && l->reasons <= WGF_LEGEND_REASONS &&
	       l->fates <= WGF_LEGEND_REASONS && l->rows <= 65536 &&
	       cells(l) * sizeof(struct wgf_count) + l->fates * sizeof(u64) <= l->counters_size &&
	       (u64)l->rows_offset + (u64)l->rows * sizeof(struct wgf_row) <= l->image_size;
}

static int hook_named(const char *label)
{
	for (int i = 0; i < WGF_N_HOOKS; i++)
		if (strncmp(label, hook_label((enum wgf_hook)i), WGF_LEGEND_TEXT) == 0)
			return i;
	return -1;
}

static int reason_named(const char *label)
{
	for (int i = 0; i < WGF_N_REASONS; i++)
		if (strncmp(label, reasons[i].label, WGF_LEGEND_TEXT) == 0)
			return i;
	return -1;
}

/* Reasons and hooks are never taken away, only added: a label that is not known was never one. */
static void add_hook(const struct wgf_legend *l, const struct wgf_count *from, int hook, int mode,
		     struct wgf_counters *sum)
{
	for (u32 i = 0; i < l->families * l->reasons; i++) {
		int reason = reason_named(l->reason[i % l->reasons]);
		struct wgf_count *to;

		if (reason < 0)
			continue;
		to = &sum->of[mode][hook][i / l->reasons][reason];
		to->packets += from[i].packets;
		to->bytes += from[i].bytes;
	}
}

void tally_counters(const struct wgf_legend *l, const void *counters, struct wgf_counters *sum)
{
	const struct wgf_count *from = counters;
	const u64 *fates = (const u64 *)(from + cells(l));

	for (u32 i = 0; i < 2 * l->hooks; i++) {
		int hook = hook_named(l->hook[i % l->hooks]);

		if (hook >= 0)
			add_hook(l, from + (size_t)i * l->families * l->reasons, hook,
				 (int)(i / l->hooks), sum);
	}
	for (u32 i = 0; i < l->fates && i < WGF_N_FATES; i++)
		sum->records[i] += fates[i];
}

void tally_rows(const struct wgf_legend *l, const void *image, struct wgf_counters *sum)
{
	const struct wgf_row *rows = (const void *)((const char *)image + l->rows_offset);

	for (u32 i = 0; i < l->rows * 4; i++) {
		const struct wgf_count *from = &rows[i / 4].of[i >> 1 & 1][i & 1];
		u32 hook = i & 2 ? WGF_INGRESS : WGF_EGRESS, family = i & 1 ? WGF_IPV6 : WGF_IPV4;
		struct wgf_count *to = &sum->of[WGF_ENFORCE][hook][family][WGF_TUNNEL];

		to->packets += __atomic_load_n(&from->packets, __ATOMIC_RELAXED);
		to->bytes += __atomic_load_n(&from->bytes, __ATOMIC_RELAXED);
	}
}
