/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process outside of the fence that members ask for help.
 *
 * Owns: what a question is: "send N" has it send attempt N's datagram by the home line, "give" a
 * socket of its own (SCM_RIGHTS).
 */
#ifndef WGF_OUTSIDER_H
#define WGF_OUTSIDER_H

#include <stdbool.h>
#include <stddef.h>

#define OUTSIDER_FD 77 /* where the outsider has its connected socket, for pidfd_getfd(2) */

/* The name of its socket of that type, as a sun_path; its length. */
size_t outsider_name(int type, bool abstract, char *ret, size_t size);

int outsider_run(void);

#endif
