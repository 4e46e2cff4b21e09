// SPDX-License-Identifier: MIT
/*
 * The verifier, check by check: one field of a good image is made wrong, and
 * the refusal must name that field and say why.
 *
 * More than 500 lines: most of it is one table, a few lines for each refusal.
 */
#include <stdlib.h>

#include "engine_breakage.h"

#define BLAMED(type, index, field) \
	.blamed = (index) * sizeof(struct type) + offsetof(struct type, field)

#define HEADER(field_) .section = IN_HEADER, \
	FIELD(fng_image_header, 0, field_)
#define META(field_) .section = FNG_SECTION_META, \
	FIELD(fng_image_meta, 0, field_)
#define NAME(index) .section = FNG_SECTION_META, .at = (index), .width = 1
#define RULE(index, field_) .section = FNG_SECTION_RULES, \
	FIELD(fng_image_rule, index, field_)
#define CLASS(index, field_) .section = FNG_SECTION_CLASSES, \
	FIELD(fng_image_class, FNG_CLASS_##index, field_)
#define STATE(index, field_) .section = FNG_SECTION_PATH_STATES, \
	FIELD(fng_image_state, index, field_)
#define TRANS(index, field_) .section = FNG_SECTION_PATH_TRANS, \
	FIELD(fng_image_trans, index, field_)
#define ACCEPT(index, field_) .section = FNG_SECTION_PATH_ACCEPT, \
	FIELD(fng_image_accept, index, field_)
#define CSTATE(index, field_) .section = FNG_SECTION_CGROUP_STATES, \
	FIELD(fng_image_state, index, field_)
#define CTRANS(index, field_) .section = FNG_SECTION_CGROUP_TRANS, \
	FIELD(fng_image_trans, index, field_)
#define DSTATE(index, field_) .section = FNG_SECTION_DEVICE_STATES, \
	FIELD(fng_image_state, index, field_)
#define DTRANS(index, field_) .section = FNG_SECTION_DEVICE_TRANS, \
	FIELD(fng_image_trans, index, field_)
#define V4(index, field_) .section = FNG_SECTION_V4, \
	FIELD(fng_image_v4, index, field_)
#define V6(index, field_) .section = FNG_SECTION_V6, \
	FIELD(fng_image_v6, index, field_)
#define V6_BYTE(index, field_, byte) .section = FNG_SECTION_V6, .width = 1, \
	.at = (index) * sizeof(struct fng_image_v6) + \
	      offsetof(struct fng_image_v6, field_) + (byte)
#define PORTSET(index, proto) .section = FNG_SECTION_PORTSETS, .width = 4, \
	.at = (index) * sizeof(struct fng_image_portset) + (proto) * 4
#define DIGEST(index, field_) .section = FNG_SECTION_DIGESTS, \
	FIELD(fng_image_digest, index, field_)
#define PORT(index, field_) .section = FNG_SECTION_PORTS, \
	FIELD(fng_image_port, index, field_)

/* Records of SAMPLE_FULL that the table below speaks of. */
#define FULL_NR_ACCEPTS		9
#define FULL_NR_PORTSETS	7
#define FULL_NR_PORTS		28

static const struct breakage breakages[] = {
	/* header */
	{ "magic", HEADER(magic), .value = 0x1b5e783d,
	  .reason = "this is not an image of a policy" },
	{ "abi too old", HEADER(abi), .value = FNG_IMAGE_ABI_MIN - 1,
	  .reason = "the image's abi is not supported", .err = EPROTONOSUPPORT },
	{ "abi too new", HEADER(abi), .value = FNG_IMAGE_ABI + 1,
	  .reason = "the image's abi is not supported", .err = EPROTONOSUPPORT },
	{ "size too small", HEADER(size), .value = 8,
	  .reason = "the image's size is not what it says" },
	{ "size too large", HEADER(size), .value = ~0u,
	  .reason = "the image's size is not what it says" },
	{ "no sections", HEADER(nr_sections), .value = 0,
	  .reason = "the number of sections is wrong" },
	{ "one section more", HEADER(nr_sections), .value = FNG_NR_SECTIONS + 1,
	  .reason = "the number of sections is wrong" },

	/* section table */
	{ "section misaligned", SPAN(CLASSES, offset), .value = 148,
	  .reason = "a section is not aligned" },
	{ "section in the header", SPAN(CLASSES, offset), .value = 136,
	  .reason = "sections overlap or are out of order" },
	{ "sections swapped", SPAN(STRINGS, offset), .value = 144,
	  .reason = "sections overlap or are out of order" },
	{ "section starts beyond the end", SPAN(PORTS, offset),
	  .value = 0xfffffff8, .reason = "a section starts beyond the image" },
	{ "section ends beyond the end", SPAN(CGROUP_TRANS, size),
	  .value = 0x7ffffff8,
	  .reason = "a section ends beyond the image" },
	{ "section size overflows", SPAN(META, size), .value = 0xfffffff0,
	  .reason = "a section ends beyond the image" },
	{ "half a record", SPAN(RULES, size), .value = 24,
	  .reason = "a section's size does not fit its records" },
	{ "no meta", SPAN(META, size), .value = 0,
	  .reason = "a section has too few records" },
	{ "no strings", SPAN(STRINGS, size), .value = 0,
	  .reason = "a section has too few records" },
	{ "six classes", SPAN(CLASSES, size), .value = 6 * 16,
	  .reason = "a section has too few records" },
	{ "map of 255 bytes", SPAN(PATH_MAP, size), .value = 255,
	  .reason = "a section has too few records" },
	{ "no path states", SPAN(PATH_STATES, size), .value = 0,
	  .reason = "a section has too few records" },
	{ "no start state", SPAN(PATH_STATES, size), .value = 16,
	  .reason = "a section has too few records" },
	{ "no path transitions", SPAN(PATH_TRANS, size), .value = 0,
	  .reason = "a section has too few records" },
	{ "nothing to accept", SPAN(PATH_ACCEPT, size), .value = 0,
	  .reason = "a section has too few records" },
	{ "two metas", SPAN(META, size), .value = 2 * sizeof(struct fng_image_meta),
	  .reason = "a section has too many records", .err = E2BIG },

	/* strings */
	{ "first string", .section = FNG_SECTION_STRINGS, .width = 1,
	  .value = 'x', .reason = "the first string is not empty" },

	/* rules */
	{ "rule file", RULE(3, file), .value = ~0u,
	  .reason = "a rule's file is no string" },
	{ "rule text", RULE(FULL_NR_RULES - 1, text), .value = 0x80000000,
	  .reason = "a rule's text is no string" },
	{ "rule class", RULE(0, class), .value = FNG_NR_CLASSES,
	  .reason = "a rule is of no known class" },
	{ "rule effect", RULE(0, effect), .value = FNG_NR_EFFECTS,
	  .reason = "a rule has no known effect" },
	{ "rule reserved", RULE(0, reserved), .value = 0x100,
	  .reason = "a rule's reserved field is not zero" },

	/* classes */
	{ "class present", CLASS(FILES, present), .value = 2,
	  .reason = "a class is neither present nor absent" },
	{ "class mode", CLASS(EXEC, mode), .value = FNG_NR_MODES,
	  .reason = "a class has no known mode" },
	{ "class default", CLASS(EGRESS, dflt), .value = FNG_NR_EFFECTS,
	  .reason = "a class has no known default" },
	{ "class reserved", CLASS(SUBJECT, reserved), .value = 1,
	  .reason = "a class's reserved field is not zero" },
	{ "class reserved2", CLASS(SUBJECT, reserved2), .value = 1,
	  .reason = "a class's reserved field is not zero" },
	{ "errno zero", CLASS(FILES, err), .value = 0,
	  .reason = "a class's errno is not one of ours" },
	{ "errno without a stub", CLASS(FILES, err), .value = EINTR,
	  .reason = "a class's errno is not one of ours" },
	{ "errno behind the last that is one of ours", CLASS(FILES, err),
	  .value = EHOSTUNREACH + 1,
	  .reason = "a class's errno is not one of ours" },
	{ "errno huge", CLASS(FILES, err), .value = ~0u,
	  .reason = "a class's errno is not one of ours" },
	{ "errno that is one in 16 bits", CLASS(FILES, err),
	  .value = 0x10000 + EPERM,
	  .reason = "a class's errno is not one of ours" },
	{ "absent class denies", CLASS(MEMORY, dflt), .sample = SAMPLE_SPARSE,
	  .value = FNG_EFFECT_DENY, .reason = "an absent class does not allow" },
	{ "absent class has a rule", CLASS(MEMORY, rule),
	  .sample = SAMPLE_SPARSE, .value = 0,
	  .reason = "a class's default has no rule" },
	{ "floor has a rule", CLASS(FLOOR, rule), .value = 0,
	  .reason = "a class's default has no rule" },
	{ "subject has a rule", CLASS(SUBJECT, rule), .value = 0,
	  .reason = "a class's default has no rule" },
	{ "exec has no rule", CLASS(EXEC, rule), .value = FNG_RULE_NONE,
	  .reason = "a class's default has no rule" },
	{ "files has no rule", CLASS(FILES, rule), .value = FNG_RULE_NONE,
	  .reason = "a class's default has no rule" },
	{ "egress has no rule", CLASS(EGRESS, rule), .value = FNG_RULE_NONE,
	  .reason = "a class's default has no rule" },
	{ "rule one too high", CLASS(EGRESS, rule), .value = FULL_NR_RULES,
	  .reason = "a class's default has no rule" },
	{ "floor rule too high", CLASS(MEMORY, rule),
	  .value = FNG_RULE_FLOOR | FNG_NR_FLOORS,
	  .reason = "a class's default has no rule" },
	{ "guard rule too high", CLASS(SOCKETS, rule),
	  .value = FNG_RULE_GUARD | FNG_NR_GUARD_RULES,
	  .reason = "a class's default has no rule" },
	{ "floor and guard rule", CLASS(EGRESS, rule),
	  .value = FNG_RULE_FLOOR | FNG_RULE_GUARD,
	  .reason = "a class's default has no rule" },
	{ "floor absent", CLASS(FLOOR, present), .sample = SAMPLE_BARE,
	  .value = 0, .reason = "an absent class does not allow",
	  BLAMED(fng_image_class, FNG_CLASS_FLOOR, dflt) },

	/* meta */
	{ "name empty", NAME(0), .value = 0,
	  .reason = "a name starts with no letter or digit" },
	{ "name starts with a dot", NAME(0), .value = '.',
	  .reason = "a name starts with no letter or digit" },
	{ "name has a capital", NAME(1), .value = 'A',
	  .reason = "a name is malformed" },
	{ "name has a slash", NAME(3), .value = '/',
	  .reason = "a name is malformed" },
	{ "name has a high byte", NAME(3), .value = 0xe4,
	  .reason = "a name is malformed" },
	{ "name is cut short", NAME(2), .value = 0,
	  .reason = "a name is malformed", .blamed = 3 },
	{ "name not padded", NAME(40), .value = 'x',
	  .reason = "a name is malformed" },
	{ "name not terminated", NAME(63), .value = 'x',
	  .reason = "a name is malformed" },
	{ "fileless", META(fileless), .value = FNG_NR_EFFECTS,
	  .reason = "fileless has no known effect" },
	{ "fileless without exec", META(fileless), .sample = SAMPLE_SPARSE,
	  .value = FNG_NR_EFFECTS, .reason = "fileless has no known effect" },
	{ "fileless rule", META(fileless_rule), .value = FULL_NR_RULES,
	  .reason = "fileless has no rule" },
	{ "fileless rule none", META(fileless_rule), .value = FNG_RULE_NONE,
	  .reason = "fileless has no rule" },
	{ "fileless rule without exec", META(fileless_rule),
	  .sample = SAMPLE_SPARSE, .value = FULL_NR_RULES,
	  .reason = "fileless has no rule" },
	{ "modified", META(modified), .value = FNG_NR_EFFECTS,
	  .reason = "modified has no known effect" },
	{ "modified without exec", META(modified), .sample = SAMPLE_SPARSE,
	  .value = FNG_NR_EFFECTS, .reason = "modified has no known effect" },
	{ "modified rule", META(modified_rule), .value = FULL_NR_RULES,
	  .reason = "modified has no rule" },
	{ "modified rule none", META(modified_rule), .value = FNG_RULE_NONE,
	  .reason = "modified has no rule" },
	{ "modified rule without exec", META(modified_rule),
	  .sample = SAMPLE_SPARSE, .value = FULL_NR_RULES,
	  .reason = "modified has no rule" },
	{ "half a digest", SPAN(DIGESTS, size), .value = 60,
	  .reason = "a section's size does not fit its records" },
	{ "digest path", DIGEST(1, path), .value = ~0u,
	  .reason = "a digest's path is no string" },
	{ "digest path empty", DIGEST(0, path), .value = 0,
	  .reason = "a digest's path is empty or too long" },
	{ "digest rule", DIGEST(0, rule), .value = FULL_NR_RULES,
	  .reason = "a digest has no rule" },
	{ "digest rule none", DIGEST(1, rule), .value = FNG_RULE_NONE,
	  .reason = "a digest has no rule" },
	{ "write-exec", META(write_exec), .value = FNG_NR_EFFECTS,
	  .reason = "write-exec has no known effect" },
	{ "write-exec rule", META(write_exec_rule), .value = FNG_RULE_NONE,
	  .reason = "write-exec has no rule" },
	{ "families rule", META(families_rule), .value = FNG_RULE_NONE,
	  .reason = "the socket families have no rule" },
	{ "types rule", META(types_rule), .value = FULL_NR_RULES,
	  .reason = "the socket types have no rule" },
	{ "unknown part of the floor", META(floor), .value = 1u << FNG_NR_FLOORS,
	  .reason = "the floor has parts that are not known" },
	{ "privileges rule", META(privileges_rule), .value = FNG_RULE_NONE,
	  .reason = "the privileges have no rule" },
	{ "privileges rule without privileges", META(privileges_rule),
	  .sample = SAMPLE_SPARSE, .value = FULL_NR_RULES,
	  .reason = "the privileges have no rule" },
	{ "capabilities rule", META(capabilities_rule), .value = FULL_NR_RULES,
	  .reason = "the capabilities have no rule" },
	{ "ports to listen on", META(listen), .value = FULL_NR_PORTSETS,
	  .reason = "the ports to listen on are no set" },
	{ "ports to listen on without listen", META(listen),
	  .sample = SAMPLE_SPARSE, .value = 1,
	  .reason = "an absent class has a set of ports" },
	{ "kill for what is not known", META(kill),
	  .value = 1u << (FNG_KILL_FILELESS + 1),
	  .reason = "it kills for what is not known" },
	{ "kill for what the guard refuses", META(kill),
	  .value = 1u << FNG_CLASS_SUBJECT,
	  .reason = "it kills for what is not known" },
	{ "quarantine without time", META(quarantine_time), .value = 0,
	  .reason = "a quarantine has no time, or too much" },
	{ "time without quarantine", META(quarantine), .value = 0,
	  .blamed = offsetof(struct fng_image_meta, quarantine_time),
	  .reason = "a quarantine has no time, or too much" },
	{ "quarantine after too many", META(quarantine),
	  .value = FNG_MAX_QUARANTINE + 1,
	  .reason = "a quarantine takes too many refusals" },
	{ "quarantine in too long a time", META(quarantine_time),
	  .value = FNG_MAX_QUARANTINE_TIME + 1,
	  .reason = "a quarantine has no time, or too much" },
	{ "what is not known is observed", META(observe),
	  .value = 1u << FNG_NR_OBSERVABLES,
	  .reason = "it observes what is not known" },
	{ "a rate without what is observed", META(observe), .value = 0,
	  .blamed = offsetof(struct fng_image_meta, observe_cost),
	  .reason = "a report costs nothing or too much" },
	{ "reports that cost nothing", META(observe_cost), .value = 0,
	  .reason = "a report costs nothing or too much" },
	{ "reports that cost too much", META(observe_cost),
	  .value = FNG_MAX_LIMIT_COST + 1,
	  .reason = "a report costs nothing or too much" },
	{ "no report at once", META(observe_burst), .value = 0,
	  .reason = "it reports nothing at once, or too much" },
	{ "too many reports at once", META(observe_burst),
	  .value = FNG_MAX_OBSERVE_BURST + 1,
	  .reason = "it reports nothing at once, or too much" },
	{ "a burst that takes years", META(observe_cost),
	  .value = FNG_MAX_LIMIT_COST,
	  .blamed = offsetof(struct fng_image_meta, observe_burst),
	  .reason = "it reports nothing at once, or too much" },

	/* accepts */
	{ "granted and denied", ACCEPT(1, denied), .value = FNG_ACCESS_READ,
	  .reason = "an access is both granted and denied" },
	{ "absent class withholds", ACCEPT(0, granted), .sample = SAMPLE_SPARSE,
	  .value = FNG_ACCESS_FILES,
	  .reason = "an absent class does not grant an access" },
	{ "unknown access granted", ACCEPT(FULL_NR_ACCEPTS - 1, granted),
	  .value = 1u << FNG_NR_ACCESS,
	  .reason = "an access is not known" },
	{ "access without a rule", ACCEPT(2, rule[7]), .value = FNG_RULE_NONE,
	  .reason = "an access is decided by no rule" },
	{ "access with no such rule", ACCEPT(0, rule[0]),
	  .value = FULL_NR_RULES, .reason = "an access is decided by no rule" },
	{ "absent access with a rule", ACCEPT(0, rule[6]),
	  .sample = SAMPLE_SPARSE, .value = 0,
	  .reason = "an access is decided by no rule" },

	/* states of the path automaton */
	{ "base beyond", STATE(1, base), .value = 0x7fffffff,
	  .reason = "a state's slots lie beyond the table" },
	{ "base that overflows", STATE(0, base), .value = ~0u,
	  .reason = "a state's slots lie beyond the table" },
	{ "default beyond", STATE(2, dflt), .value = ~0u,
	  .reason = "a state's default is no state" },
	{ "accept beyond", STATE(1, accept), .value = FULL_NR_ACCEPTS,
	  .reason = "a state accepts nothing that there is" },
	{ "any without what is accepted", STATE(0, any), .value = 0,
	  .sample = SAMPLE_SPARSE,
	  .reason = "a state's masks do not cover what it accepts" },
	{ "any of what is not known", STATE(1, any), .value = 0xffff,
	  .reason = "a state's masks have unknown accesses" },
	{ "deny of what is not known", STATE(1, deny), .value = 0xffff,
	  .reason = "a state's masks have unknown accesses" },
	{ "every with what is not accepted", STATE(0, every), .value = 1,
	  .reason = "a state's masks do not cover what it accepts" },
	{ "any without what follows", STATE(1, any), .value = 0,
	  .reason = "a state's masks do not cover its successors" },
	{ "deny without what follows", STATE(1, deny), .value = 0,
	  .reason = "a state's masks do not cover its successors" },
	{ "every with what is lost below", STATE(1, every),
	  .value = FNG_ACCESS_ALL,
	  .sample = SAMPLE_SPARSE,
	  .reason = "a state's masks do not cover its successors" },
	{ "every without an absent class", STATE(1, every), .value = 0,
	  .sample = SAMPLE_SPARSE,
	  .reason = "an absent class does not grant below a state" },
	{ "deny of an absent class", STATE(1, deny), .value = FNG_ACCESS_ALL,
	  .sample = SAMPLE_SPARSE,
	  .reason = "an absent class denies below a state" },
	{ "dead state defaults to life", STATE(0, dflt), .value = 1,
	  .sample = SAMPLE_BARE, .reason = "the dead state is left" },

	/* transitions of the path automaton */
	{ "next beyond", TRANS(0, next), .value = ~0u,
	  .reason = "a transition leads to no state" },
	{ "check beyond", TRANS(1, check), .value = 0xfffffffe,
	  .reason = "a transition is owned by no state" },

	/* templates */
	{ "template base", CSTATE(1, base), .value = 0x10000,
	  .reason = "a state's slots lie beyond the table" },
	{ "template default", CSTATE(1, dflt), .value = 0x10000,
	  .reason = "a state's default is no state" },
	{ "template accept", CSTATE(1, accept), .value = 2,
	  .reason = "a state accepts nothing that there is" },
	{ "template any", CSTATE(1, any), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "template every", CSTATE(1, every), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "template deny", CSTATE(1, deny), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "dead template state left", CSTATE(0, dflt), .value = 1,
	  .reason = "the dead state is left" },
	{ "dead template state matches", CSTATE(0, accept), .value = 1,
	  .reason = "the dead state accepts something" },
	{ "template next", CTRANS(0, next), .value = 0x10000,
	  .reason = "a transition leads to no state" },
	{ "template check", CTRANS(0, check), .value = 0x10000,
	  .reason = "a transition is owned by no state" },

	/* templates of devices */
	{ "device base", DSTATE(1, base), .value = 0x10000,
	  .reason = "a state's slots lie beyond the table" },
	{ "device default", DSTATE(1, dflt), .value = 0x10000,
	  .reason = "a state's default is no state" },
	{ "device accept", DSTATE(1, accept), .value = FNG_NR_DEVICE_MATCHES,
	  .reason = "a state accepts nothing that there is" },
	{ "device any", DSTATE(1, any), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "device every", DSTATE(1, every), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "device deny", DSTATE(1, deny), .value = 1,
	  .reason = "a state without paths has masks" },
	{ "dead device state left", DSTATE(0, dflt), .value = 1,
	  .reason = "the dead state is left" },
	{ "dead device state matches", DSTATE(0, accept), .value = 1,
	  .reason = "the dead state accepts something" },
	{ "device next", DTRANS(0, next), .value = 0x10000,
	  .reason = "a transition leads to no state" },
	{ "device check", DTRANS(0, check), .value = 0x10000,
	  .reason = "a transition is owned by no state" },

	/* addresses */
	{ "v4 backwards", V4(1, last), .value = 0x7effffff,
	  .reason = "an address range ends before it starts" },
	{ "v4 unsorted", V4(1, first), .value = 0x0affffff,
	  .reason = "address ranges overlap or are unsorted" },
	{ "v4 overlap", V4(0, last), .value = 0x7f000000,
	  .reason = "address ranges overlap or are unsorted",
	  BLAMED(fng_image_v4, 1, first) },
	{ "v4 portset", V4(3, portset), .value = FULL_NR_PORTSETS,
	  .reason = "an address range has no set of ports" },
	{ "v6 backwards", V6_BYTE(1, last, 0), .value = 0xfc,
	  .reason = "an address range ends before it starts" },
	{ "v6 backwards in the last byte", V6_BYTE(0, last, 15), .value = 0,
	  .reason = "an address range ends before it starts",
	  BLAMED(fng_image_v6, 0, last) },
	{ "v6 unsorted", V6_BYTE(2, first, 0), .value = 0xfd,
	  .reason = "address ranges overlap or are unsorted" },
	{ "v6 portset", V6(0, portset), .value = ~0u,
	  .reason = "an address range has no set of ports" },
	{ "v6 portset one too high", V6(3, portset), .value = FULL_NR_PORTSETS,
	  .reason = "an address range has no set of ports" },

	/* ports */
	{ "port backwards", PORT(2, last), .value = 7999,
	  .reason = "a port range ends before it starts" },
	{ "port effect", PORT(0, effect), .value = FNG_NR_EFFECTS,
	  .reason = "a port range has no known effect" },
	{ "port reserved", PORT(0, reserved), .value = 1,
	  .reason = "a reserved field is not zero" },
	{ "port rule", PORT(12, rule), .value = FULL_NR_RULES,
	  .reason = "a port range is decided by no rule" },
	{ "port rule none", PORT(12, rule), .value = FNG_RULE_NONE,
	  .reason = "a port range is decided by no rule" },
	{ "ports unsorted", PORT(1, first), .value = 79,
	  .reason = "port ranges overlap or are unsorted" },
	{ "ports touch", PORT(1, first), .value = 80,
	  .reason = "port ranges overlap or are unsorted" },
	{ "portset with a gap before", PORTSET(0, 0), .value = 1,
	  .reason = "sets of ports overlap or leave a gap" },
	{ "portset overlaps", PORTSET(1, 0), .value = 0,
	  .reason = "sets of ports overlap or leave a gap" },
	{ "portset runs backwards", PORTSET(1, 2), .value = 2,
	  .reason = "a set of ports has no such ranges" },
	{ "portset beyond", PORTSET(6, 4), .value = FULL_NR_PORTS + 1,
	  .reason = "a set of ports has no such ranges" },
	{ "portset that overflows", PORTSET(0, 1), .value = ~0u,
	  .reason = "a set of ports has no such ranges" },
};

static struct fng_image_span *span(struct image_blob blob, u32 section)
{
	return &((struct fng_image_header *)blob.data)->section[section];
}

static void every_sample_is_accepted(void **state)
{
	enum sample sample;
	struct subject s;

	(void)state;
	for (sample = 0; sample < NR_SAMPLES; sample++) {
		s = subject_sample(sample);
		assert_int_equal(s.image.size, s.blob.size);
		assert_ptr_equal(s.image.meta, s.blob.data +
				 image_offset(s.blob, FNG_SECTION_META));
		subject_free(&s);
	}
}

static void a_verified_image_has_its_sections(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);

	(void)state;
	assert_string_equal(s.image.meta->name, "full-sample.1_x");
	assert_int_equal(s.image.meta->version, 7);
	assert_int_equal(s.image.nr_rules, FULL_NR_RULES);
	assert_int_equal(s.image.nr_accepts, FULL_NR_ACCEPTS);
	assert_int_equal(s.image.nr_v4, 4);
	assert_int_equal(s.image.nr_v6, 4);
	assert_int_equal(s.image.nr_portsets, FULL_NR_PORTSETS);
	assert_int_equal(s.image.nr_ports, FULL_NR_PORTS);
	assert_string_equal(s.image.strings +
			    s.image.rules[FULL_METADATA].text, "@metadata");
	subject_free(&s);
}

