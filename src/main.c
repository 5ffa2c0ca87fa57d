// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entry: finds the verb, parses its options, prints its error, returns its exit code.
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

#ifndef WGF_VERSION
#define WGF_VERSION "0"
#endif

static const struct verb verbs[] = {
	{"init", "UNIT", "find what a unit's fence needs; on --yes write it",
	 "Finds the tunnel, the WebUI, the networks and the resolver, and shows them, with what it "
	 "would\n"
	 "write: /etc/wgfence/NAME.conf, the unit's drop-in, and one of its slice. Writes on "
	 "--yes.\n"
	 "Your own edits of the configuration are kept. Where you edited the others init refuses,\n"
	 "unless told --force, which replaces all. --remove takes the files away again.",
	 OPT(OPT_NAME) | OPT(OPT_INTERFACE) | OPT(OPT_YES) | OPT(OPT_REMOVE) | OPT(OPT_FORCE),
	 false, cmd_init},
	{"run", "NAME", "put the fence in place and follow the interfaces",
	 "Puts the fence in place, or adopts the one that stands, prints a line once the kernel "
	 "has\n"
	 "been read back, and publishes a new policy whenever interfaces or addresses change.\n"
	 "Stays in the foreground. However it ends, the fence stands.",
	 OPT(OPT_CONFIG) | OPT(OPT_DRY_RUN) | OPT(OPT_LOG), false, cmd_run},
	{"attach", "NAME", "put the fence in place once, for what exists now",
	 "Puts the fence in place, or adopts the one that stands, and ends. The policy is for the\n"
	 "interfaces as they are now; a tunnel that comes back under another number stays shut\n"
	 "until attach or run is called again.",
	 OPT(OPT_CONFIG) | OPT(OPT_DRY_RUN) | OPT(OPT_LOG) | OPT(OPT_LIVE) | OPT(OPT_HERE), false,
	 cmd_attach},
	{"detach", "NAME", "take the fence down, and say what becomes open",
	 "Takes the fence down. Refuses while members hold sockets, unless told --force: these go "
	 "on in\n"
	 "the open.",
	 OPT(OPT_CONFIG) | OPT(OPT_FORCE), false, cmd_detach},
	{"status", "NAME", "what stands now",
	 "Shows what stands now, read back from the kernel. Exits with 0 where the fence is\n"
	 "enforced, with 3 where it is not.",
	 OPT(OPT_CONFIG) | OPT(OPT_JSON), false, cmd_status},
	{"check", "NAME", "is it as it should be? What is not, why it matters, what mends it",
	 "Examines the fence, its members, their unit and the machine, and sends nothing. Each "
	 "finding\n"
	 "says what was seen, why it matters, and the command that mends it. Exits by the worst:\n"
	 "0 nothing to mend, 6 a notice, 7 a warning, 1 broken.",
	 OPT(OPT_CONFIG) | OPT(OPT_JSON) | OPT(OPT_VERBOSE), false, cmd_check},
	{"ready", "NAME", "is whoever calls this fenced? For a unit's ExecStartPre=+",
	 "Asks the kernel whether the fence holds the cgroup that this is called in, and waits up "
	 "to\n"
	 "5 seconds for it. Exits with 0 only where it does, with 3 where it does not. For\n"
	 "ExecStartPre=+ of the unit that is fenced: without a fence the unit does not start.",
	 OPT(OPT_ALLOW_AUDIT) | OPT(OPT_TUNNEL), false, cmd_ready},
	{"explain", "NAME HOOK", "what would become of a packet or a call, and why",
	 "HOOK is egress, ingress, connect, bind, socket, setsockopt, unix or guard. Shows the "
	 "verdict "
	 "and\n"
	 "the reason or rule that decides. By the policy in force, or with --would-be by the\n"
	 "configuration, for which no root is needed.\n\n"
	 "  wgfence explain q egress --proto udp --from 192.168.1.5:6881 --to 192.0.2.7:6881 --dev "
	 "eth0\n"
	 "  wgfence explain q connect --proto tcp --to [2001:db8::7]:443 --would-be\n"
	 "  wgfence explain q bind --proto tcp --from 0.0.0.0:8080\n"
	 "  wgfence explain q unix --unix /run/systemd/resolve/io.systemd.Resolve",
	 OPT(OPT_CONFIG) | OPT(OPT_WOULD_BE) | OPT(OPT_PROTO) | OPT(OPT_FROM) | OPT(OPT_TO) |
		 OPT(OPT_DEV) | OPT(OPT_FLAGS) | OPT(OPT_TYPE) | OPT(OPT_OPTION) | OPT(OPT_UNIX),
	 true, cmd_explain},
	{"metrics", "NAME", "the counters as Prometheus text",
	 "Prints the counters once, as Prometheus text.", OPT(OPT_CONFIG), false, cmd_metrics},
	{"events", "NAME", "what is dropped and refused, as it happens",
	 "Prints a line for each event of the fence's `wgfence run`, until ^C or until that ends:\n"
	 "then it exits with 3. For root and the group wgfence.",
	 OPT(OPT_CONFIG) | OPT(OPT_JSON) | OPT(OPT_REASON) | OPT(OPT_PROCESS) | OPT(OPT_REMOTE) |
		 OPT(OPT_SINCE),
	 false, cmd_events},
	{"top", "[NAME]", "a fence at a glance, as it goes",
	 "Shows the fence, its tunnel, what is carried and what is blocked by reason, the latest\n"
	 "attempts, and the flows dropped most; h tells the keys. Without NAME the first fence\n"
	 "there is. Reads only; for root and the group wgfence.",
	 OPT(OPT_CONFIG) | OPT(OPT_ONCE), false, cmd_top},
};

