// SPDX-License-Identifier: MIT
/*
 * Settings: the bits of each at the ends of their words, and who decides where
 * several could.
 */
#include <stdlib.h>
#include <fnguard/capabilities.h>

#include "engine_test.h"

static struct fng_image_meta *meta_of(const struct subject *s)
{
	return (void *)(s->blob.data + image_offset(s->blob, FNG_SECTION_META));
}

static struct fng_image_class *class_of(const struct subject *s, u8 class)
{
	return (struct fng_image_class *)(s->blob.data +
		image_offset(s->blob, FNG_SECTION_CLASSES)) + class;
}

static void assert_decided(const struct fng_decision *d, u8 class, bool refused,
			   u32 rule)
{
	assert_int_equal(d->class, class);
	assert_int_equal(d->refused, refused);
	assert_int_equal(d->rule, rule);
}

static void families_and_types_are_bits(void **state)
{
	static const struct {
		u32 family;
		u32 type;
		u32 by;
	} rows[] = {
		{ 1, 1, FNG_RULE_NONE }, { 63, 31, FNG_RULE_NONE },
		{ 10, 2, FNG_RULE_NONE }, { 0, 1, FULL_FAMILIES },
		{ 31, 1, FULL_FAMILIES }, { 32, 1, FULL_FAMILIES },
		{ 33, 1, FULL_FAMILIES }, { 62, 1, FULL_FAMILIES },
		{ 64, 1, FULL_FAMILIES }, { 65, 1, FULL_FAMILIES },
		{ 64 + 63, 1, FULL_FAMILIES }, { ~0u, 1, FULL_FAMILIES },
		{ 1, 0, FULL_TYPES }, { 1, 3, FULL_TYPES },
		{ 1, 30, FULL_TYPES }, { 1, 32, FULL_TYPES },
		{ 1, 33, FULL_TYPES }, { 1, 63, FULL_TYPES },
		{ 1, 64, FULL_TYPES }, { 1, ~0u, FULL_TYPES },
		{ 0, 0, FULL_FAMILIES },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		bool refused = rows[i].by != FNG_RULE_NONE;

		fng_socket_decide(&s.image, rows[i].family, rows[i].type, &d);
		assert_decided(&d, FNG_CLASS_SOCKETS, refused,
			       refused ? rows[i].by : FULL_TYPES);
		assert_int_equal(d.err, EAFNOSUPPORT);
	}
	subject_free(&s);
}

static void privileges_and_capabilities_are_bits(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d;
	u32 bit;

	(void)state;
	meta_of(&s)->privileges = 1u << 0 | 1u << 31;
	meta_of(&s)->floor = 1u << 0;
	assert_accepted(s.blob, &s.image);
	for (bit = 0; bit < 130; bit++) {
		fng_privilege_decide(&s.image, bit, &d);
		assert_decided(&d, FNG_CLASS_PRIVILEGES, bit != 0 && bit != 31,
			       FULL_PRIVILEGES);
		fng_capability_decide(&s.image, bit, &d);
		assert_int_equal(d.refused, bit != 0 && bit != 63);
		fng_floor_decide(&s.image, bit, &d);
		assert_decided(&d, FNG_CLASS_FLOOR, bit == 0,
			       bit ? FNG_RULE_NONE : FNG_RULE_FLOOR);
	}
	subject_free(&s);
}

