/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors: what went wrong, in words.
 *
 * Owns: the exit codes (part of the contract, see wgfence(8)) and the one way in which a function
 * tells its caller why it failed: it returns -1 and fills the err. Nobody prints but main() and the
 * verbs, so nothing is reported twice.
 */
#ifndef WGF_ERR_H
#define WGF_ERR_H

enum exit_code {
	EXIT_FINE = 0,
	EXIT_LEAK = 1,	       /* `check`: something can leave, or nothing says that it cannot */
	EXIT_MISUSE = 2,       /* wrong command line or configuration */
	EXIT_NOT_ENFORCED = 3, /* the fence does not stand, or not whole */
	EXIT_UNSUPPORTED = 4,  /* this kernel or system lacks something that is needed */
	EXIT_FAILED = 5,       /* the system refused: permission, memory, I/O */
	EXIT_NOTICE = 6,       /* `check`: nothing worse than what is worth knowing */
	EXIT_WARNING = 7,      /* `check`: nothing worse than a layer that is missing */
};

struct err {
	enum exit_code code;
	char text[1024]; /* no newline at its end */
};

/* Fills e and returns -1, so that `return err_set(...)` reads well. */
int err_set(struct err *e, enum exit_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with ": " and the text of errno behind; EPERM and EACCES name root where not root. */
int err_errno(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
