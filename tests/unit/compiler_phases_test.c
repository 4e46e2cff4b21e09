// SPDX-License-Identifier: MIT
/*
 * Phases: their images, one behind the other, and what is made of them again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <compiler/compiler.h>

#define TEXT								\
	"policy: t\nversion: 3\n"					\
	"attach: { cgroup: [/a/*] }\n"					\
	"exec: { default: deny, allow: [/app/*], deny: [/app/no] }\n"	\
	"egress: { rules: [ { allow: { to: [10.0.0.0/8] } } ] }\n"	\
	"phases:\n"							\
	"  warm: { enter: 1m, exec: { allow: [/app/one] } }\n"		\
	"  serve: { enter: accept, mode: audit,"			\
	" egress: { default: deny, rules: [] } }\n"			\
	"  late: { memory: { write-exec: deny } }\n"

static struct fngc_result *compile_with(const char *text, bool share)
{
	const char *const dirs[] = { "policy", "../../policy", NULL };
	const struct fngc_options options = {
		.policy_path = dirs,
		.always_share = share,
	};
	struct fngc_result *result;

	if (fngc_compile_text(&options, "t.yaml", text, strlen(text), &result))
		fngc_diags_print(result, stderr, false);
	return result;
}

static struct fngc_result *compile(const char *text)
{
	struct fngc_result *result = compile_with(text, false);

	assert_non_null(result->image);
	return result;
}

static bool allows(const struct fng_image *image, const char *verb,
		   const char *target)
{
	struct fng_decision decision;
	struct fngc_query query;
	char reason[128];

	assert_int_equal(fngc_query_parse(verb, target, NULL, &query, reason,
					  sizeof(reason)), 0);
	fngc_decide(image, &query, &decision);
	return !decision.refused;
}

static void parts_are_what_was_written(void **state)
{
	struct fngc_result *result = compile(TEXT);
	struct fng_image_error error;
	struct fngc_parts parts;

	(void)state;
	assert_int_equal(fngc_parts_verify(result->image, result->image_size,
					   &parts, &error), 0);
	assert_int_equal(parts.nr, 4);
	assert_int_equal(result->nr_phases, 3);
	for (size_t i = 0; i < result->nr_phases; i++) {
		const struct fng_image_meta *meta =
			parts.part[i + 1].image.meta;

		assert_string_equal(meta->name, "t");
		assert_int_equal(meta->version, 3);
		assert_string_equal(meta->phase, result->phases[i].name);
		assert_int_equal(meta->enter, result->phases[i].enter);
		assert_int_equal(meta->enter_after,
				 result->phases[i].enter_after);
		assert_int_equal(meta->tells, result->phases[i].tells);
		assert_int_equal(meta->nr_phases, 0);
		assert_int_equal(parts.part[i + 1].image.cgroup.nr_states, 0);
	}
	assert_int_equal(parts.part[0].image.meta->nr_phases, 3);
	assert_true(parts.part[0].image.cgroup.nr_states);
	assert_int_equal(result->phases[0].enter_after, 60);
	assert_ptr_equal(fngc_parts_phase(&parts, "late"),
			 &parts.part[3].image);
	assert_null(fngc_parts_phase(&parts, "later"));
	assert_null(fngc_phase_view(result, ""));
	fngc_result_free(result);
}

/* What a phase does not name is as in the one before. */
static void keys_are_replaced_one_by_one(void **state)
{
	struct fngc_result *result = compile(TEXT);
	const struct fng_image *start = &result->view;
	const struct fng_image *warm = fngc_phase_view(result, "warm");
	const struct fng_image *serve = fngc_phase_view(result, "serve");
	const struct fng_image *late = fngc_phase_view(result, "late");

	(void)state;
	assert_true(allows(start, "exec", "/app/two"));
	assert_false(allows(start, "exec", "/app/no"));
	assert_false(allows(warm, "exec", "/app/two"));
	assert_true(allows(warm, "exec", "/app/one"));
	assert_true(allows(late, "exec", "/app/one"));
	assert_true(allows(warm, "connect", "10.0.0.1:1"));
	assert_false(allows(serve, "connect", "10.0.0.1:1"));
	assert_false(allows(late, "connect", "10.0.0.1:1"));
	assert_true(allows(serve, "write-exec", "mmap"));
	assert_false(allows(late, "write-exec", "mmap"));
	fngc_result_free(result);
}

