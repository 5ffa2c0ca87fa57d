// SPDX-License-Identifier: GPL-2.0-only
#include "init_qbt.h"

#include <stdio.h>
#include <string.h>

#include "decimal.h"

bool qbt_runs(const struct list *argv)
{
	for (unsigned i = 0; i < argv->n; i++) {
		const char *slash = strrchr(argv->v[i], '/');

		if (strncmp(slash ? slash + 1 : argv->v[i], "qbittorrent", 11) == 0)
			return true;
	}
	return false;
}

const char *qbt_value(const struct list *words, const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = words->n; i-- > 0;)
		if (strncmp(words->v[i], name, len) == 0 && words->v[i][len] == '=')
			return words->v[i] + len + 1;
	return NULL;
}

const char *qbt_option(const struct list *argv, const struct list *environment, const char *name)
{
	const char *value = qbt_value(argv, name);
	char variable[64];
	size_t len;

	if (!value || *value != '$')
		return value;
	value += value[1] == '{' ? 2 : 1;
	len = strcspn(value, "}");
	if (len >= sizeof(variable) || (value[len] && value[len + 1]))
		return NULL;
	memcpy(variable, value, len);
	variable[len] = '\0';
	return qbt_value(environment, variable);
}

bool qbt_port(const char *text, u16 *ret)
{
	unsigned port;

	if (!decimal_parse(text, 65535, &port) || port == 0)
		return false;
	*ret = (u16)port;
	return true;
}

static const char *setting(const struct list *argv, const struct list *environment,
			   const char *option, const char *variable)
{
	const char *value = qbt_option(argv, environment, option);

	return value ? value : qbt_value(environment, variable);
}

/* XDG_..._HOME where set and absolute, else HOME/DEFAULT; then the program's own directory. */
static bool xdg(const struct list *environment, const char *variable, const char *home,
		const char *otherwise, const char *dir, char *ret, size_t size)
{
	const char *base = qbt_value(environment, variable);

	if (base && *base == '/')
		return (size_t)snprintf(ret, size, "%s/%s", base, dir) < size;
	return *home == '/' &&
	       (size_t)snprintf(ret, size, "%s/%s/%s", strcmp(home, "/") ? home : "", otherwise,
				dir) < size;
}

bool qbt_places(const struct list *argv, const struct list *environment, const char *home,
		struct qbt_places *ret)
{
	const char *profile = setting(argv, environment, "--profile", "QBT_PROFILE");
	const char *name = setting(argv, environment, "--configuration", "QBT_CONFIGURATION");
	char dir[256];

	*ret = (struct qbt_places){.profile = profile && *profile};
	if ((size_t)snprintf(dir, sizeof(dir), "qBittorrent%s%s", name && *name ? "_" : "",
			     name ? name : "") >= sizeof(dir) ||
	    strchr(dir, '/'))
		return false;
	if (ret->profile)
		return *profile == '/' &&
		       (size_t)snprintf(ret->config_dir, sizeof(ret->config_dir), "%s/%s", profile,
					dir) < sizeof(ret->config_dir) &&
		       (size_t)snprintf(ret->conf, sizeof(ret->conf),
					"%s/%s/config/qBittorrent.conf", profile,
					dir) < sizeof(ret->conf) &&
		       (size_t)snprintf(ret->data, sizeof(ret->data), "%s/%s/data", profile, dir) <
			       sizeof(ret->data);
	return xdg(environment, "XDG_CONFIG_HOME", home, ".config", dir, ret->config_dir,
		   sizeof(ret->config_dir)) &&
	       xdg(environment, "XDG_DATA_HOME", home, ".local/share", dir, ret->data,
		   sizeof(ret->data)) &&
	       xdg(environment, "XDG_CACHE_HOME", home, ".cache", dir, ret->cache,
		   sizeof(ret->cache)) &&
	       (size_t)snprintf(ret->conf, sizeof(ret->conf), "%.*s/qBittorrent.conf",
				(int)sizeof(ret->conf) - 18, ret->config_dir) < sizeof(ret->conf);
}