static void an_image_is_aligned_in_memory(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_FULL);
	struct image_blob moved = { malloc(blob.size + 4), blob.size };

	(void)state;
	assert_non_null(moved.data);
	memcpy(moved.data + 4, blob.data, blob.size);
	moved.data += 4;
	assert_refused(moved, EINVAL, "the image is not aligned in memory", 0);
	free(moved.data - 4);
	image_free(blob);
}

static void an_image_has_a_largest_size(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_FULL);
	u32 size = FNG_MAX_IMAGE_SIZE + 1;

	(void)state;
	/* What is beyond the header may not even be looked at. */
	((struct fng_image_header *)blob.data)->size = size;
	blob.size = size;
	assert_refused(blob, E2BIG, "the image is too large", 8);
	blob.size--;
	assert_refused(blob, EINVAL, "the image's size is not what it says", 8);
	image_free(blob);
}

static void an_image_may_end_after_its_header(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_FULL);
	struct fng_image_header *header = (void *)blob.data;
	struct image_blob cut = { blob.data, sizeof(*header) };

	(void)state;
	header->size = cut.size;
	header->section[FNG_SECTION_BASE] = (struct fng_image_span) {
		cut.size, 0
	};
	assert_refused(cut, EINVAL, "a section ends beyond the image",
		       (u32)((u8 *)&header->section[FNG_SECTION_CLASSES].size -
			     blob.data));
	cut.size--;
	assert_refused(cut, EINVAL, "the image is smaller than its header", 0);
	image_free(blob);
}

