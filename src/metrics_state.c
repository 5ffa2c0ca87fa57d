// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Prometheus text: what is not counted by the programs.
 *
 * Owns: names, labels and format of these metrics. Every series bears the fence's name, so that the
 * files of several fences never have one in common: the node exporter refuses all of them then.
 */
#include "metrics_parts.h"

#ifndef WGF_VERSION
#define WGF_VERSION "0"
#endif

#define NSEC 1000000000ULL

/* A metric of one number for each fence; false: this fence has none. */
struct state {
	const char *name, *help, *type;
	bool (*value)(const struct metrics *m, u64 *ret);
	bool instant; /* nanoseconds, shown in seconds */
};

static bool enforced(const struct metrics *m, u64 *ret)
{
	*ret = m->enforced;
	return true;
}

static bool tunnel_up(const struct metrics *m, u64 *ret)
{
	*ret = m->tunnel_up;
	return true;
}

static bool generation(const struct metrics *m, u64 *ret)
{
	*ret = m->state.generation;
	return true;
}

static bool handshake(const struct metrics *m, u64 *ret)
{
	*ret = m->state.handshake;
	return m->state.has_handshake;
}

static bool received(const struct metrics *m, u64 *ret)
{
	*ret = m->state.received;
	return m->state.has_traffic;
}

static bool sent(const struct metrics *m, u64 *ret)
{
	*ret = m->state.sent;
	return m->state.has_traffic;
}

static bool last_drop(const struct metrics *m, u64 *ret)
{
	*ret = m->state.last_drop;
	return true;
}

static bool now(const struct metrics *m, u64 *ret)
{
	*ret = m->state.now;
	return true;
}

static bool daemon_up(const struct metrics *m, u64 *ret)
{
	*ret = m->state.daemon == DAEMON_RUNS;
	return m->state.daemon != NO_DAEMON;
}

static const struct state states[] = {
	{"wgfence_enforced", "1 where the fence stands and drops; 0 in audit mode.", "gauge",
	 .value = enforced},
	{"wgfence_policy_generation",
	 "Number of the policy in force; each change has the next one.", "gauge",
	 .value = generation},
	{"wgfence_tunnel_up", "1 while the tunnel is up and has an address.", "gauge",
	 .value = tunnel_up},
	{"wgfence_tunnel_last_handshake_timestamp_seconds",
	 "When WireGuard last shook hands with a peer of the tunnel; 0: not yet.", "gauge",
	 .value = handshake, .instant = true},
	{"wgfence_tunnel_receive_bytes_total", "Bytes that came in by the tunnel's interface.",
	 "counter", .value = received},
	{"wgfence_tunnel_transmit_bytes_total", "Bytes that went out by the tunnel's interface.",
	 "counter", .value = sent},
	{"wgfence_last_drop_timestamp_seconds",
	 "When something was last dropped or refused, or would have been in audit mode; 0: not "
	 "yet.",
	 "gauge", .value = last_drop, .instant = true},
	{"wgfence_last_write_timestamp_seconds", "When these metrics were written.", "gauge",
	 .value = now, .instant = true},
	{"wgfence_daemon_up",
	 "1 while the daemon runs; 0 once it was ended. The fence stands in either case.", "gauge",
	 .value = daemon_up},
};

static void print_state(FILE *out, const struct state *s, const struct metrics *m)
{
	u64 value;

	if (!s->value(m, &value))
		return;
	fprintf(out, "%s{", s->name);
	metrics_label(out, "fence", m->fence);
	if (s->instant)
		fprintf(out, "} %llu.%03llu\n", value / NSEC, value % NSEC / 1000000);
	else
		fprintf(out, "} %llu\n", value);
}

/* One series for each mode, of which one is 1, so that a query names the mode that it means. */
static void print_mode(FILE *out, const struct metrics *m)
{
	static const char *const modes[] = {[WGF_ENFORCE] = "enforce", [WGF_AUDIT] = "audit"};

	for (unsigned mode = 0; mode < 2; mode++) {
		fputs("wgfence_mode{", out);
		metrics_label(out, "fence", m->fence);
		fputc(',', out);
		metrics_label(out, "mode", modes[mode]);
		fprintf(out, "} %d\n", m->state.has_policy && m->state.mode == mode);
	}
}

static void print_build(FILE *out, const struct metrics *m)
{
	fputs("wgfence_build_info{", out);
	metrics_label(out, "fence", m->fence);
	fputc(',', out);
	metrics_label(out, "version", WGF_VERSION);
	fprintf(out, ",layout=\"%d\"} 1\n", WGF_LAYOUT);
}

void metrics_print_state(FILE *out, const struct metrics *fences, unsigned n)
{
	for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++) {
		metrics_head(out, states[s].name, states[s].help, states[s].type);
		for (unsigned i = 0; i < n; i++)
			print_state(out, &states[s], &fences[i]);
	}
	metrics_head(out, "wgfence_mode", "1 for the mode of the policy in force, 0 for the other.",
		     "gauge");
	for (unsigned i = 0; i < n; i++)
		print_mode(out, &fences[i]);
	metrics_head(out, "wgfence_build_info", "1; the version is in the labels.", "gauge");
	for (unsigned i = 0; i < n; i++)
		print_build(out, &fences[i]);
}
