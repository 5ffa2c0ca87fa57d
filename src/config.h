/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration: what the user asked for, read and checked but not yet compiled.
 *
 * Owns: the file format (docs: wgfence.conf(5)). Must never look at the machine: whether an
 * interface exists is the compiler's question.
 */
#ifndef WGF_CONFIG_H
#define WGF_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "ip.h"
#include "policy.h"
#include "unix_name.h"

#define FENCE_NAME_MAX	    63	  /* a fence's NAME: [A-Za-z0-9_@:-]+ */
#define CONFIG_MAX	    65536 /* bytes of a configuration file */
#define CONFIG_LINE_MAX	    1024  /* bytes of one line, newline not counted */
#define CONFIG_MAX_NETWORKS 32
#define CONFIG_MAX_SERVERS  3  /* as many as libc asks (MAXNS of resolv.h) */
#define CONFIG_INTERVAL	    15 /* of [metrics], where left out */
#define CONFIG_DIR	    "/etc/wgfence"

enum network_kind {
	NETWORK_LOCALHOST, /* the word `localhost` */
	NETWORK_LAN,	   /* the word `lan` */
	NETWORK_INTERFACE, /* an interface's name: its connected prefixes */
	NETWORK_PREFIX,	   /* 10.0.0.0/8: where an interface carries it */
	NETWORK_ROUTED,	   /* 10.0.0.0/8@eth0: behind a gateway on that interface */
};

struct config_network {
	enum network_kind kind;
	unsigned line;
	struct prefix prefix;	 /* PREFIX, ROUTED */
	char ifname[WGF_IFNAME]; /* INTERFACE, ROUTED */
};

struct config_rule {
	unsigned line;
	u8 kind;  /* WGF_CONNECT_RULE or WGF_SERVE_RULE */
	u8 proto; /* WGF_TCP or WGF_UDP */
	u16 port;
	struct prefix remote;
	char ifname[WGF_IFNAME]; /* empty: every interface but the tunnel */
};

/* 0: the number that the fence's name gives (route_numbers()). */
struct config_route {
	bool off;
	u32 table, mark, mask, priority;
};

/* A unix socket that members may reach, beside those that they always may. */
struct config_name {
	unsigned line;
	struct wgf_name name;
};

/* The textfile of the node exporter; directory "": none. */
struct config_metrics {
	char directory[PATH_MAX];
	unsigned interval; /* seconds between two files */
};

struct config {
	char file[PATH_MAX]; /* as it was given, for messages */
	char name[FENCE_NAME_MAX + 1];
	char unit[256]; /* either unit or cgroup, the other is empty */
	char cgroup[PATH_MAX];
	char tunnel[WGF_IFNAME];
	u8 mode; /* enum wgf_mode */
	bool guard_off;
	bool webui;
	u16 webui_port;
	unsigned n_networks;
	struct config_network networks[CONFIG_MAX_NETWORKS];
	unsigned n_servers; /* [dns] server */
	union wgf_ip servers[CONFIG_MAX_SERVERS];
	struct config_route route;
	struct config_metrics metrics;
	unsigned n_rules;
	struct config_rule rules[WGF_MAX_RULES];
	bool unix_off;
	unsigned n_names;
	struct config_name names[WGF_MAX_NAMES];
};

/* True for [A-Za-z0-9_@:-]{1,63}. */
bool fence_name_valid(const char *name);

/* The NAME that a file gives its fence: its own without .conf; not valid where the file's is not.
 */
void fence_name_from_file(const char *file, char out[FENCE_NAME_MAX + 1]);

/*
 * Reads a configuration from memory. `file` is for messages, `name` the fence's. On failure *ret is
 * untouched and e->text is "file:line: key: what was found, what would be right".
 */
int config_parse(const char *text, size_t len, const char *file, const char *name,
		 struct config *ret, struct err *e);

/*
 * Reads a file: by path where `file` is given (its name without .conf becomes NAME), else
 * CONFIG_DIR/NAME.conf. Refuses what is not a regular file, is too large, is not root's or the
 * caller's own, or is writable by others.
 */
int config_read(const char *name, const char *file, struct config *ret, struct err *e);

#endif