static void a_gap_is_zero(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	u32 end = image_offset(s.blob, FNG_SECTION_STRINGS) +
		  image_size(s.blob, FNG_SECTION_STRINGS);

	(void)state;
	assert_true(end < image_offset(s.blob, FNG_SECTION_RULES));
	s.blob.data[end] = 1;
	assert_refused(s.blob, EINVAL, "bytes between sections are not zero",
		       end);
	subject_free(&s);
}

static void the_rest_is_zero(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_FULL);
	struct image_blob more = { calloc(1, blob.size + 24), blob.size + 24 };
	struct fng_image image;

	(void)state;
	assert_non_null(more.data);
	memcpy(more.data, blob.data, blob.size);
	((struct fng_image_header *)more.data)->size = more.size;
	span(more, FNG_SECTION_BASE)->offset = more.size;
	assert_accepted(more, &image);
	more.data[more.size - 1] = 0x80;
	assert_refused(more, EINVAL, "bytes between sections are not zero",
		       more.size - 1);
	image_free(blob);
	image_free(more);
}

static void strings_end(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	u32 last = image_offset(s.blob, FNG_SECTION_STRINGS) +
		   image_size(s.blob, FNG_SECTION_STRINGS) - 1;

	(void)state;
	s.blob.data[last] = 'x';
	assert_refused(s.blob, EINVAL, "the last string does not end", last);
	subject_free(&s);
}

