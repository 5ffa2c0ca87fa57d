// SPDX-License-Identifier: GPL-2.0-only
/*
 * explain: the verdict on a packet or call that the command line describes.
 *
 * Owns: which policy, and the answer. The decision is verdict.h's, the very lines that the kernel
 * runs; the facts are made of words by explain_facts.c.
 */
#include <stdio.h>

#include "../bpf/verdict.h"
#include "cmd.h"
#include "compile.h"
#include "explain_facts.h"
#include "names.h"
#include "policy_print.h"
#include "standing.h"
#include "unix_text.h"
#include "words.h"

/* *ret_held: programs for unix sockets would ask it, too. */
static int get_policy(const struct options *o, const struct inventory *inv, struct wgf_policy *ret,
		      bool *ret_held, struct err *e)
{
	struct standing s;
	struct config c;
	struct notes notes;

	if (o->given & OPT(OPT_WOULD_BE)) {
		if (options_config(o, &c, e))
			return -1;
		/* Any cgroup: which one it will be does not matter here. */
		policy_compile(&c, inv, 0, 1, ret, &notes);
		notes_print(stderr, &notes, c.file);
		*ret_held = !c.unix_off;
		return 0;
	}
	if (standing_read(o->name, &s, e))
		return -1;
	if (s.policy.layout != WGF_LAYOUT)
		return err_set(e, EXIT_NOT_ENFORCED,
			       "no fence named %s stands; --would-be explains by the configuration",
			       o->name);
	*ret = s.policy;
	*ret_held = s.unix_held;
	return 0;
}

/* Is it named, by what stands, or by the configuration as it would be? */
static int parse_name(const struct options *o, struct wgf_facts *f, struct err *e)
{
	const char *text = o->value[OPT_UNIX];
	struct wgf_name name;
	struct names names;
	struct config c;

	if (!text || !name_parse(text, &name))
		return err_set(e, EXIT_MISUSE,
			       "unix needs --unix NAME, a path or @ and an abstract name");
	if (o->given & OPT(OPT_WOULD_BE)) {
		if (options_config(o, &c, e))
			return -1;
		names_of_config(&c, &names);
	} else if (names_read(o->name, &names, e)) {
		return -1;
	}
	f->named = names_have(&names, &name);
	return 0;
}

/* The line of the rule that admits it; 0 where none does. */
static unsigned deciding_rule(const struct wgf_policy *p, const struct wgf_facts *f, bool packet)
{
	u32 any = packet ? 0 : ~0u;

	for (u32 i = 0; i < p->n_rules; i++) {
		u32 kind = p->rules[i].kind;
		u32 any_port = !packet && kind == WGF_SERVE_RULE && !f->local_port ? ~0u : 0;

		if (wgf_rule_matches(&p->rules[i], f, kind, any, any_port))
			return p->rules[i].line;
	}
	return 0;
}

static void print_answer(const struct wgf_policy *p, const struct wgf_facts *f, enum wgf_hook hook)
{
	u32 reason = wgf_verdict(p, f, hook);
	const struct reason *r = &reasons[reason];
	const char *word = r->allows		  ? "passes"
			   : hook_is_packet(hook) ? "is dropped"
						  : "is refused";

	if (!r->allows && p->mode == WGF_AUDIT)
		word = "passes, because of audit mode; enforced, it would not";
	printf("%s: %s (%s)\n", word, r->text, r->label);
	if (reason == WGF_RULE)
		printf("decided by the rule in line %u\n",
		       deciding_rule(p, f, hook_is_packet(hook)));
	printf("%s\n", r->sentence);
}

int cmd_explain(const struct options *o, struct err *e)
{
	struct wgf_policy policy = {0};
	struct wgf_facts f = {0};
	struct inventory inv;
	enum wgf_hook hook = WGF_EGRESS;
	bool held = false;
	int failed;

	if (explain_hook(o->what, &hook, e) || inventory_read(&inv, e))
		return (int)e->code;
	failed = explain_facts(o, hook, &inv, &f, e) || get_policy(o, &inv, &policy, &held, e) ||
		 (hook == WGF_UNIX && parse_name(o, &f, e));
	inventory_free(&inv);
	if (failed)
		return (int)e->code;
	f.netns = policy.netns;
	print_answer(&policy, &f, hook);
	if (hook == WGF_UNIX && !held)
		puts("but nobody asks: unix = off, or a kernel without the hooks (Linux 6.7)");
	return EXIT_FINE;
}
