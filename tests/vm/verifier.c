// SPDX-License-Identifier: GPL-2.0-only
/*
 * verifier: what loading the programs costs on this kernel, as TAP.
 *
 * Owns: the limit that we set ourselves: half of what the kernel's verifier is ready to walk, so
 * that the next kernel's verifier, which may walk more, still takes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "policy.h"

#include "fence.skel.h" /* names struct wgf_image */
#include "guard.skel.h"

#define LOG_STATS 4 /* linux/bpf_verifier.h: BPF_LOG_STATS, two lines instead of a trace */
#define OURS	  500000
#define LOG_SIZE  65536
#define MAX_PROGS 16

/* The number behind `word` in the log; -1 where it is not there. */
static long number_behind(const char *log, const char *word)
{
	const char *at = strstr(log, word);

	return at ? atol(at + strlen(word)) : -1;
}

static char log_of[MAX_PROGS][LOG_SIZE];
static int n_done, failed;

static void log_all(struct bpf_object *obj)
{
	struct bpf_program *prog;
	int n = n_done;

	bpf_object__for_each_program(prog, obj)
	{
		bpf_program__set_log_level(prog, LOG_STATS);
		bpf_program__set_log_buf(prog, log_of[n++ % MAX_PROGS], LOG_SIZE);
	}
}

static void report(struct bpf_object *obj)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj)
	{
		long walked = number_behind(log_of[n_done], "\nprocessed ");
		long usec = number_behind(log_of[n_done], "verification time ");
		int bad = walked < 1 || walked > OURS;

		failed |= bad;
		printf("%sok %d - %s: %ld of at most %d instructions walked, %ld us\n",
		       bad ? "not " : "", ++n_done, bpf_program__name(prog), walked, OURS, usec);
	}
}

static void bail_out(void)
{
	printf("Bail out! cannot load the programs\n");
	exit(1);
}

int main(void)
{
	struct fence_bpf *fence = fence_bpf__open();
	struct guard_bpf *guard = guard_bpf__open();

	if (!fence || !guard)
		bail_out();
	log_all(fence->obj);
	if (fence_bpf__load(fence))
		bail_out();
	report(fence->obj);
	log_all(guard->obj);
	if (guard_bpf__load(guard))
		bail_out();
	report(guard->obj);
	printf("1..%d\n", n_done);
	guard_bpf__destroy(guard);
	fence_bpf__destroy(fence);
	return failed;
}