/* Where the strings end, none begins. */
static void strings_begin_before_their_end(void **state)
{
	static const struct {
		u32 section;
		u32 at;
		const char *reason;
	} rows[] = {
		{ FNG_SECTION_RULES, offsetof(struct fng_image_rule, file),
		  "a rule's file is no string" },
		{ FNG_SECTION_RULES, offsetof(struct fng_image_rule, text),
		  "a rule's text is no string" },
		{ FNG_SECTION_DIGESTS, offsetof(struct fng_image_digest, path),
		  "a digest's path is no string" },
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	u32 size = image_size(s.blob, FNG_SECTION_STRINGS);
	u32 at, good, i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		at = image_offset(s.blob, rows[i].section) + rows[i].at;
		memcpy(&good, s.blob.data + at, sizeof(good));
		memcpy(s.blob.data + at, &size, sizeof(size));
		assert_refused(s.blob, EINVAL, rows[i].reason, at);
		memcpy(s.blob.data + at, &good, sizeof(good));
	}
	subject_free(&s);
}

/* The floor and the guard's own class cannot be left out by allowing all. */
static void the_floor_is_present(void **state)
{
	static const struct {
		u8 class;
		const char *reason;
	} rows[] = {
		{ FNG_CLASS_FLOOR, "the floor is absent" },
		{ FNG_CLASS_SUBJECT, "the guard's own class is absent" },
	};
	struct fng_image_class *class;
	struct image_blob blob;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		blob = sample_build(SAMPLE_FULL);
		class = (struct fng_image_class *)(blob.data +
			image_offset(blob, FNG_SECTION_CLASSES)) +
			rows[i].class;
		class->present = 0;
		class->dflt = FNG_EFFECT_ALLOW;
		assert_refused(blob, EINVAL, rows[i].reason,
			       (u32)((u8 *)class - blob.data));
		image_free(blob);
	}
}

