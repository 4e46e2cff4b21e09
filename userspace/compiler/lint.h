/* SPDX-License-Identifier: MIT */
/*
 * Policies that are valid and probably not what was meant.
 */
#ifndef COMPILER_LINT_H
#define COMPILER_LINT_H

#include <compiler/model.h>

/* All lints, on a policy that compiled; @accepts are all that its paths get. */
void fngc_lint(struct fngc_compile *c, const struct fng_image_accept *accepts,
	       size_t nr_accepts);

/* The parts of it, each in its file. */
void fngc_lint_rules(struct fngc_compile *c);
void fngc_lint_paths(struct fngc_compile *c,
		     const struct fng_image_accept *accepts, size_t nr);
void fngc_lint_digests(struct fngc_compile *c);
void fngc_lint_egress(struct fngc_compile *c);
void fngc_lint_routes(struct fngc_compile *c);
void fngc_lint_doors(struct fngc_compile *c);
void fngc_lint_privileges(struct fngc_compile *c);
/* section_response.c */
void fngc_lint_response(struct fngc_compile *c);
/* section_observe.c */
void fngc_lint_observe(struct fngc_compile *c);
void fngc_lint_root(struct fngc_compile *c);

#endif /* COMPILER_LINT_H */
