/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the configuration's parser share. Private to src/config*.c.
 *
 * Owns: the parser's state and the division of labour:
 *   config_lines.c     bytes to lines: sections, keys, values
 *   config_keys.c      the table of keys, and the readers of single values
 *   config_networks.c  lists of networks and of servers
 *   config_rules.c     rules
 *   config_route.c     the numbers of routing
 *   config_unix.c      names of unix sockets
 *   config_metrics.c   the textfile of metrics
 *   config_check.c     what can be judged only once all of it is read: sections come in any order
 *   config_refuse.c    messages
 * All of it is pure, allocates nothing and takes linear time. A reader returns 0, or -1 by
 * refuse().
 */
#ifndef WGF_CONFIG_PARSER_H
#define WGF_CONFIG_PARSER_H

#include "config.h"

enum config_section {
	SECTION_FENCE,
	SECTION_WEBUI,
	SECTION_DNS,
	SECTION_RULES,
	SECTION_ROUTE,
	SECTION_UNIX,
	SECTION_METRICS,
	N_SECTIONS
};

enum config_key {
	KEY_UNIT,
	KEY_CGROUP,
	KEY_TUNNEL,
	KEY_MODE,
	KEY_PORT,
	KEY_NETWORK,
	KEY_SERVER,
	KEY_RULE,
	KEY_ROUTE,
	KEY_TABLE,
	KEY_MARK,
	KEY_PRIORITY,
	KEY_UNIX,
	KEY_NAME,
	KEY_GUARD,
	KEY_DIRECTORY,
	KEY_INTERVAL,
	N_KEYS
};

struct parser {
	const char *file;
	unsigned line;	 /* the place that a refusal names: 0 is the file as a whole */
	const char *key; /* NULL where no key is concerned */
	struct err *e;
	struct config *c;	      /* in the making */
	unsigned section[N_SECTIONS]; /* the line in which it was opened; 0: not yet */
	unsigned set[N_KEYS];	      /* the line in which it was set first; 0: not yet */
};

/* config_refuse.c */

/* Fills the err with "file:line: key: " and the rest; returns -1. */
int refuse(const struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Input as it may be printed: printable ASCII, everything else as \xNN, a long text cut. Each
 * SHOW() has a buffer of its own, so one message can hold several.
 */
#define SHOW_TEXT  256
#define SHOW(text) show(text, (char[SHOW_TEXT]){0})
const char *show(const char *text, char out[SHOW_TEXT]);

/* Could `word` be a slip of the pen for `known`? */
bool resembles(const char *word, const char *known);

/* config_lines.c */

enum line_kind { LINE_NONE, LINE_SECTION, LINE_KEY };

struct lines {
	const char *at, *end; /* what is still to be read */
	char text[CONFIG_LINE_MAX + 1];
	enum line_kind kind; /* LINE_NONE: the end of the file */
	char *name;	     /* of the section or the key; in text, trimmed */
	char *value;	     /* of the key; may be empty */
};

/* The next line that says something; p->line becomes its number. */
int lines_next(struct lines *l, struct parser *p);

/* The next word of a list separated by blanks, ended in place; NULL at its end. */
char *word_next(char **rest);

/* config_keys.c */

struct key {
	enum config_section section;
	const char *name;
	bool repeats;
	int (*read)(struct parser *p, char *value); /* may write into value */
};

extern const char *const config_sections[N_SECTIONS];
extern const struct key config_keys[N_KEYS];

int read_port(const struct parser *p, const char *text, u16 *ret);
int read_switch(const struct parser *p, const char *value, bool *ret_off);
int read_ifname(const struct parser *p, const char *text, char ret[WGF_IFNAME]);

/* Of an absolute path: without "//", ".", ".." or a slash at its end. */
bool path_is_plain(const char *path);

/* config_networks.c, config_rules.c */

/* A prefix, or an address alone, wherever it leads. */
int read_prefix(const struct parser *p, const char *text, struct prefix *ret);

int read_networks(struct parser *p, char *value);
int read_servers(struct parser *p, char *value);
int read_rule(struct parser *p, char *value);

/* config_route.c */

int read_route(struct parser *p, char *value);
int read_route_table(struct parser *p, char *value);
int read_route_mark(struct parser *p, char *value);
int read_route_priority(struct parser *p, char *value);

/* config_unix.c */

int read_unix(struct parser *p, char *value);
int read_unix_names(struct parser *p, char *value);
/* config_metrics.c */

int read_metrics_directory(struct parser *p, char *value);
int read_metrics_interval(struct parser *p, char *value);

/* config_check.c */

int config_check(struct parser *p);

#endif
