// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the fence costs a packet, against nothing and against programs that do nothing.
 *
 *   bench [ROUNDS]
 *   bench guard [SAMPLES]      instead: what the guard costs others (guard.h)
 *   bench latency [CHANGES]    instead: how fast the policy follows (latency.h)
 *   bench carried [CHANGES]    the same, and the routes with it
 *
 * Owns: the order of the measurements, and the report. Never judges: times are the machine's, and
 * only their comparison within one run means anything.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "guard.h"
#include "inside.h"
#include "latency.h"
#include "scene.h"
#include "stats.h"

/* Of each arm, between loading and loading anew: where in memory things come to lie matters, too.
 */
#define SAMPLES 100
#define FILLER	64 /* sockets that are made and thrown away, so that the others lie elsewhere */

/* What is measured; the first two while nothing is attached anywhere. */
enum arm {
	BARE,
	BARE_AGAIN,
	OUTSIDE,
	OUTSIDE_AGAIN,
	EMPTY,
	FENCE,
	RULES,
	SILENT,
	LEDGER,
	SILENT_SCATTERED,
	LEDGER_SCATTERED,
	N_ARMS
};

static const struct {
	const char *name;
	enum place place;
	enum arm against;
	enum target target;
} arms[N_ARMS] = {
	[BARE] = {"nothing attached", PLACE_NONE, BARE},
	[BARE_AGAIN] = {"  again: the control", PLACE_CONTROL, BARE},
	[OUTSIDE] = {"outside the fence", PLACE_NONE, BARE},
	[OUTSIDE_AGAIN] = {"  again: the control", PLACE_CONTROL, OUTSIDE},
	[EMPTY] = {"empty programs", PLACE_EMPTY, OUTSIDE},
	[FENCE] = {"fence, no rules", PLACE_FENCE, EMPTY},
	[RULES] = {"fence, 64 rules", PLACE_RULES, EMPTY},
	[SILENT] = {"dropped, in silence", PLACE_SILENT, SILENT, DROPPED},
	[LEDGER] = {"dropped, recorded", PLACE_FENCE, SILENT, DROPPED},
	[SILENT_SCATTERED] = {"scattered, in silence", PLACE_SILENT, SILENT_SCATTERED, SCATTERED},
	[LEDGER_SCATTERED] = {"scattered, recorded", PLACE_FENCE, SILENT_SCATTERED, SCATTERED},
};

static const char *const families[N_FAMILIES] = {"IPv4", "IPv6"};
static int sockets[N_PLACES][N_FAMILIES];
static struct series sent[N_ARMS][N_FAMILIES], inside[N_ARMS][N_FAMILIES];

static void add(struct series *s, double value)
{
	s->at[s->n++] = value;
}

static void shuffle(unsigned *order, unsigned n)
{
	unsigned random;

	for (unsigned i = n; i > 1; i--) {
		unsigned at, other;

		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			die("no random numbers");
		at = random % i;
		other = order[i - 1];
		order[i - 1] = order[at];
		order[at] = other;
	}
}

/* One sample of each of these arms, both families, in random order. */
static void send_from(enum arm first, enum arm last)
{
	unsigned order[N_ARMS * N_FAMILIES], n = 0;

	for (unsigned i = first * N_FAMILIES; i < (last + 1) * N_FAMILIES; i++)
		order[n++] = i;
	shuffle(order, n);
	for (unsigned i = 0; i < n; i++) {
		enum arm arm = order[i] / N_FAMILIES;
		enum family family = order[i] % N_FAMILIES;

		add(&sent[arm][family],
		    sender_sample(sockets[arms[arm].place][family], family, arms[arm].target));
	}
}

static void run_inside(void)
{
	unsigned order[] = {EMPTY, FENCE, RULES};

	shuffle(order, 3);
	for (unsigned i = 0; i < 3; i++) {
		for (enum family family = 0; family < N_FAMILIES; family++)
			add(&inside[order[i]][family],
			    inside_sample(scene_egress(arms[order[i]].place), family));
	}
}

/* The machine's own speed drifts within a second: with and without alternate within milliseconds.
 */
static void measure_sample(void)
{
	send_from(BARE, BARE_AGAIN);
	scene_attach();
	send_from(OUTSIDE, LEDGER_SCATTERED);
	scene_detach();
}

/*
 * New ones for each round, in random order and among others: which cache lines a socket shares with
 * the kernel's own data is worth as much as what is measured here.
 */
static void make_sockets(void)
{
	unsigned order[N_PLACES * N_FAMILIES + FILLER], n = 0;
	int filler[FILLER];

	for (; n < sizeof(order) / sizeof(order[0]); n++)
		order[n] = n;
	shuffle(order, n);
	for (unsigned i = 0; i < n; i++) {
		enum place place = order[i] / N_FAMILIES;
		enum family family = order[i] % N_FAMILIES;

		if (place >= N_PLACES) {
			filler[order[i] - N_PLACES * N_FAMILIES] = sender_socket(family);
			continue;
		}
		if (sockets[place][family])
			close(sockets[place][family]);
		scene_enter(place);
		sockets[place][family] = sender_socket(family);
	}
	for (unsigned i = 0; i < FILLER; i++)
		close(filler[i]);
	scene_enter(PLACE_NONE);
}

static void measure(unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		scene_load();
		make_sockets();
		for (unsigned i = 0; i < SAMPLES; i++)
			measure_sample();
		for (unsigned i = 0; i < SAMPLES / 10; i++)
			run_inside();
		scene_unload();
		fprintf(stderr, "\r%u/%u ", round + 1, rounds);
	}
	fprintf(stderr, "\r");
}

static void print_report(unsigned rounds)
{
	printf("UDP, 64 bytes, unconnected, through the tunnel: the sender's CPU time, ns a "
	       "packet.\n"
	       "Medians of %u samples of %d packets. What is added is the median of the "
	       "differences\n"
	       "between samples taken close together, with its 95 %% confidence interval: "
	       "'outside'\n"
	       "over 'nothing', 'empty' over 'outside', the fence over 'empty' (limit: 20 ns); of\n"
	       "what is dropped the record over silence (limit: a ratio of 1.1).\n",
	       rounds * SAMPLES, BURST);
	for (enum family f = 0; f < N_FAMILIES; f++) {
		printf("\n  %-24s      ns     added                         ratio\n", families[f]);
		for (enum arm arm = 0; arm < N_ARMS; arm++)
			print_series(arms[arm].name, &sent[arm][f], &sent[arms[arm].against][f]);
	}
	printf("\nInside the egress program (BPF_PROG_TEST_RUN), ns a run; added to the empty "
	       "program\n"
	       "(limit: 8 ns; up to 6.12 test runs lack direct packet access and go the slow "
	       "way).\n");
	for (enum family f = 0; f < N_FAMILIES; f++) {
		printf("\n  %s\n", families[f]);
		for (enum arm arm = EMPTY; arm <= RULES; arm++)
			print_series(arms[arm].name, &inside[arm][f], &inside[EMPTY][f]);
	}
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 40;
	cpu_set_t one;

	if (argc > 1 && strcmp(argv[1], "latency") == 0)
		return latency_main(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 300, false);
	if (argc > 1 && strcmp(argv[1], "carried") == 0)
		return latency_main(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 300, true);
	if (argc > 1 && strcmp(argv[1], "guard") == 0)
		return guard_main(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1000);
	if (rounds < 1 || rounds > MAX_SAMPLES / SAMPLES)
		die("between 1 and %u rounds", MAX_SAMPLES / SAMPLES);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	scene_make();
	measure(rounds);
	print_report(rounds);
	return 0;
}
