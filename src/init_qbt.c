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
		const char *otherwise, const char *dir, char ret[PLACE_MAX])
{
	const char *base = qbt_value(environment, variable);

	if (base && *base == '/')
		return snprintf(ret, PLACE_MAX, "%s/%s", base, dir) < PLACE_MAX;
	if (strcmp(home, "/") == 0)
		home = "";
	else if (*home != '/')
		return false;
	return snprintf(ret, PLACE_MAX, "%s/%s/%s", home, otherwise, dir) < PLACE_MAX;
}

/* "qBittorrent", or with the name of a configuration "qBittorrent_NAME". */
static bool own_dir(const char *name, char *ret, size_t size)
{
	bool named = name && *name;

	return (size_t)snprintf(ret, size, "qBittorrent%s%s", named ? "_" : "", named ? name : "") <
		       size &&
	       !strchr(ret, '/');
}

static bool below_profile(const char *profile, const char *dir, struct qbt_places *ret)
{
	const struct {
		char *to;
		const char *name;
	} places[] = {{ret->config_dir, ""},
		      {ret->conf, "/config/qBittorrent.conf"},
		      {ret->data, "/data"}};

	ret->profile = true;
	for (unsigned i = 0; i < 3; i++)
		if (snprintf(places[i].to, PLACE_MAX, "%s/%s%s", profile, dir, places[i].name) >=
		    PLACE_MAX)
			return false;
	return *profile == '/';
}

bool qbt_places(const struct list *argv, const struct list *environment, const char *home,
		struct qbt_places *ret)
{
	const char *profile = setting(argv, environment, "--profile", "QBT_PROFILE");
	const char *name = setting(argv, environment, "--configuration", "QBT_CONFIGURATION");
	char dir[256];

	*ret = (struct qbt_places){0};
	if (!own_dir(name, dir, sizeof(dir)))
		return false;
	if (profile && *profile)
		return below_profile(profile, dir, ret);
	return xdg(environment, "XDG_CONFIG_HOME", home, ".config", dir, ret->config_dir) &&
	       xdg(environment, "XDG_DATA_HOME", home, ".local/share", dir, ret->data) &&
	       xdg(environment, "XDG_CACHE_HOME", home, ".cache", dir, ret->cache) &&
	       snprintf(ret->conf, PLACE_MAX, "%.*s/qBittorrent.conf", PLACE_MAX - 18,
			ret->config_dir) < PLACE_MAX;
}
