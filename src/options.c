// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <stdio.h>
#include <string.h>

/* An argument in brackets may be left out, and is only taken behind a "=". */
static const struct option {
	const char *name, *argument, *help;
} options[N_OPTIONS] = {
	[OPT_CONFIG] = {"config", "FILE", "the configuration, instead of " CONFIG_DIR "/NAME.conf"},
	[OPT_JSON] = {"json", NULL, "for programs"},
	[OPT_DRY_RUN] = {"dry-run", NULL, "print the policy as it would be; change nothing"},
	[OPT_FORCE] = {"force", NULL, "do what is refused otherwise, see above"},
	[OPT_LOG] = {"log", NULL, "show what libbpf and the kernel's verifier say"},
	[OPT_WOULD_BE] =
		{"would-be", NULL,
		 "by the configuration and the interfaces as they are, not by what stands"},
	[OPT_PROTO] = {"proto", "tcp|udp|NUMBER", "the transport"},
	[OPT_FROM] = {"from", "ADDRESS:PORT", "where the packet or call comes from ([v6]:PORT)"},
	[OPT_TO] = {"to", "ADDRESS:PORT", "where it goes to"},
	[OPT_DEV] = {"dev", "INTERFACE", "the interface that it leaves or comes by"},
	[OPT_FLAGS] = {"flags", "syn,ack,...", "TCP flags (ack where left out)"},
	[OPT_TYPE] = {"type", "stream|dgram|raw", "the socket's type"},
	[OPT_OPTION] = {"option", "LEVEL:NAME", "the socket option, in numbers: 0:35 is a join"},
	[OPT_NAME] = {"name", "NAME", "the fence's, where not the unit's"},
	[OPT_INTERFACE] = {"tunnel", "INTERFACE", "the tunnel, where not the only one there is"},
	[OPT_YES] = {"yes", NULL, "write, or remove; else it is only shown"},
	[OPT_REMOVE] = {"remove", NULL, "take away what init wrote"},
	[OPT_ALLOW_AUDIT] = {"allow-audit", NULL,
			     "a fence in audit mode, which drops nothing, will do"},
	[OPT_TUNNEL] = {"tunnel", "[=SECONDS]", "wait for the tunnel, too (30 seconds)"},
	[OPT_LIVE] = {"live", NULL, "on the unit as it runs, which has no drop-in yet"},
	[OPT_HERE] = {"here", NULL, "on the unit that calls this, from ExecStartPre=+"},
	[OPT_UNIX] = {"unix", "NAME", "the unix socket: /its/path, or @ and an abstract name"},
	[OPT_ONCE] = {"once", NULL, "one plain table, as where there is no terminal"},
	[OPT_REASON] = {"reason", "REASON,...", "only these reasons; help lists them"},
	[OPT_PROCESS] = {"process", "NAME", "only what this process tried"},
	[OPT_REMOTE] = {"to", "ADDRESS[/LEN][:PORT]",
			"only what this other end has part in ([v6]:PORT)"},
	[OPT_SINCE] =
		{"since", "TIME",
		 "what the journal has since then: \"10 min ago\", today, \"2026-11-26 10:00\""},
	[OPT_VERBOSE] = {"verbose", NULL, "show what is fine, too"},
};

/* What follows "--name" or "--name="; NULL where it is another option. */
static const char *behind_name(const char *word, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, name, len) != 0)
		return NULL;
	word += 2 + len;
	return *word == '\0' || *word == '=' ? word : NULL;
}

static int parse_option(const struct verb *verb, char ***argv, struct options *o, struct err *e)
{
	const char *word = **argv;

	for (int i = 0; i < N_OPTIONS; i++) {
		const char *rest = behind_name(word, options[i].name);

		if (!rest || !(verb->options & OPT(i)))
			continue;
		if (o->given & OPT(i))
			return err_set(e, EXIT_MISUSE, "--%s is given twice", options[i].name);
		o->given |= OPT(i);
		if (!options[i].argument)
			return *rest ? err_set(e, EXIT_MISUSE, "--%s takes no value",
					       options[i].name)
				     : 0;
		if (options[i].argument[0] == '[' && !*rest)
			return 0;
		o->value[i] = *rest ? rest + 1 : *++*argv;
		if (!o->value[i] || !*o->value[i])
			return err_set(e, EXIT_MISUSE, "--%s needs %s", options[i].name,
				       options[i].argument);
		return 0;
	}
	return err_set(e, EXIT_MISUSE, "`%s` is no option of %s; see wgfence %s --help", word,
		       verb->name, verb->name);
}

static int name_from_file(struct options *o, struct err *e)
{
	fence_name_from_file(o->value[OPT_CONFIG], o->buffer);
	o->name = o->buffer;
	return fence_name_valid(o->name) ? 0
					 : err_set(e, EXIT_MISUSE,
						   "%s: a fence is named by its file: up to %d of "
						   "[A-Za-z0-9_@:-], then "
						   ".conf",
						   o->value[OPT_CONFIG], FENCE_NAME_MAX);
}

/* A unit's name may have dots, and names no file. */
static bool takes_unit(const struct verb *verb)
{
	return strcmp(verb->arguments, "UNIT") == 0;
}

int options_parse(const struct verb *verb, int argc, char **argv, struct options *ret,
		  struct err *e)
{
	struct options *o = ret;

	(void)argc;
	*o = (struct options){0};
	for (; *argv; argv++) {
		if (strncmp(*argv, "--", 2) == 0) {
			if (parse_option(verb, &argv, o, e))
				return -1;
		} else if (!o->name) {
			o->name = *argv;
		} else if (verb->takes_what && !o->what) {
			o->what = *argv;
		} else {
			return err_set(e, EXIT_MISUSE, "`%s` is one word too many", *argv);
		}
	}
	if (o->given & OPT(OPT_CONFIG) && verb->takes_what && !o->what) {
		o->what = o->name;
		o->name = NULL;
	}
	if (o->given & OPT(OPT_CONFIG)) {
		if (o->name)
			return err_set(e, EXIT_MISUSE, "either NAME or --config FILE, not both");
		return name_from_file(o, e);
	}
	if (verb->arguments[0] == '[' && !o->name)
		return 0;
	if (takes_unit(verb))
		return o->name ? 0
			       : err_set(e, EXIT_MISUSE, "which unit? wgfence %s UNIT", verb->name);
	if (!o->name)
		return err_set(e, EXIT_MISUSE, "which fence? wgfence %s NAME%s", verb->name,
			       verb->options & OPT(OPT_CONFIG) ? ", or --config FILE" : "");
	if (!fence_name_valid(o->name))
		return err_set(e, EXIT_MISUSE,
			       "`%s` is no name for a fence: up to %d of [A-Za-z0-9_@:-]", o->name,
			       FENCE_NAME_MAX);
	return 0;
}

void options_help(const struct verb *verb)
{
	printf("wgfence %s %s\n\n%s\n", verb->name, verb->arguments, verb->help);
	if (verb->options)
		printf("\n");
	for (int i = 0; i < N_OPTIONS; i++) {
		char left[64];

		if (!(verb->options & OPT(i)))
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", options[i].name,
			 options[i].argument && options[i].argument[0] != '[' ? " " : "",
			 options[i].argument ? options[i].argument : "");
		printf("  %-24s %s\n", left, options[i].help);
	}
}

int options_config(const struct options *o, struct config *ret, struct err *e)
{
	return config_read(o->name, o->value[OPT_CONFIG], ret, e);
}
