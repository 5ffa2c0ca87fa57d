/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the packets go: a network namespace with a tunnel that discards, and a cgroup for each
 * sender.
 *
 * Owns: making them, and what is attached to the cgroups. Removes nothing: the namespaces that the
 * program runs in end with it.
 */
#ifndef BENCH_SCENE_H
#define BENCH_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#define TUNNEL	"wgb0"
#define TUNNEL4 "10.99.0.2"
#define TUNNEL6 "fd99::2"
#define PEER4	"192.0.2.9"
#define PEER6	"2001:db8::9"
#define GROUP4	"224.0.2.9"
#define GROUP6	"ff0e::9"

enum place {
	PLACE_NONE,
	PLACE_CONTROL,
	PLACE_EMPTY,
	PLACE_FENCE,
	PLACE_RULES,
	PLACE_SILENT,
	N_PLACES
};

extern const char *const place_names[N_PLACES];

void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...);

void scene_make(void);

/*
 * Instead: a network namespace with nothing in it, and one fence to be, on the cgroup of
 * PLACE_FENCE, whose members are carried or not.
 */
void scene_single(bool carried, char *ret_config, size_t size);

/* This process becomes a member of the cgroup. */
void scene_enter(enum place place);

/* Has the programs loaded by `wgfence attach`, and detached: they are in memory, and nowhere used.
 */
void scene_load(void);
void scene_unload(void);

/* Puts the programs on the three cgroups that have some, and takes them away again: quickly. */
void scene_attach(void);
void scene_detach(void);

/* While loaded: the egress program of PLACE_EMPTY, PLACE_FENCE or PLACE_RULES. */
int scene_egress(enum place place);

#endif
