// SPDX-License-Identifier: GPL-2.0-only
#include "explain_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bpf/calls.h"
#include "../bpf/parse.h"
#include "../bpf/verdict.h"
#include "words.h"

static int parse_number(const char *text, unsigned long max, unsigned long *ret)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	*ret = strtoul(text, &end, 10);
	return *end || *ret > max ? -1 : 0;
}

/* ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT */
static int parse_endpoint(const char *option, const char *text, union wgf_ip *ip, u16 *port,
			  struct err *e)
{
	char address[IP_TEXT];
	const char *start = text + (*text == '['), *colon = strrchr(text, ':'), *end;
	unsigned long n = 0;

	if (*text == '[')
		end = strchr(text, ']');
	else
		end = colon && strchr(text, ':') == colon ? colon : text + strlen(text);
	if (end && (size_t)(end - start) < sizeof(address)) {
		memcpy(address, start, (size_t)(end - start));
		address[end - start] = '\0';
		end += *text == '[';
		if (ip_parse(address, ip) &&
		    (*end == '\0' || (*end == ':' && parse_number(end + 1, 65535, &n) == 0))) {
			*port = (u16)n;
			return 0;
		}
	}
	return err_set(
		e, EXIT_MISUSE,
		"--%s: `%s` is no ADDRESS:PORT; 192.0.2.1:80 or [2001:db8::1]:80 would be right",
		option, text);
}

static int parse_proto(const char *text, u32 *ret, struct err *e)
{
	unsigned long n;

	if (!text || strcmp(text, "tcp") == 0)
		*ret = WGF_TCP;
	else if (strcmp(text, "udp") == 0)
		*ret = WGF_UDP;
	else if (parse_number(text, 65535, &n) == 0)
		*ret = (u32)n;
	else
		return err_set(e, EXIT_MISUSE, "--proto: `%s` is not tcp, udp or a number", text);
	return 0;
}

static int parse_type(const char *text, struct wgf_facts *f, struct err *e)
{
	if (!text)
		f->type = f->proto == WGF_TCP ? WGF_SOCK_STREAM : WGF_SOCK_DGRAM;
	else if (strcmp(text, "stream") == 0)
		f->type = WGF_SOCK_STREAM;
	else if (strcmp(text, "dgram") == 0)
		f->type = WGF_SOCK_DGRAM;
	else if (strcmp(text, "raw") == 0)
		f->type = 3;
	else
		return err_set(e, EXIT_MISUSE, "--type: `%s` is not stream, dgram or raw", text);
	return 0;
}

static int parse_flags(const char *text, struct wgf_facts *f, struct err *e)
{
	static const char *const names[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};
	char copy[64], *save = NULL;
	u8 flags = 0;

	if (!text || f->proto != WGF_TCP)
		return 0;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		unsigned i = 0;

		while (i < 8 && strcmp(word, names[i]) != 0)
			i++;
		if (i == 8)
			return err_set(e, EXIT_MISUSE, "--flags: `%s` is no TCP flag", word);
		flags |= (u8)(1u << i);
	}
	f->opens = wgf_opens(flags);
	return 0;
}

static int parse_option(const char *text, struct wgf_facts *f, struct err *e)
{
	unsigned level, option;
	char end;

	if (!text || sscanf(text, "%u:%u%c", &level, &option, &end) != 2)
		return err_set(e, EXIT_MISUSE, "setsockopt needs --option LEVEL:NAME in numbers");
	f->joins = wgf_joins(level, option);
	f->frame = wgf_passes_guard(level, option);
	return 0;
}

int explain_hook(const char *text, enum wgf_hook *ret, struct err *e)
{
	int hook = text ? hook_by_label(text) : -1;

	if (hook >= 0) {
		*ret = hook;
		return 0;
	}
	return err_set(e, EXIT_MISUSE,
		       "explain what? egress, ingress, connect, bind, socket, setsockopt, unix or "
		       "guard");
}

/* What the packet parser would have made of it. */
static void set_problem(struct wgf_facts *f)
{
	if (f->proto == WGF_TCP || f->proto == WGF_UDP)
		return;
	f->problem = f->family == WGF_IPV6 && wgf_is_extension(f->proto) ? WGF_EXTENSION_HEADER
									 : WGF_TRANSPORT;
}

int explain_facts(const struct options *o, enum wgf_hook hook, const struct inventory *inv,
		  struct wgf_facts *f, struct err *e)
{
	const char *from = o->value[OPT_FROM], *to = o->value[OPT_TO], *dev = o->value[OPT_DEV];
	bool in = hook == WGF_INGRESS;
	const struct link *link = dev ? inventory_link_by_name(inv, dev) : NULL;

	if (parse_proto(o->value[OPT_PROTO], &f->proto, e) ||
	    parse_type(o->value[OPT_TYPE], f, e) || parse_flags(o->value[OPT_FLAGS], f, e))
		return -1;
	if (from && parse_endpoint("from", from, in ? &f->remote : &f->local,
				   in ? &f->remote_port : &f->local_port, e))
		return -1;
	if (to && parse_endpoint("to", to, in ? &f->local : &f->remote,
				 in ? &f->local_port : &f->remote_port, e))
		return -1;
	if (hook == WGF_SETSOCKOPT && parse_option(o->value[OPT_OPTION], f, e))
		return -1;
	if (dev && !link)
		return err_set(e, EXIT_MISUSE, "--dev: there is no interface %s", dev);
	if (hook_is_packet(hook) && (!from || !to || !dev))
		return err_set(e, EXIT_MISUSE, "a packet needs --from, --to and --dev");
	if (hook_is_packet(hook) && wgf_is_v4(&f->local) != wgf_is_v4(&f->remote))
		return err_set(e, EXIT_MISUSE, "--from and --to are of different families");
	if ((hook == WGF_CONNECT && !to) || (hook == WGF_BIND && !from))
		return err_set(e, EXIT_MISUSE, "%s needs --%s", o->what,
			       hook == WGF_BIND ? "from" : "to");
	f->ifindex = link ? link->ifindex : 0;
	f->family = wgf_is_v4(hook == WGF_BIND ? &f->local : &f->remote) ? WGF_IPV4 : WGF_IPV6;
	if (hook_is_packet(hook))
		set_problem(f);
	if (hook == WGF_CONNECT)
		wgf_this_host(&f->remote);
	return 0;
}