static void the_longest_name_is_accepted(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	char *name = (char *)s.blob.data +
		     image_offset(s.blob, FNG_SECTION_META);

	(void)state;
	memset(name, 'z', FNG_MAX_POLICY_NAME);
	assert_accepted(s.blob, &s.image);
	assert_int_equal(strlen(s.image.meta->name), FNG_MAX_POLICY_NAME);
	name[FNG_MAX_POLICY_NAME] = 'z';
	assert_refused(s.blob, EINVAL, "a name is malformed",
		       (u32)((u8 *)name - s.blob.data) + FNG_MAX_POLICY_NAME);
	subject_free(&s);
}

static void a_name_starts_with_a_letter_or_digit(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	u32 at = image_offset(s.blob, FNG_SECTION_META);
	const char *c;

	(void)state;
	for (c = "az09"; *c; c++) {
		s.blob.data[at] = *c;
		assert_accepted(s.blob, &s.image);
	}
	for (c = "`{/:"; *c; c++) {
		s.blob.data[at] = *c;
		assert_refused(s.blob, EINVAL,
			       "a name starts with no letter or digit",
			       at);
	}
	subject_free(&s);
}

static void digests_are_in_order(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_digest *digests = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_DIGESTS));
	u32 first = digests[0].path;

	(void)state;
	digests[0].path = digests[1].path;
	assert_refused(s.blob, EINVAL, "digests are out of order",
		       image_offset(s.blob, FNG_SECTION_DIGESTS) +
		       sizeof(*digests));
	digests[1].path = first;
	assert_refused(s.blob, EINVAL, "digests are out of order",
		       image_offset(s.blob, FNG_SECTION_DIGESTS) +
		       sizeof(*digests));
	subject_free(&s);
}

/* Nothing would look at them. */
static void digests_without_exec_are_refused(void **state)
{
	struct image_blob blob;
	struct image_builder b;

	(void)state;
	image_begin(&b, "digests");
	image_absent(&b, FNG_CLASS_EXEC);
	image_accept(&b, 0, 0, 0);
	image_digest(&b, "/a", image_rule(&b, FNG_CLASS_FILES, FNG_EFFECT_DENY,
					  "rule"));
	blob = image_end(&b);
	assert_refused(blob, EINVAL, "there are digests without the exec class",
		       image_offset(blob, FNG_SECTION_DIGESTS));
	image_free(blob);
}

