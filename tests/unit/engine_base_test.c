// SPDX-License-Identifier: MIT
/*
 * Images with a base: what must not pass for one, and who decides what.
 */
#include <stdlib.h>

#include "engine_breakage.h"

#define OWN	.sample = SAMPLE_OVER
#define BASE	OWN, .in_base = true

static const struct breakage breakages[] = {
	{ "base misaligned", OWN, SPAN(BASE, offset), .value = 148,
	  .reason = "a section is not aligned" },
	{ "base in the header", OWN, SPAN(BASE, offset), .value = 136,
	  .reason = "the base starts beyond the image" },
	{ "base behind the end", OWN, SPAN(BASE, offset), .value = 0xfffffff8,
	  .reason = "the base starts beyond the image" },
	{ "base too short", OWN, SPAN(BASE, size), .value = 8,
	  .reason = "the base does not end with the image" },
	{ "base too long", OWN, SPAN(BASE, size), .value = 0xfffffff0,
	  .reason = "the base does not end with the image" },
	{ "an image as a base", BASE, .section = IN_HEADER,
	  FIELD(fng_image_header, 0, magic), .value = FNG_IMAGE_MAGIC,
	  .reason = "this is not an image of a policy" },
	{ "abi of the base", BASE, .section = IN_HEADER,
	  FIELD(fng_image_header, 0, abi), .value = FNG_IMAGE_ABI + 1,
	  .reason = "the image's abi is not supported", .err = EPROTONOSUPPORT },
	{ "size of the base", BASE, .section = IN_HEADER,
	  FIELD(fng_image_header, 0, size), .value = 8,
	  .reason = "the image's size is not what it says" },
	{ "sections of the base", BASE, .section = IN_HEADER,
	  FIELD(fng_image_header, 0, nr_sections),
	  .value = FNG_NR_BASE_SECTIONS,
	  .reason = "the number of sections is wrong" },
	{ "classes and default", BASE, .section = FNG_SECTION_CLASSES,
	  FIELD(fng_image_class, FNG_CLASS_FILES, dflt),
	  .value = FNG_EFFECT_ALLOW, .blames_own = true,
	  .reason = "a class has another default in the base" },
	{ "mode of the base", BASE, .section = FNG_SECTION_CLASSES,
	  FIELD(fng_image_class, FNG_CLASS_FILES, mode),
	  .value = FNG_MODE_AUDIT, .reason = "a base has a mode" },
	{ "class without lists", BASE, .section = FNG_SECTION_CLASSES,
	  FIELD(fng_image_class, FNG_CLASS_MEMORY, present), .value = 1,
	  .reason = "a base has a class without lists" },
	{ "errno of the base", BASE, .section = FNG_SECTION_CLASSES,
	  FIELD(fng_image_class, FNG_CLASS_EXEC, err), .value = EPERM,
	  .reason = "a base has an errno" },
	{ "default rule of the base", BASE, .section = FNG_SECTION_CLASSES,
	  FIELD(fng_image_class, FNG_CLASS_EXEC, rule), .value = 0,
	  .reason = "a base has the rule of a default" },
	{ "rule that the base lacks", BASE, .section = FNG_SECTION_PATH_ACCEPT,
	  FIELD(fng_image_accept, 1, rule[0]), .value = FULL_NR_RULES,
	  .reason = "an access is decided by no rule" },
	{ "port rule of a default", BASE, .section = FNG_SECTION_PORTS,
	  FIELD(fng_image_port, 0, rule), .value = FNG_RULE_DEFAULT,
	  .reason = "a port range is decided by no rule" },
	{ "base hands over", BASE, .section = FNG_SECTION_PATH_STATES,
	  FIELD(fng_image_state, 3, dflt), .value = FNG_STATE_BASE | 1,
	  .reason = "a state's default is no state" },
	{ "rule that nobody has", OWN, .section = FNG_SECTION_PATH_ACCEPT,
	  FIELD(fng_image_accept, 1, rule[0]), .value = OVER_NR_RULES,
	  .reason = "an access is decided by no rule" },
	{ "own rule of a default", OWN, .section = FNG_SECTION_PATH_ACCEPT,
	  FIELD(fng_image_accept, 1, rule[0]), .value = FNG_RULE_DEFAULT,
	  .reason = "an access is decided by no rule" },
	{ "handed over to nothing", OWN, .section = FNG_SECTION_PATH_STATES,
	  FIELD(fng_image_state, OVER_HANDED, dflt),
	  .value = FNG_STATE_BASE | (FNG_MAX_STATES - 1),
	  .reason = "a state's default is no state" },
	{ "transition to the base", OWN, .section = FNG_SECTION_PATH_TRANS,
	  FIELD(fng_image_trans, 0, next), .value = FNG_STATE_BASE | 1,
	  .reason = "a transition leads to no state" },
	{ "transition of the base", OWN, .section = FNG_SECTION_PATH_TRANS,
	  FIELD(fng_image_trans, 0, check), .value = FNG_STATE_BASE | 1,
	  .reason = "a transition is owned by no state" },
	{ "what hands over owns", OWN, .section = FNG_SECTION_PATH_TRANS,
	  FIELD(fng_image_trans, 0, check), .value = OVER_HANDED,
	  .reason = "a state that hands over owns a transition" },
	{ "stands for another", OWN, .section = FNG_SECTION_PATH_STATES,
	  FIELD(fng_image_state, OVER_HANDED, accept), .value = 1,
	  .reason = "a state that hands over accepts otherwise" },
	{ "no rule matches", OWN, .section = FNG_SECTION_PATH_ACCEPT,
	  FIELD(fng_image_accept, 0, granted), .value = 1,
	  .reason = "what no rule matches is decided otherwise" },
	{ "ports of the base", OWN, .section = FNG_SECTION_V4,
	  FIELD(fng_image_v4, 0, portset), .value = 2,
	  .reason = "an address range has no set of ports" },
};

