// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a change of the tunnel to the first packet that is judged by the policy for it.
 *
 * Owns: the kinds of change, their order, and the report. A change counts from the system call that
 * makes it on; a device that is deleted, from the kernel's news of that on, for the call itself
 * waits for the kernel long after. Never judges.
 */
#include "latency.h"

#include <errno.h>
#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"
#include "scene.h"
#include "stats.h"
#include "tunnel.h"

#define LIMIT_MS 5.0
#define AWAY	 "away0"
#define SQUATTER "squat0"
#define OTHERS	 250 /* the other device's address */

enum kind {
	DELETED,
	BACK,
	RENAMED_AWAY,
	RENAMED_BACK,
	ADDRESS,
	NAME_TAKEN,
	NAME_GIVEN,
	INDEX_TAKEN,
	DOWN,
	UP,
	SECOND,
	N_KINDS
};

static const char *const kind_names[N_KINDS] = {
	[DELETED] = "deleted",
	[BACK] = "back under another index",
	[RENAMED_AWAY] = "renamed away",
	[RENAMED_BACK] = "renamed back",
	[ADDRESS] = "another address",
	[NAME_TAKEN] = "another device takes its name",
	[NAME_GIVEN] = "has its name again",
	[INDEX_TAKEN] = "another device takes its index",
	[DOWN] = "link down",
	[UP] = "link up",
	[SECOND] = "second of two at once",
};

static struct series took[N_KINDS];
static int tunnel, other; /* what keeps the devices */
static unsigned tunnel_index, address = 1;
static pid_t follower;
static bool carried; /* packets take the fence's routes, not the host's */

/* At no fixed time after what came before. */
static void pause_at_random(void)
{
	unsigned short random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		die("no random numbers");
	usleep(500 + random % 2000);
}

static void measured(enum kind kind, double start)
{
	double ms = judge_wait(start);

	took[kind].at[took[kind].n++] = ms;
	pause_at_random();
}

static void expect_from(unsigned source, unsigned index, unsigned usable, bool passes)
{
	judge_expect(&(struct expected){.tunnel = index,
					.n_usable = usable,
					.source = passes ? tunnel_address(source) : 0,
					.passes = passes});
}

static void expect(unsigned index, unsigned usable, bool passes)
{
	expect_from(address, index, usable, passes);
}

static void expect_gone(void)
{
	judge_expect(&(struct expected){.since_gone = true});
}

/* The address comes last, and with it the policy. */
static double make_anew(void)
{
	double start;

	tunnel = tunnel_make(TUNNEL, 0);
	tunnel_index = if_nametoindex(TUNNEL);
	tunnel_route(TUNNEL, 10);
	expect(tunnel_index, 1, true);
	start = now_ms();
	tunnel_add_address(TUNNEL, address);
	return start;
}

static void delete_and_make(void)
{
	expect_gone();
	close(tunnel);
	measured(DELETED, 0);
	measured(BACK, make_anew());
}

static void rename_and_back(void)
{
	double start;

	expect(0, 0, false);
	start = now_ms();
	tunnel_rename(TUNNEL, AWAY);
	measured(RENAMED_AWAY, start);
	expect(tunnel_index, 1, true);
	start = now_ms();
	tunnel_rename(AWAY, TUNNEL);
	measured(RENAMED_BACK, start);
}

/* `both`: and still another one at once, which is the one that counts. */
static void change_address(enum kind kind, bool both)
{
	unsigned before = address;
	double start;

	address = address % 200 + 1 + both;
	expect(tunnel_index, 1, true);
	if (both)
		tunnel_add_address(TUNNEL, address - 1);
	start = now_ms();
	tunnel_add_address(TUNNEL, address);
	measured(kind, start);
	if (both)
		tunnel_remove_address(TUNNEL, address - 1);
	tunnel_remove_address(TUNNEL, before);
	usleep(10000); /* no part of what is measured next */
}

/*
 * The other one has an address of its own, so it can be used as a tunnel; the host's routes lead
 * elsewhere all the same.
 */
static void take_name(void)
{
	double start;

	tunnel_rename(TUNNEL, AWAY);
	expect_from(OTHERS, if_nametoindex(OTHER), 1, carried);
	start = now_ms();
	tunnel_rename(OTHER, TUNNEL);
	measured(NAME_TAKEN, start);
	tunnel_rename(TUNNEL, OTHER);
	expect(tunnel_index, 1, true);
	start = now_ms();
	tunnel_rename(AWAY, TUNNEL);
	measured(NAME_GIVEN, start);
}

