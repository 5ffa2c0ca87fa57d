/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line: verbs and options.
 *
 * Owns: one table of options from which parsing, the refusals and --help come, and the form of a
 * verb. Must never do what a verb does.
 */
#ifndef WGF_OPTIONS_H
#define WGF_OPTIONS_H

#include <stdbool.h>

#include "config.h"

enum option_id {
	OPT_CONFIG,
	OPT_JSON,
	OPT_DRY_RUN,
	OPT_FORCE,
	OPT_LOG,
	OPT_WOULD_BE,
	OPT_PROTO,
	OPT_FROM,
	OPT_TO,
	OPT_DEV,
	OPT_FLAGS,
	OPT_TYPE,
	OPT_OPTION,
	OPT_NAME,
	OPT_INTERFACE,
	OPT_YES,
	OPT_REMOVE,
	OPT_ALLOW_AUDIT,
	OPT_TUNNEL,
	OPT_LIVE,
	OPT_HERE,
	OPT_UNIX,
	OPT_ONCE,
	OPT_REASON,
	OPT_PROCESS,
	OPT_REMOTE,
	OPT_SINCE,
	OPT_VERBOSE,
	N_OPTIONS
};

#define OPT(id) (1u << (id))

struct options {
	const char
		*name; /* the fence's, from the command line or the file's name; init: the unit's */
	const char *what; /* explain: the hook */
	unsigned given;	  /* OPT() of those that were */
	const char *value[N_OPTIONS];
	char buffer[FENCE_NAME_MAX + 1];
};

struct verb {
	const char *name, *arguments, *summary, *help;
	unsigned options; /* OPT() of those that it takes */
	bool takes_what;
	int (*run)(const struct options *o,
		   struct err *e); /* an exit code; e filled where not fine */
};

int options_parse(const struct verb *verb, int argc, char **argv, struct options *ret,
		  struct err *e);
void options_help(const struct verb *verb);

/* Reads the configuration that the options name. */
int options_config(const struct options *o, struct config *ret, struct err *e);

#endif