/* The policy lacks a class that its base was made for. */
static void classes_of_the_base_are_in_the_policy(void **state)
{
	static const u8 classes[] = {
		FNG_CLASS_EXEC, FNG_CLASS_FILES, FNG_CLASS_EGRESS
	};
	struct fng_image_class *own;
	struct subject s;
	u32 i, at;

	(void)state;
	for (i = 0; i < NR(classes); i++) {
		s = subject_sample(SAMPLE_OVER);
		at = image_offset(s.blob, FNG_SECTION_CLASSES) +
		     classes[i] * sizeof(*own);
		own = (void *)(s.blob.data + at);
		own->present = 0;
		own->dflt = FNG_EFFECT_ALLOW;
		own->rule = FNG_RULE_NONE;
		assert_refused(s.blob, EINVAL,
			       "a class is in the base or the policy only", at);
		subject_free(&s);
	}
}

/* A base is verified with what follows its header, however small it is. */
static void a_flat_image_ends_before_its_base(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);

	(void)state;
	assert_null(s.image.base);
	assert_int_equal(image_offset(s.blob, FNG_SECTION_BASE), s.blob.size);
	assert_int_equal(image_size(s.blob, FNG_SECTION_BASE), 0);
	subject_free(&s);
}

/* What only a policy has would be read by nobody. */
static void a_base_has_nothing_of_a_policys_own(void **state)
{
	struct subject s = subject_sample(SAMPLE_OVER);
	struct image_blob base = base_of(s.blob);
	struct image_blob more = { calloc(1, base.size + 8), base.size + 8 };
	struct fng_image_header *header = (void *)more.data;
	struct fng_image_error error = { 0 };
	struct fng_image image;
	u32 kind, i;

	(void)state;
	assert_non_null(more.data);
	for (kind = FNG_NR_BASE_SECTIONS; kind < FNG_NR_SECTIONS; kind++) {
		memcpy(more.data, base.data, base.size);
		header->size = more.size;
		for (i = kind + 1; i < FNG_NR_SECTIONS; i++)
			header->section[i].offset = more.size;
		assert_int_equal(fng_base_verify(more.data, more.size, &image,
						 &error), 0);
		header->section[kind].size = 1;
		assert_int_equal(fng_base_verify(more.data, more.size, &image,
						 &error), -E2BIG);
		assert_string_equal(error.reason,
				    "a section has too many records");
	}
	image_free(more);
	subject_free(&s);
}

