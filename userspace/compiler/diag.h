/* SPDX-License-Identifier: MIT */
/*
 * Diagnostics: collected while compiling, printed afterwards.
 */
#ifndef COMPILER_DIAG_H
#define COMPILER_DIAG_H

#include <compiler/compiler.h>
#include <compiler/source.h>

/* Errors after which the rest is only counted. */
#define FNGC_MAX_ERRORS		20
/* Other diagnostics that are kept. */
#define FNGC_MAX_WARNINGS	200

/**
 * struct fngc_diag_list - diagnostics of a compilation
 * @diags: what was reported
 * @order: source order of each, beside @diags
 * @nr: number of @diags
 * @room: room in @diags and @order
 * @nr_errors: errors, those not kept included
 * @nr_warnings: warnings, those not kept included
 * @nr_others: other diagnostics that were kept
 */
struct fngc_diag_list {
	struct fngc_diag *diags;
	u32 *order;
	size_t nr;
	size_t room;
	size_t order_room;
	size_t nr_errors;
	size_t nr_warnings;
	size_t nr_others;
};

__attribute__((format(printf, 5, 6)))
void fngc_report(struct fngc_compile *c, enum fngc_severity severity,
		 const struct fngc_place *place, const char *help,
		 const char *fmt, ...);

#define fngc_error(c, place, help, ...) \
	fngc_report(c, FNGC_ERROR, place, help, __VA_ARGS__)
#define fngc_warning(c, place, help, ...) \
	fngc_report(c, FNGC_WARNING, place, help, __VA_ARGS__)

/* Adds one of another compilation of the same files, unless it is there. */
void fngc_diag_adopt(struct fngc_compile *c, const struct fngc_diag *diag);

/* Sorts by place and moves the list to the result. */
void fngc_diags_finish(struct fngc_compile *c);

/* "did you mean 'x'?" for the nearest of @words (NULL-terminated), or NULL. */
const char *fngc_suggest(struct fngc_compile *c, const char *word,
			 const char *const *words);

#endif /* COMPILER_DIAG_H */
