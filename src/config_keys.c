// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys of a configuration.
 *
 * Owns: the table of sections and keys, and the readers of single values. A reader judges its value
 * alone; what two keys make of each other is config_check.c's.
 */
#include <stdio.h>
#include <string.h>

#include "config_parser.h"
#include "decimal.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"

bool fence_name_valid(const char *name)
{
	size_t len = strlen(name);

	return len && len <= FENCE_NAME_MAX && strspn(name, LETTERS DIGITS "_@:-") == len;
}

/* As systemd has it, and of a unit that can run: PREFIX@.service is only a template of some. */
static bool unit_valid(const char *unit)
{
	size_t len = strlen(unit), suffix = strlen(".service");

	return len > suffix && len < sizeof(((struct config *)0)->unit) &&
	       strspn(unit, LETTERS DIGITS ":_.\\@-") == len &&
	       strcmp(unit + len - suffix, ".service") == 0 && unit[0] != '@' &&
	       unit[len - suffix - 1] != '@';
}

static int read_unit(struct parser *p, char *value)
{
	if (!unit_valid(value))
		return refuse(p,
			      "found \"%s\", the full name of a service such as "
			      "qbittorrent.service would be right",
			      SHOW(value));
	snprintf(p->c->unit, sizeof(p->c->unit), "%s", value);
	return 0;
}

_Static_assert(CONFIG_LINE_MAX < PATH_MAX, "a line's path fits");

bool path_is_plain(const char *path)
{
	for (const char *name = path; *name; name += strcspn(name, "/")) {
		size_t len = strcspn(++name, "/");

		if (len == 0 || (len == 1 && name[0] == '.') ||
		    (len == 2 && name[0] == '.' && name[1] == '.'))
			return false;
	}
	return true;
}

static int read_cgroup(struct parser *p, char *value)
{
	if (*value != '/')
		return refuse(p,
			      "found \"%s\", a path inside cgroup2 that starts with / would be "
			      "right",
			      SHOW(value));
	if (!value[1])
		return refuse(p, "found \"/\", which is the whole machine, the path of one cgroup "
				 "would be right");
	if (!path_is_plain(value))
		return refuse(p,
			      "found \"%s\", a path without \"//\", \".\", \"..\" or a "
			      "slash at its end would be right",
			      SHOW(value));
	snprintf(p->c->cgroup, sizeof(p->c->cgroup), "%s", value);
	return 0;
}

int read_ifname(const struct parser *p, const char *text, char ret[WGF_IFNAME])
{
	size_t len = strlen(text);

	/* The kernel's own rule (dev_valid_name()); it has no '@', which `ip link` adds: eth0@if3.
	 */
	if (!len || len >= WGF_IFNAME || strpbrk(text, "/:@ \t") || strcmp(text, ".") == 0 ||
	    strcmp(text, "..") == 0)
		return refuse(p,
			      "found \"%s\", an interface's name (1 to %d bytes without blanks, "
			      "\"/\", \":\" and \"@\") would be right",
			      SHOW(text), WGF_IFNAME - 1);
	if (strcmp(text, "localhost") == 0 || strcmp(text, "lan") == 0)
		return refuse(p,
			      "found \"%s\", a word of [webui] that names no interface, an "
			      "interface's name would be right",
			      text);
	memcpy(ret, text, len + 1);
	return 0;
}

static int read_tunnel(struct parser *p, char *value)
{
	if (strcmp(value, "lo") == 0)
		return refuse(p, "found \"lo\", the loopback interface, a tunnel such as wg0 would "
				 "be right");
	return read_ifname(p, value, p->c->tunnel);
}

static int read_mode(struct parser *p, char *value)
{
	if (strcmp(value, "enforce") == 0)
		p->c->mode = WGF_ENFORCE;
	else if (strcmp(value, "audit") == 0)
		p->c->mode = WGF_AUDIT;
	else
		return refuse(p, "found \"%s\", enforce or audit would be right", SHOW(value));
	return 0;
}

int read_port(const struct parser *p, const char *text, u16 *ret)
{
	unsigned port;

	if (!decimal_parse(text, 65535, &port) || !port)
		return refuse(p,
			      "found \"%s\", a port from 1 to 65535 in plain decimal would be "
			      "right",
			      SHOW(text));
	*ret = (u16)port;
	return 0;
}

static int read_webui_port(struct parser *p, char *value)
{
	return read_port(p, value, &p->c->webui_port);
}

/* on, or off. */
int read_switch(const struct parser *p, const char *value, bool *ret_off)
{
	*ret_off = strcmp(value, "off") == 0;
	if (!*ret_off && strcmp(value, "on") != 0)
		return refuse(p, "found \"%s\", on or off would be right", SHOW(value));
	return 0;
}

static int read_guard(struct parser *p, char *value)
{
	return read_switch(p, value, &p->c->guard_off);
}

const char *const config_sections[N_SECTIONS] = {
	[SECTION_FENCE] = "fence",     [SECTION_WEBUI] = "webui", [SECTION_DNS] = "dns",
	[SECTION_RULES] = "rules",     [SECTION_ROUTE] = "route", [SECTION_UNIX] = "unix",
	[SECTION_METRICS] = "metrics",
};

// clang-format off
const struct key config_keys[N_KEYS] = {
	[KEY_UNIT]    = {SECTION_FENCE, "unit",   false, read_unit},
	[KEY_CGROUP]  = {SECTION_FENCE, "cgroup", false, read_cgroup},
	[KEY_TUNNEL]  = {SECTION_FENCE, "tunnel", false, read_tunnel},
	[KEY_MODE]    = {SECTION_FENCE, "mode",   false, read_mode},
	[KEY_PORT]    = {SECTION_WEBUI, "port",   false, read_webui_port},
	[KEY_NETWORK] = {SECTION_WEBUI, "allow",  true,  read_networks},
	[KEY_SERVER]  = {SECTION_DNS,   "server", false, read_servers},
	[KEY_RULE]    = {SECTION_RULES, "allow",  true,  read_rule},
	[KEY_ROUTE]    = {SECTION_FENCE, "route",    false, read_route},
	[KEY_GUARD]    = {SECTION_FENCE, "guard",    false, read_guard},
	[KEY_TABLE]    = {SECTION_ROUTE, "table",    false, read_route_table},
	[KEY_MARK]     = {SECTION_ROUTE, "mark",     false, read_route_mark},
	[KEY_PRIORITY] = {SECTION_ROUTE, "priority", false, read_route_priority},
	[KEY_UNIX]     = {SECTION_FENCE, "unix",     false, read_unix},
	[KEY_NAME]     = {SECTION_UNIX,  "allow",    true,  read_unix_names},
	[KEY_DIRECTORY] = {SECTION_METRICS, "directory", false, read_metrics_directory},
	[KEY_INTERVAL]  = {SECTION_METRICS, "interval",  false, read_metrics_interval},
};
// clang-format on