static void parts_can_be_apart(void **state)
{
	struct subject s = subject_sample(SAMPLE_OVER);
	struct image_blob own = { s.blob.data, 0 }, base;
	struct fng_image_error error = { 0 };
	struct fng_image_span *span;
	struct fng_image image, other;

	(void)state;
	assert_int_equal(fng_image_split((void *)s.blob.data, s.blob.size,
					 &own.size, &error), 0);
	own = image_copy(own);
	base = image_copy(base_of(s.blob));
	assert_int_equal(own.size + base.size, s.blob.size);
	assert_int_equal(fng_base_verify(base.data, base.size, &other, &error),
			 0);
	assert_int_equal(fng_own_verify(own.data, own.size, &other, &image,
					&error), 0);
	assert_int_equal(image.size, s.blob.size);
	assert_int_equal(fng_rules_count(&image), OVER_NR_RULES);
	/* Without its base, or with half of itself, it is nothing. */
	assert_int_equal(fng_own_verify(own.data, own.size, NULL, &image,
					&error), -EINVAL);
	assert_int_equal(fng_own_verify(own.data, own.size - 8, &other, &image,
					&error), -EINVAL);
	/* It is where it says, and as large. */
	span = &((struct fng_image_header *)own.data)->section[FNG_SECTION_BASE];
	span->offset += 8;
	assert_int_equal(fng_own_verify(own.data, own.size, &other, &image,
					&error), -EINVAL);
	span->offset -= 8;
	span->size += 8;
	assert_int_equal(fng_own_verify(own.data, own.size, &other, &image,
					&error), -EINVAL);
	image_free(own);
	image_free(base);
	subject_free(&s);
}

static void rules_are_found_in_both(void **state)
{
	static const struct {
		u32 rule;
		const char *text;
	} rows[] = {
		{ FULL_EXEC_DEFAULT, "exec: default: deny" },
		{ FULL_TYPES, "types: stream" },
		{ OVER_EXEC_DEFAULT, "exec: default: deny" },
		{ OVER_NET, "10.1.0.0/16: 80/tcp" },
	};
	struct subject s = subject_sample(SAMPLE_OVER);
	const struct fng_image_rule *rule;
	const char *strings;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		rule = fng_rule_find(&s.image, rows[i].rule, &strings);
		assert_non_null(rule);
		assert_string_equal(strings + rule->text, rows[i].text);
	}
	assert_null(fng_rule_find(&s.image, OVER_NR_RULES, &strings));
	assert_null(fng_rule_find(&s.image, FNG_RULE_NONE, &strings));
	subject_free(&s);
}

static void paths_are_decided_by_either(void **state)
{
	static const struct {
		const char *path;
		u32 access;
		bool refused;
		u32 rule;
	} rows[] = {
		{ "own/x", FNG_ACCESS_READ, false, OVER_OWN },
		{ "own/x", FNG_ACCESS_WRITE, true, OVER_OWN },
		{ "own/secrets", FNG_ACCESS_READ, true, OVER_SECRETS },
		{ "own", FNG_ACCESS_READ, true, OVER_FILES_DEFAULT },
		{ "", FNG_ACCESS_READ, true, OVER_FILES_DEFAULT },
		{ "/", FNG_ACCESS_READ, true, OVER_FILES_DEFAULT },
		{ "/usr/x", FNG_ACCESS_READ, false, FULL_USR },
		{ "/usr/bin/x", FNG_ACCESS_EXEC, false, FULL_BIN },
		{ "/app/secrets/x", FNG_ACCESS_READ, true, FULL_SECRETS },
		{ "/etc/motd", FNG_ACCESS_READ, false, FULL_MOTD },
		{ "/etc/motd1", FNG_ACCESS_READ, true, OVER_FILES_DEFAULT },
		{ "/x", FNG_ACCESS_EXEC, true, OVER_EXEC_DEFAULT },
		{ "/\xff\x80", FNG_ACCESS_READ, false, FULL_MOTD },
	};
	struct subject s = subject_sample(SAMPLE_OVER);
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		fng_name_decide(&s.image, rows[i].path, strlen(rows[i].path),
				rows[i].access, &d);
		if (d.refused != rows[i].refused || d.rule != rows[i].rule)
			fail_msg("%s: %s by rule %u", rows[i].path,
				 d.refused ? "refused" : "allowed", d.rule);
	}
	subject_free(&s);
}