static void a_path_of_a_digest_can_be_too_long(void **state)
{
	char path[FNG_MAX_PATH + 1];
	struct image_blob blob;
	struct image_builder b;
	u32 size;

	(void)state;
	memset(path, 'a', sizeof(path));
	for (size = FNG_MAX_PATH - 1; size <= FNG_MAX_PATH; size++) {
		struct fng_image_error error = { 0 };
		struct fng_image image;

		path[size] = '\0';
		image_begin(&b, "digests");
		image_absent(&b, FNG_CLASS_LISTEN);
		image_accept(&b, 0, 0, b.classes[FNG_CLASS_FILES].rule);
		image_digest(&b, path, b.classes[FNG_CLASS_EXEC].rule);
		path[size] = 'a';
		blob = image_end(&b);
		assert_int_equal(fng_image_verify(blob.data, blob.size,
						  the_base(), &image, &error),
				 size < FNG_MAX_PATH ? 0 : -EINVAL);
		image_free(blob);
	}
}

/* What allows all needs no rule to refuse by. */
static void settings_that_refuse_nothing_need_no_rule(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_meta *meta = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_META));

	(void)state;
	meta->fileless = FNG_EFFECT_ALLOW;
	meta->fileless_rule = FNG_RULE_NONE;
	meta->modified = FNG_EFFECT_ALLOW;
	meta->modified_rule = FNG_RULE_NONE;
	meta->write_exec = FNG_EFFECT_ALLOW;
	meta->write_exec_rule = FNG_RULE_NONE;
	meta->families = ~0ull;
	meta->families_rule = FNG_RULE_NONE;
	meta->types = ~0u;
	meta->types_rule = FNG_RULE_NONE;
	meta->privileges = ~0u;
	meta->privileges_rule = FNG_RULE_NONE;
	meta->capabilities = ~0ull;
	meta->capabilities_rule = FNG_RULE_NONE;
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
}

static void rules_of_the_floor_and_the_guard_are_known(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_meta *meta = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_META));

	(void)state;
	meta->fileless_rule = FNG_RULE_FLOOR | (FNG_NR_FLOORS - 1);
	meta->write_exec_rule = FNG_RULE_GUARD | (FNG_NR_GUARD_RULES - 1);
	meta->types_rule = FULL_NR_RULES - 1;
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
}

/* What follows the last rule is no rule: here, a map whose first bytes count. */
static void paths_may_have_any_byte(void **state)
{
	struct image_builder b;
	char path[256];
	struct subject s;
	u32 i;

	(void)state;
	for (i = 0; i < 255; i++)
		path[i] = (char)(i + 1);
	path[255] = '\0';
	image_begin(&b, "bytes");
	image_accept(&b, 0, 0, b.classes[FNG_CLASS_FILES].rule);
	image_portset(&b);
	image_path(&b, path, IMAGE_EXACT,
		   image_accept(&b, FNG_ACCESS_READ, 0,
				b.classes[FNG_CLASS_FILES].rule));
	s = subject_of(image_end(&b));
	assert_int_equal(s.image.path.map[1], 1);
	assert_int_equal(s.image.path.states[path_state(&s.image, path)].accept,
			 1);
	subject_free(&s);
}

static struct fng_image_trans *path_trans(const struct subject *s)
{
	return (void *)(s->blob.data +
			image_offset(s->blob, FNG_SECTION_PATH_TRANS));
}

static void assert_owner_refused(struct subject *s,
				 struct fng_image_trans *trans, u32 owner,
				 const char *reason)
{
	trans->check = owner;
	assert_refused(s->blob, EINVAL, reason,
		       (u32)((u8 *)&trans->check - s->blob.data));
}

static void a_slot_is_within_its_owners_reach(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	u32 last = image_size(s.blob, FNG_SECTION_PATH_TRANS) / 8 - 1;
	struct fng_image_trans *trans = &path_trans(&s)[last];

	(void)state;
	assert_owner_refused(&s, trans, FNG_STATE_START,
			     "a transition is out of its owner's reach");
	subject_free(&s);
}

/* The first slot behind that reach, too. */
static void a_slot_is_not_behind_its_owners_last(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_trans *trans = path_trans(&s);
	u32 slot = s.image.path.states[FNG_STATE_START].base + 1;
	u32 highest = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 256; i++)
		if (s.image.path.map[i] > highest)
			highest = s.image.path.map[i];
	slot += highest;
	assert_true(slot < image_size(s.blob, FNG_SECTION_PATH_TRANS) / 8);
	assert_owner_refused(&s, &trans[slot], FNG_STATE_START,
			     "a transition is out of its owner's reach");
	subject_free(&s);
}

/* Before the owner's base as well as behind it: no difference may wrap. */
static void a_slot_is_not_before_its_owners_base(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_state *states = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_PATH_STATES));
	struct fng_image_trans *trans = path_trans(&s);
	u32 i = 1;

	(void)state;
	while (!states[i].base)
		i++;
	assert_owner_refused(&s, trans, i,
			     "a transition is out of its owner's reach");
	subject_free(&s);
}

static void a_slot_has_an_owner_that_there_is(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_trans *trans = path_trans(&s);

	(void)state;
	assert_owner_refused(&s, trans, s.image.path.nr_states,
			     "a transition is owned by no state");
	subject_free(&s);
}

/* Whichever slots these are: the map ends where the states begin. */
static void slots_of_a_state_may_be_anywhere(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_state *dead = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_PATH_STATES));
	u32 room = image_size(s.blob, FNG_SECTION_PATH_TRANS) / 8;
	u32 highest = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 256; i++)
		if (s.image.path.map[i] > highest)
			highest = s.image.path.map[i];
	room -= highest + 1;
	for (dead->base = 0; dead->base <= room; dead->base++)
		assert_accepted(s.blob, &s.image);
	assert_refused(s.blob, EINVAL, "a state's slots lie beyond the table",
		       (u32)((u8 *)&dead->base - s.blob.data));
	subject_free(&s);
}

static void the_dead_state_owns_no_way_out(void **state)
{
	struct subject s = subject_sample(SAMPLE_BARE);
	struct fng_image_trans *trans = path_trans(&s);

	(void)state;
	trans->check = FNG_STATE_DEAD;
	trans->next = FNG_STATE_DEAD;
	assert_accepted(s.blob, &s.image);
	trans->next = FNG_STATE_START;
	assert_refused(s.blob, EINVAL, "the dead state is left",
		       (u32)((u8 *)&trans->next - s.blob.data));
	subject_free(&s);
}