/* Where nothing is said of connections, none has to be looked at. */
static void what_is_the_same_for_connections(void **state)
{
	struct fngc_result *result = compile(
		"policy: t\n"
		"egress: { rules: [ { allow: { to: [10.0.0.0/8] } } ] }\n"
		"listen: { default: deny, allow: [80/tcp] }\n"
		"phases:\n"
		"  a: { exec: { default: deny, allow: [/a] } }\n"
		"  b: { listen: { allow: [] } }\n"
		"  c: { egress: { rules: [] } }\n"
		"  d: { egress: { default: deny }, unix: { default: deny } }\n");
	const struct fng_image *before = &result->view;
	static const bool same[] = { true, false, false, true };

	(void)state;
	for (size_t i = 0; i < result->nr_phases; i++) {
		const struct fng_image *image =
			&result->phases[i].result->view;

		assert_int_equal(fng_traffic_same(before, image), same[i]);
		before = image;
	}
	fngc_result_free(result);
}

static void a_phase_that_audits_enforces_nothing(void **state)
{
	struct fngc_result *result = compile(TEXT);
	const struct fng_image *serve = fngc_phase_view(result, "serve");
	const struct fng_image *late = fngc_phase_view(result, "late");

	(void)state;
	for (u32 i = 0; i < FNG_NR_CLASSES; i++) {
		assert_int_equal(serve->classes[i].mode, FNG_MODE_AUDIT);
		assert_int_equal(late->classes[i].mode, FNG_MODE_ENFORCE);
	}
	fngc_result_free(result);
}

static void the_same_text_gives_the_same_bytes(void **state)
{
	struct fngc_result *a = compile(TEXT), *b = compile(TEXT);

	(void)state;
	assert_int_equal(a->image_size, b->image_size);
	assert_memory_equal(a->image, b->image, a->image_size);
	fngc_result_free(a);
	fngc_result_free(b);
}

/* Each part has its base, and those that can have it in common do. */
static void templates_are_shared(void **state)
{
	struct fngc_result *result = compile_with(
		"policy: t\nextends: [strict, python3]\n"
		"exec: { allow: [/app/main] }\n"
		"phases: { serve: { enter: listen, exec: { allow: [] } },"
		" late: { unix: { default: deny, allow: [] } } }\n", true);
	const struct fng_image *serve, *late;

	(void)state;
	assert_non_null(result->image);
	serve = fngc_phase_view(result, "serve");
	late = fngc_phase_view(result, "late");
	assert_true(allows(&result->view, "exec", "/app/main"));
	assert_false(allows(serve, "exec", "/app/main"));
	assert_non_null(serve->base);
	assert_non_null(late->base);
	assert_int_equal(serve->base->size, late->base->size);
	fngc_result_free(result);
}

/* No byte that is cut off, and none that is one too many, goes unnoticed. */
static void what_is_cut_off_is_refused(void **state)
{
	struct fngc_result *result = compile(TEXT);
	size_t size = result->image_size;
	u64 *copy = calloc(1, size + 8);
	struct fng_image_error error;
	struct fngc_parts parts;

	(void)state;
	memcpy(copy, result->image, size);
	for (size_t cut = 0; cut < size; cut += cut < 64 ? 1 : 61)
		assert_int_equal(fngc_parts_verify(copy, cut, &parts, &error),
				 -EINVAL);
	assert_int_equal(fngc_parts_verify(copy, size + 8, &parts, &error),
			 -EINVAL);
	assert_string_equal(error.reason,
			    "there is more than the images of the phases");
	assert_int_equal(error.offset, size);
	free(copy);
	fngc_result_free(result);
}

/* A phase's own image is no policy, and its order is not to be changed. */
static void parts_have_their_places(void **state)
{
	struct fngc_result *result = compile(TEXT);
	const struct fng_image_header *first = result->image;
	struct fng_image_error error;
	struct fngc_parts parts;

	(void)state;
	assert_int_equal(fngc_parts_verify((const char *)first + first->size,
					   result->image_size - first->size,
					   &parts, &error), -EINVAL);
	assert_string_equal(error.reason, "a phase is without its policy");
	fngc_result_free(result);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_what_was_written),
		cmocka_unit_test(keys_are_replaced_one_by_one),
		cmocka_unit_test(what_is_the_same_for_connections),
		cmocka_unit_test(a_phase_that_audits_enforces_nothing),
		cmocka_unit_test(the_same_text_gives_the_same_bytes),
		cmocka_unit_test(templates_are_shared),
		cmocka_unit_test(what_is_cut_off_is_refused),
		cmocka_unit_test(parts_have_their_places),
	};

	return cmocka_run_group_tests_name("compiler_phases", tests, NULL, NULL);
}