static void destinations_are_decided_by_either(void **state)
{
	static const struct {
		const char *addr;
		u16 port;
		bool refused;
		u32 rule;
	} rows[] = {
		{ "10.0.255.255", 443, false, FULL_WEB },
		{ "10.1.0.0", 80, false, OVER_NET },
		{ "10.1.0.0", 443, true, OVER_EGRESS_DEFAULT },
		{ "10.2.0.1", 443, true, OVER_EGRESS_DEFAULT },
		{ "10.3.0.0", 443, false, FULL_WEB },
		{ "10.3.0.0", 444, true, OVER_EGRESS_DEFAULT },
		{ "169.254.169.254", 80, true, FULL_METADATA },
		{ "0.0.0.0", 80, false, FULL_LOCAL },
		{ "11.0.0.0", 80, true, OVER_EGRESS_DEFAULT },
		{ "fd00:1::1", 80, false, OVER_NET },
		{ "fd00:1::1", 443, true, OVER_EGRESS_DEFAULT },
		{ "fd00:2::1", 443, false, FULL_WEB },
	};
	struct subject s = subject_sample(SAMPLE_OVER);
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		struct fng_endpoint end = endpoint_of(rows[i].addr,
						      FNG_PROTO_TCP,
						      rows[i].port);

		fng_egress_decide(&s.image, &end, &d);
		if (d.refused != rows[i].refused || d.rule != rows[i].rule)
			fail_msg("%s, port %u: %s by rule %u", rows[i].addr,
				 end.port, d.refused ? "refused" : "allowed",
				 d.rule);
	}
	subject_free(&s);
}

/* What hands over, and what it hands over to, are one and the same. */
static void a_state_is_its_own_twin(void **state)
{
	struct subject s = subject_sample(SAMPLE_OVER);
	u32 base = FNG_STATE_BASE | OVER_BASE_STATE;
	struct fng_decision d;

	(void)state;
	assert_int_equal(path_state(&s.image, "/"), OVER_HANDED);
	fng_tree_gain_decide(&s.image, OVER_HANDED, base, &d);
	assert_false(d.refused);
	fng_tree_gain_decide(&s.image, base, OVER_HANDED, &d);
	assert_false(d.refused);
	fng_tree_gain_decide(&s.image, FNG_STATE_DEAD, FNG_STATE_BASE, &d);
	assert_false(d.refused);
	fng_tree_gain_decide(&s.image, FNG_STATE_DEAD, base, &d);
	assert_true(d.refused);
	assert_int_equal(d.rule, OVER_FILES_DEFAULT);
	fng_subtree_decide(&s.image, base, &d);
	assert_true(d.refused);
	subject_free(&s);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(classes_of_the_base_are_in_the_policy),
		cmocka_unit_test(a_flat_image_ends_before_its_base),
		cmocka_unit_test(a_base_has_nothing_of_a_policys_own),
		cmocka_unit_test(parts_can_be_apart),
		cmocka_unit_test(rules_are_found_in_both),
		cmocka_unit_test(paths_are_decided_by_either),
		cmocka_unit_test(destinations_are_decided_by_either),
		cmocka_unit_test(a_state_is_its_own_twin),
	};

	return RUN_BREAKAGES("engine_base", breakages, others);
}