static void the_dead_state_accepts_nothing_special(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_state *dead = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_PATH_STATES));
	u32 i;

	(void)state;
	for (i = 0; i < s.image.path.nr_states; i++)
		dead[i].any = FNG_ACCESS_ALL;
	assert_accepted(s.blob, &s.image);
	dead->accept = 1;
	assert_refused(s.blob, EINVAL, "the dead state accepts something",
		       (u32)((u8 *)&dead->accept - s.blob.data));
	subject_free(&s);
}

/* Masks of a default's and of a transition's successor, one by one. */
static void masks_cover_each_successor(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_state *states = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_PATH_STATES));
	u32 secrets = path_state(&s.image, "/app/secrets");
	u32 below = path_state(&s.image, "/app/secrets/x");
	u16 deny = states[secrets].deny;

	(void)state;
	assert_int_equal(deny, FNG_ACCESS_FILES);
	assert_int_equal(states[below].dflt, below);
	states[secrets].deny = 0;
	assert_refused(s.blob, EINVAL,
		       "a state's masks do not cover its successors",
		       (u32)((u8 *)&states[secrets].deny - s.blob.data));
	states[secrets].deny = deny;
	states[secrets + 1].deny = 0;
	assert_refused(s.blob, EINVAL,
		       "a state's masks do not cover its successors",
		       (u32)((u8 *)&states[secrets + 1].deny -
			     s.blob.data));
	subject_free(&s);
}

static void masks_may_say_too_much(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_state *states = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_PATH_STATES));

	(void)state;
	states[FNG_STATE_START].any = FNG_ACCESS_ALL;
	states[FNG_STATE_START].every = 0;
	states[FNG_STATE_START].deny = FNG_ACCESS_ALL;
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
}

static void automata_come_whole(void **state)
{
	static const struct {
		u32 section;
		u32 records;
		const char *reason;
	} rows[] = {
		{ FNG_SECTION_CGROUP_MAP, 255,
		  "an automaton has no map of bytes" },
		{ FNG_SECTION_CGROUP_STATES, 16,
		  "an automaton has no states" },
		{ FNG_SECTION_CGROUP_STATES, 0,
		  "an automaton has no states" },
		{ FNG_SECTION_CGROUP_TRANS, 0,
		  "an automaton has no transitions" },
		{ FNG_SECTION_DEVICE_MAP, 255,
		  "an automaton has no map of bytes" },
		{ FNG_SECTION_DEVICE_STATES, 16,
		  "an automaton has no states" },
		{ FNG_SECTION_DEVICE_STATES, 0,
		  "an automaton has no states" },
		{ FNG_SECTION_DEVICE_TRANS, 0,
		  "an automaton has no transitions" },
		{ FNG_SECTION_HOST_MAP, 255,
		  "an automaton has no map of bytes" },
		{ FNG_SECTION_HOST_STATES, 16,
		  "an automaton has no states" },
		{ FNG_SECTION_HOST_STATES, 0,
		  "an automaton has no states" },
		{ FNG_SECTION_HOST_TRANS, 0,
		  "an automaton has no transitions" },
	};
	struct image_blob blob;
	struct fng_image_span *at;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		blob = sample_build(SAMPLE_FULL);
		at = span(blob, rows[i].section);
		memset(blob.data + at->offset + rows[i].records, 0,
		       at->size - rows[i].records);
		at->size = rows[i].records;
		assert_refused(blob, EINVAL, rows[i].reason,
			       (u32)((u8 *)&at->size - blob.data));
		image_free(blob);
	}
}

static void automata_without_a_map_are_refused(void **state)
{
	static const u32 maps[] = {
		FNG_SECTION_CGROUP_MAP, FNG_SECTION_DEVICE_MAP,
		FNG_SECTION_HOST_MAP
	};
	struct image_blob blob;
	struct fng_image_span *map;
	size_t i;

	(void)state;
	for (i = 0; i < NR(maps); i++) {
		blob = sample_build(SAMPLE_FULL);
		map = span(blob, maps[i]);
		memset(blob.data + map->offset, 0, map->size);
		map->size = 0;
		assert_refused(blob, EINVAL, "an automaton has no map of bytes",
			       (u32)((u8 *)&map->size - blob.data));
		image_free(blob);
	}
}

/* An absent class has nothing that could refuse after all. */
static void absent_egress_has_no_ranges(void **state)
{
	struct image_builder b;
	struct image_blob blob;
	u32 v6;

	(void)state;
	for (v6 = 0; v6 < 2; v6++) {
		image_begin(&b, "absent");
		image_absent(&b, FNG_CLASS_EGRESS);
		image_accept(&b, 0, 0, 0);
		image_portset(&b);
		image_port(&b, FNG_PROTO_TCP, 1, 2, FNG_EFFECT_DENY, 0);
		if (v6)
			image_v6(&b, "::1", "::2", 0);
		else
			image_v4(&b, 1, 2, 0);
		blob = image_end(&b);
		assert_refused(blob, EINVAL,
			       "an absent class has address ranges",
			       image_offset(blob, v6 ? FNG_SECTION_V6 :
						       FNG_SECTION_V4));
		image_free(blob);
	}
}

static void mapped_ipv4_is_refused_at_its_edges(void **state)
{
	static const struct {
		const char *first;
		const char *last;
		bool refused;
	} rows[] = {
		{ "::", "::fffe:ffff:ffff", false },
		{ "::", "::ffff:0:0", true },
		{ "::ffff:1.2.3.4", "::ffff:1.2.3.4", true },
		{ "::ffff:255.255.255.255", "ffff::", true },
		{ "::1:0:0:0", "ffff::", false },
		{ "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true },
	};
	struct image_builder b;
	struct image_blob blob;
	struct fng_image image;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		image_begin(&b, "mapped");
		image_accept(&b, 0, 0, 0);
		image_v6(&b, rows[i].first, rows[i].last, image_portset(&b));
		blob = image_end(&b);
		if (rows[i].refused)
			assert_refused(blob, EINVAL,
				       "an IPv6 range covers mapped IPv4",
				       image_offset(blob, FNG_SECTION_V6));
		else
			assert_accepted(blob, &image);
		image_free(blob);
	}
}

static void ranges_may_touch_and_not_meet(void **state)
{
	static const struct {
		const char *first;
		bool refused;
	} rows[] = {
		{ "fd00::1:ffff", true },
		{ "fd00::2:0", false },
	};
	struct image_builder b;
	struct image_blob blob;
	struct fng_image image;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		image_begin(&b, "touching");
		image_accept(&b, 0, 0, 0);
		image_v6(&b, "fd00::", "fd00::1:ffff", image_portset(&b));
		image_v6(&b, rows[i].first, "fd00::2:1", 0);
		blob = image_end(&b);
		if (rows[i].refused)
			assert_refused(blob, EINVAL,
				       "address ranges overlap or are unsorted",
				       image_offset(blob, FNG_SECTION_V6) +
				       sizeof(struct fng_image_v6));
		else
			assert_accepted(blob, &image);
		image_free(blob);
	}
}