static void take_index(void)
{
	int squatter;

	expect_gone();
	close(tunnel);
	squatter = tunnel_make(SQUATTER, tunnel_index);
	measured(INDEX_TAKEN, 0);
	close(squatter);
	judge_wait(make_anew());
	pause_at_random();
}

static void down_and_up(void)
{
	double start;

	expect(tunnel_index, 0, false);
	start = now_ms();
	tunnel_up(TUNNEL, 0);
	measured(DOWN, start);
	expect(tunnel_index, 1, true);
	start = now_ms();
	tunnel_up(TUNNEL, 1);
	tunnel_route(TUNNEL, 10);
	measured(UP, start);
}

/* --- the scene -------------------------------------------------------------------------------- */

static void make_devices(void)
{
	tunnel_no_addresses();
	tunnel_up("lo", 1);
	other = tunnel_make(OTHER, 0);
	tunnel_add_address(OTHER, OTHERS);
	tunnel_route(OTHER, 100);
	tunnel = tunnel_make(TUNNEL, 0);
	tunnel_index = if_nametoindex(TUNNEL);
	tunnel_route(TUNNEL, 10);
	tunnel_add_address(TUNNEL, address);
}

static void stop_following(void)
{
	kill(follower, SIGTERM);
	waitpid(follower, NULL, 0);
}

/* A pipe that nobody reads would stop it in the end. */
static void *listen_on(void *from)
{
	char line[256];

	while (fgets(line, sizeof(line), from))
		;
	return NULL;
}

/* Its own words are no part of the report. */
static void follow(const char *config)
{
	const char *wgfence = getenv("WGFENCE");
	char line[256] = "";
	pthread_t listener;
	int said[2];
	FILE *f;

	if (!wgfence || pipe(said) || (follower = fork()) < 0)
		die("cannot run wgfence");
	if (follower == 0) {
		dup2(said[1], STDOUT_FILENO);
		close(said[0]);
		if (!freopen("/dev/null", "w", stderr))
			_exit(127);
		execl(wgfence, wgfence, "run", "--config", config, (char *)NULL);
		_exit(127);
	}
	close(said[1]);
	atexit(stop_following);
	f = fdopen(said[0], "r");
	while (f && !strstr(line, " stands on "))
		if (!fgets(line, sizeof(line), f))
			die("wgfence run does not stand");
	if (pthread_create(&listener, NULL, listen_on, f))
		die("no thread");
}

static void print_report(unsigned changes)
{
	printf("\nFrom a change of the tunnel to the first packet judged by the policy for it, ms; "
	       "`wgfence run`\n"
	       "follows%s, %u changes of each kind (limit: %.0f ms at p99).\n\n"
	       "  %-32s%8s%8s%8s%8s\n",
	       carried ? ", with rules and routes" : "", changes, LIMIT_MS, "", "median", "p90",
	       "p99", "max");
	for (enum kind kind = 0; kind < N_KINDS; kind++) {
		const struct series *s = &took[kind];

		printf("  %-32s%8.2f%8.2f%8.2f%8.2f%s\n", kind_names[kind], quantile_of(s, 0.5),
		       quantile_of(s, 0.9), quantile_of(s, 0.99), quantile_of(s, 1),
		       quantile_of(s, 0.99) > LIMIT_MS ? "  over the limit" : "");
	}
}

int latency_main(unsigned changes, bool with_routes)
{
	char config[64];

	carried = with_routes;
	if (changes < 1 || changes > MAX_SAMPLES)
		die("between 1 and %d changes", MAX_SAMPLES);
	scene_single(carried, config, sizeof(config));
	make_devices();
	follow(config);
	scene_enter(PLACE_FENCE);
	judge_begin(place_names[PLACE_FENCE]);
	expect(tunnel_index, 1, true);
	judge_wait(0);
	for (unsigned i = 0; i < changes; i++) {
		delete_and_make();
		rename_and_back();
		change_address(ADDRESS, false);
		take_name();
		take_index();
		down_and_up();
		change_address(SECOND, true);
	}
	print_report(changes);
	return 0;
}
