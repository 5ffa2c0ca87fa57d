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

int main(void)
{
	static char log[MAX_PROGS][LOG_SIZE];
	struct fence_bpf *skel = fence_bpf__open();
	struct bpf_program *prog;
	int n = 0, failed = 0;

	if (!skel) {
		printf("Bail out! cannot open the programs\n");
		return 1;
	}
	bpf_object__for_each_program(prog, skel->obj)
	{
		bpf_program__set_log_level(prog, LOG_STATS);
		bpf_program__set_log_buf(prog, log[n++ % MAX_PROGS], LOG_SIZE);
	}
	if (fence_bpf__load(skel)) {
		printf("Bail out! cannot load the programs\n");
		return 1;
	}
	n = 0;
	bpf_object__for_each_program(prog, skel->obj)
	{
		long walked = number_behind(log[n], "\nprocessed ");
		long usec = number_behind(log[n], "verification time ");
		int bad = walked < 1 || walked > OURS;

		failed |= bad;
		printf("%sok %d - %s: %ld of at most %d instructions walked, %ld us\n",
		       bad ? "not " : "", ++n, bpf_program__name(prog), walked, OURS, usec);
	}
	printf("1..%d\n", n);
	fence_bpf__destroy(skel);
	return failed;
}
