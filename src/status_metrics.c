// SPDX-License-Identifier: GPL-2.0-only
#include "status_metrics.h"

#include <stdbool.h>

#include "json.h"
#include "textfile.h"

#define LATE_SECONDS 5 /* beyond two intervals: a disk that is slow for a moment */

static bool is_stale(const struct config *c, long long age)
{
	return age > 2LL * c->metrics.interval + LATE_SECONDS;
}

void metrics_people(FILE *out, const struct config *c)
{
	struct err e;
	long long age;

	if (!c->metrics.directory[0])
		return;
	age = textfile_age(c->metrics.directory, c->name, &e);
	fprintf(out, "%-10s  ", "metrics");
	if (age < 0)
		fprintf(out, "ERROR: %s: wgfence run writes it, its journal says why not\n",
			e.text);
	else if (is_stale(c, age))
		fprintf(out,
			"ERROR: not written to %s for %lld s: wgfence run does it each %u s, its "
			"journal says why not\n",
			c->metrics.directory, age, c->metrics.interval);
	else
		fprintf(out, "written to %s %lld s ago\n", c->metrics.directory, age);
}

void metrics_json(FILE *out, const struct config *c)
{
	struct err e;
	long long age;

	if (!c || !c->metrics.directory[0]) {
		fprintf(out, "  \"metrics\": null,\n");
		return;
	}
	age = textfile_age(c->metrics.directory, c->name, &e);
	fprintf(out, "  \"metrics\": {\"directory\": ");
	json_string(out, c->metrics.directory);
	fprintf(out, ", \"fresh\": %s},\n", age >= 0 && !is_stale(c, age) ? "true" : "false");
}
