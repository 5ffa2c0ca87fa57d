// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the textfile of metrics goes, and how often.
 *
 * Owns: what these may be. Whether there is such a directory is no error of the configuration: the
 * fence stands without.
 */
#include <string.h>

#include "config_parser.h"
#include "decimal.h"

#define LONGEST 3600

_Static_assert(CONFIG_LINE_MAX < sizeof(((struct config_metrics *)0)->directory), "a line fits");

int read_metrics_directory(struct parser *p, char *value)
{
	size_t len = strlen(value);

	if (*value != '/' || len < 2)
		return refuse(p,
			      "found \"%s\", the node exporter's directory, from / on, would be "
			      "right",
			      SHOW(value));
	memcpy(p->c->metrics.directory, value, len + 1);
	return 0;
}

/* Whoever scrapes more seldom than once an hour calls it gone. */
int read_metrics_interval(struct parser *p, char *value)
{
	if (!decimal_parse(value, LONGEST, &p->c->metrics.interval) || !p->c->metrics.interval)
		return refuse(p, "found \"%s\", seconds from 1 to %d would be right", SHOW(value),
			      LONGEST);
	return 0;
}