/* What only the floor says of a capability, each part on its own. */
static void capabilities_are_withheld_by_their_part_of_the_floor(void **state)
{
	static const struct {
		u32 cap;
		u32 part;
	} rows[] = {
		{ FNG_CAP_SYS_ADMIN, FNG_FLOOR_MOUNT },
		{ FNG_CAP_SYS_MODULE, FNG_FLOOR_MODULE },
		{ FNG_CAP_SYS_BOOT, FNG_FLOOR_REBOOT },
		{ FNG_CAP_SYS_RAWIO, FNG_FLOOR_KMEM },
		{ FNG_CAP_SYS_CHROOT, FNG_FLOOR_CHROOT },
		{ FNG_CAP_BPF, FNG_FLOOR_BPF },
		{ FNG_CAP_NET_ADMIN, FNG_FLOOR_SOCKET },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d;
	u32 part, cap;
	size_t i;

	(void)state;
	meta_of(&s)->capabilities = ~0ull;
	for (part = 0; part < FNG_NR_FLOORS; part++) {
		meta_of(&s)->floor = 1u << part;
		assert_accepted(s.blob, &s.image);
		for (cap = 0; cap < 64; cap++) {
			bool withheld = false;

			for (i = 0; i < NR(rows); i++)
				withheld |= rows[i].cap == cap &&
					    rows[i].part == part;
			fng_capability_decide(&s.image, cap, &d);
			assert_decided(&d, withheld ? FNG_CLASS_FLOOR :
						      FNG_CLASS_PRIVILEGES,
				       withheld,
				       withheld ? FNG_RULE_FLOOR | part :
						  FULL_CAPABILITIES);
		}
	}
	subject_free(&s);
}

/* The first that refuses, but one that enforces before one that audits, or learns. */
static void what_enforces_is_not_hidden_by_what_audits(void **state)
{
	static const struct {
		bool floor;
		u32 floor_mode;
		bool set;
		u32 set_mode;
		bool by_floor;
	} rows[] = {
		{ true, FNG_MODE_ENFORCE, true, FNG_MODE_ENFORCE, true },
		{ true, FNG_MODE_ENFORCE, true, FNG_MODE_AUDIT, true },
		{ true, FNG_MODE_ENFORCE, false, FNG_MODE_ENFORCE, true },
		{ true, FNG_MODE_AUDIT, true, FNG_MODE_ENFORCE, false },
		{ true, FNG_MODE_AUDIT, true, FNG_MODE_AUDIT, true },
		{ true, FNG_MODE_AUDIT, true, FNG_MODE_LEARN, true },
		{ true, FNG_MODE_AUDIT, false, FNG_MODE_ENFORCE, true },
		{ true, FNG_MODE_LEARN, true, FNG_MODE_AUDIT, false },
		{ true, FNG_MODE_LEARN, true, FNG_MODE_LEARN, true },
		{ false, FNG_MODE_ENFORCE, true, FNG_MODE_ENFORCE, false },
		{ false, FNG_MODE_AUDIT, true, FNG_MODE_AUDIT, false },
		{ false, FNG_MODE_ENFORCE, false, FNG_MODE_ENFORCE, false },
	};
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		struct subject s = subject_sample(SAMPLE_FULL);

		meta_of(&s)->floor = rows[i].floor ? 1u << FNG_FLOOR_MOUNT : 0;
		meta_of(&s)->capabilities = rows[i].set ? 0 : ~0ull;
		class_of(&s, FNG_CLASS_FLOOR)->mode = rows[i].floor_mode;
		class_of(&s, FNG_CLASS_PRIVILEGES)->mode = rows[i].set_mode;
		assert_accepted(s.blob, &s.image);
		fng_capability_decide(&s.image, FNG_CAP_SYS_ADMIN, &d);
		assert_decided(&d, rows[i].by_floor ? FNG_CLASS_FLOOR :
						      FNG_CLASS_PRIVILEGES,
			       rows[i].floor || rows[i].set,
			       rows[i].by_floor ?
			       FNG_RULE_FLOOR | FNG_FLOOR_MOUNT :
			       FULL_CAPABILITIES);
		assert_int_equal(d.audit, (rows[i].by_floor ?
					   rows[i].floor_mode :
					   rows[i].set_mode) != FNG_MODE_ENFORCE);
		subject_free(&s);
	}
}

/* The clock takes its capability and the privilege. */
static void the_clock_is_a_privilege_too(void **state)
{
	static const struct {
		bool cap;
		bool privilege;
		bool refused;
		u32 rule;
	} rows[] = {
		{ true, true, false, FULL_CAPABILITIES },
		{ false, true, true, FULL_CAPABILITIES },
		{ false, false, true, FULL_CAPABILITIES },
		{ true, false, true, FULL_PRIVILEGES },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		meta_of(&s)->capabilities = rows[i].cap ? ~0ull : 0;
		meta_of(&s)->privileges = rows[i].privilege ?
			1u << FNG_PRIVILEGE_TIME : 0;
		assert_accepted(s.blob, &s.image);
		fng_capability_decide(&s.image, FNG_CAP_SYS_TIME, &d);
		assert_decided(&d, FNG_CLASS_PRIVILEGES, rows[i].refused,
			       rows[i].rule);
		fng_capability_decide(&s.image, FNG_CAP_SYS_TIME + 1, &d);
		assert_decided(&d, FNG_CLASS_PRIVILEGES, !rows[i].cap,
			       FULL_CAPABILITIES);
	}
	subject_free(&s);
}