static const unsigned n_verbs = sizeof(verbs) / sizeof(verbs[0]);

static void print_overview(FILE *out)
{
	fprintf(out, "wgfence VERB NAME [OPTION ...]\n"
		     "Keeps a service inside its WireGuard tunnel, in the kernel.\n\n");
	for (unsigned i = 0; i < n_verbs; i++)
		fprintf(out, "  %-9s %s\n", verbs[i].name, verbs[i].summary);
	fprintf(out, "\nNAME is that of " CONFIG_DIR
		     "/NAME.conf; --config FILE instead names the file.\n"
		     "wgfence VERB --help tells more; the manual is wgfence(8).\n\n"
		     "Exit codes: 0 fine, 1 leak found, 2 misuse or wrong configuration, 3 not "
		     "enforced,\n"
		     "4 not supported here, 5 the system refused; check also 6 notice, 7 "
		     "warning.\n");
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	struct err e = {.code = EXIT_FAILED};
	struct options o;
	int code;

	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0) {
			options_help(verb);
			return EXIT_FINE;
		}
	code = options_parse(verb, argc, argv, &o, &e) ? (int)e.code : verb->run(&o, &e);
	if (fflush(stdout) && code == EXIT_FINE)
		code = EXIT_FAILED;
	if (e.text[0]) /* last, also where both go to one place */
		fprintf(stderr, "wgfence: %s\n", e.text);
	return code;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "--help";

	for (unsigned i = 0; i < n_verbs; i++)
		if (strcmp(name, verbs[i].name) == 0)
			return run_verb(&verbs[i], argc - 2, argv + 2);
	if (strcmp(name, "--version") == 0) {
		printf("wgfence %s\n", WGF_VERSION);
		return EXIT_FINE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		print_overview(argc > 1 ? stdout : stderr);
		return argc > 1 ? EXIT_FINE : EXIT_MISUSE;
	}
	fprintf(stderr, "wgfence: there is no verb `%s`; see wgfence --help\n", name);
	return EXIT_MISUSE;
}