static void every_port_is_in_a_set(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_portset *sets = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_PORTSETS));

	(void)state;
	sets[FULL_NR_PORTSETS - 1].start[FNG_PROTO_OTHER]--;
	assert_refused(s.blob, EINVAL, "a port range belongs to no set",
		       image_offset(s.blob, FNG_SECTION_PORTS) +
		       (FULL_NR_PORTS - 1) * sizeof(struct fng_image_port));
	subject_free(&s);
}

/* A section of one record more than there may be, and nothing else wrong. */
static void every_maximum_is_enforced(void **state)
{
	static const struct {
		u32 section;
		u32 record;
		u32 max;
	} rows[] = {
		{ FNG_SECTION_STRINGS, 1, FNG_MAX_STRINGS },
		{ FNG_SECTION_RULES, sizeof(struct fng_image_rule),
		  FNG_MAX_RULES },
		{ FNG_SECTION_PATH_MAP, 1, 256 },
		{ FNG_SECTION_PATH_STATES, sizeof(struct fng_image_state),
		  FNG_MAX_STATES },
		{ FNG_SECTION_PATH_TRANS, sizeof(struct fng_image_trans),
		  FNG_MAX_TRANSITIONS },
		{ FNG_SECTION_PATH_ACCEPT, sizeof(struct fng_image_accept),
		  FNG_MAX_ACCEPTS },
		{ FNG_SECTION_CGROUP_STATES, sizeof(struct fng_image_state),
		  FNG_MAX_STATES },
		{ FNG_SECTION_DEVICE_MAP, 1, 256 },
		{ FNG_SECTION_DEVICE_STATES, sizeof(struct fng_image_state),
		  FNG_MAX_STATES },
		{ FNG_SECTION_DEVICE_TRANS, sizeof(struct fng_image_trans),
		  FNG_MAX_TRANSITIONS },
		{ FNG_SECTION_V4, sizeof(struct fng_image_v4), FNG_MAX_RANGES },
		{ FNG_SECTION_V6, sizeof(struct fng_image_v6), FNG_MAX_RANGES },
		{ FNG_SECTION_PORTSETS, sizeof(struct fng_image_portset),
		  FNG_MAX_PORTSETS },
		{ FNG_SECTION_PORTS, sizeof(struct fng_image_port),
		  FNG_MAX_PORTS },
		{ FNG_SECTION_DIGESTS, sizeof(struct fng_image_digest),
		  FNG_MAX_DIGESTS },
		{ FNG_SECTION_HOST_MAP, 1, 256 },
		{ FNG_SECTION_HOST_STATES, sizeof(struct fng_image_state),
		  FNG_MAX_STATES },
		{ FNG_SECTION_HOST_TRANS, sizeof(struct fng_image_trans),
		  FNG_MAX_TRANSITIONS },
		{ FNG_SECTION_HOSTS, sizeof(struct fng_image_host),
		  FNG_MAX_HOSTS },
		{ FNG_SECTION_RESOLVERS, sizeof(struct fng_image_resolver),
		  FNG_MAX_RESOLVERS },
	};
	struct image_blob small = sample_build(SAMPLE_FULL);
	struct image_blob blob = { malloc(FNG_MAX_IMAGE_SIZE), 0 };
	struct fng_image_header *header = (void *)blob.data;
	u32 size, j;
	size_t i;

	(void)state;
	assert_non_null(blob.data);
	for (i = 0; i < NR(rows); i++) {
		memcpy(blob.data, small.data, small.size);
		size = (rows[i].max + 1) * rows[i].record;
		blob.size = image_offset(small, rows[i].section) +
			    (size + 7) / 8 * 8;
		header->size = blob.size;
		header->section[rows[i].section].size = size;
		for (j = rows[i].section + 1; j < FNG_NR_SECTIONS; j++)
			header->section[j] = (struct fng_image_span) {
				blob.size, 0
			};
		assert_refused(blob, E2BIG, "a section has too many records",
			       (u32)((u8 *)&header->section[rows[i].section].size -
				     blob.data));
	}
	image_free(blob);
	image_free(small);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(every_sample_is_accepted),
		cmocka_unit_test(a_verified_image_has_its_sections),
		cmocka_unit_test(an_image_is_aligned_in_memory),
		cmocka_unit_test(an_image_has_a_largest_size),
		cmocka_unit_test(an_image_may_end_after_its_header),
		cmocka_unit_test(a_gap_is_zero),
		cmocka_unit_test(the_rest_is_zero),
		cmocka_unit_test(strings_end),
		cmocka_unit_test(strings_begin_before_their_end),
		cmocka_unit_test(the_floor_is_present),
		cmocka_unit_test(the_longest_name_is_accepted),
		cmocka_unit_test(a_name_starts_with_a_letter_or_digit),
		cmocka_unit_test(digests_are_in_order),
		cmocka_unit_test(digests_without_exec_are_refused),
		cmocka_unit_test(a_path_of_a_digest_can_be_too_long),
		cmocka_unit_test(settings_that_refuse_nothing_need_no_rule),
		cmocka_unit_test(rules_of_the_floor_and_the_guard_are_known),
		cmocka_unit_test(paths_may_have_any_byte),
		cmocka_unit_test(a_slot_is_within_its_owners_reach),
		cmocka_unit_test(a_slot_is_not_behind_its_owners_last),
		cmocka_unit_test(a_slot_is_not_before_its_owners_base),
		cmocka_unit_test(a_slot_has_an_owner_that_there_is),
		cmocka_unit_test(slots_of_a_state_may_be_anywhere),
		cmocka_unit_test(the_dead_state_owns_no_way_out),
		cmocka_unit_test(the_dead_state_accepts_nothing_special),
		cmocka_unit_test(masks_cover_each_successor),
		cmocka_unit_test(masks_may_say_too_much),
		cmocka_unit_test(automata_come_whole),
		cmocka_unit_test(automata_without_a_map_are_refused),
		cmocka_unit_test(absent_egress_has_no_ranges),
		cmocka_unit_test(mapped_ipv4_is_refused_at_its_edges),
		cmocka_unit_test(ranges_may_touch_and_not_meet),
		cmocka_unit_test(every_port_is_in_a_set),
		cmocka_unit_test(every_maximum_is_enforced),
	};

	return RUN_BREAKAGES("engine_verify", breakages, others);
}