/* A setting only refuses where its class is there, and it says so. */
static void settings_refuse_where_their_class_is(void **state)
{
	static const struct {
		enum sample sample;
		u32 effect;
		bool refused;
	} rows[] = {
		{ SAMPLE_FULL, FNG_EFFECT_DENY, true },
		{ SAMPLE_FULL, FNG_EFFECT_ALLOW, false },
		{ SAMPLE_SPARSE, FNG_EFFECT_DENY, false },
		{ SAMPLE_SPARSE, FNG_EFFECT_ALLOW, false },
	};
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		struct subject s = subject_sample(rows[i].sample);
		struct fng_image_meta *meta = meta_of(&s);

		meta->fileless = rows[i].effect;
		meta->modified = rows[i].effect;
		meta->write_exec = rows[i].effect;
		assert_accepted(s.blob, &s.image);
		fng_fileless_decide(&s.image, &d);
		assert_decided(&d, FNG_CLASS_EXEC, rows[i].refused,
			       meta->fileless_rule);
		fng_modified_decide(&s.image, &d);
		assert_decided(&d, FNG_CLASS_EXEC, rows[i].refused,
			       meta->modified_rule);
		fng_write_exec_decide(&s.image, &d);
		assert_decided(&d, FNG_CLASS_MEMORY, rows[i].refused,
			       meta->write_exec_rule);
		subject_free(&s);
	}
}

/* Absent classes have bits that nobody asks about. */
static void absent_classes_refuse_nothing(void **state)
{
	struct subject s = subject_sample(SAMPLE_SPARSE);
	struct fng_decision d;
	u32 bit;

	(void)state;
	meta_of(&s)->families = 0;
	meta_of(&s)->types = 0;
	meta_of(&s)->privileges = 0;
	meta_of(&s)->capabilities = 0;
	meta_of(&s)->floor = 0;
	assert_accepted(s.blob, &s.image);
	for (bit = 0; bit < 70; bit++) {
		fng_socket_decide(&s.image, bit, bit, &d);
		assert_decided(&d, FNG_CLASS_SOCKETS, false, FNG_RULE_NONE);
		fng_privilege_decide(&s.image, bit, &d);
		assert_decided(&d, FNG_CLASS_PRIVILEGES, false, FNG_RULE_NONE);
		fng_capability_decide(&s.image, bit, &d);
		assert_decided(&d, FNG_CLASS_PRIVILEGES, false, FNG_RULE_NONE);
	}
	fng_class_default(&s.image, FNG_CLASS_EGRESS, &d);
	assert_decided(&d, FNG_CLASS_EGRESS, false, FNG_RULE_NONE);
	fng_class_default(&s.image, FNG_CLASS_FILES, &d);
	assert_decided(&d, FNG_CLASS_FILES, false, SPARSE_FILES_DEFAULT);
	subject_free(&s);
}

/* Each bit is about its class, and the last about one setting of exec. */
static void refusals_kill_by_their_class(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_decision d = { .refused = true, .rule = FNG_RULE_NONE };
	u32 bit, class;

	(void)state;
	for (bit = 0; bit < FNG_CLASS_SUBJECT; bit++) {
		meta_of(&s)->kill = 1u << bit;
		for (class = 0; class < FNG_NR_CLASSES; class++) {
			d.class = class;
			assert_int_equal(fng_kill_decide(&s.image, &d),
					 class == bit);
		}
	}
	d.class = FNG_CLASS_EXEC;
	meta_of(&s)->kill = 1u << FNG_CLASS_EXEC;
	d.rule = FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE;
	assert_true(fng_kill_decide(&s.image, &d));
	d.rule = FNG_RULE_GUARD | FNG_GUARD_QUARANTINE;
	assert_false(fng_kill_decide(&s.image, &d));
	meta_of(&s)->kill = 1u << FNG_KILL_FILELESS;
	d.rule = meta_of(&s)->fileless_rule;
	assert_true(fng_kill_decide(&s.image, &d));
	d.class = FNG_CLASS_FILES;
	assert_false(fng_kill_decide(&s.image, &d));
	d.class = FNG_CLASS_EXEC;
	d.rule = FNG_RULE_NONE;
	assert_false(fng_kill_decide(&s.image, &d));
	meta_of(&s)->kill = 0;
	d.rule = meta_of(&s)->fileless_rule;
	assert_false(fng_kill_decide(&s.image, &d));
	subject_free(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_and_types_are_bits),
		cmocka_unit_test(privileges_and_capabilities_are_bits),
		cmocka_unit_test(
			capabilities_are_withheld_by_their_part_of_the_floor),
		cmocka_unit_test(what_enforces_is_not_hidden_by_what_audits),
		cmocka_unit_test(the_clock_is_a_privilege_too),
		cmocka_unit_test(settings_refuse_where_their_class_is),
		cmocka_unit_test(absent_classes_refuse_nothing),
		cmocka_unit_test(refusals_kill_by_their_class),
	};

	return cmocka_run_group_tests_name("engine_scalar", tests, NULL, NULL);
}
