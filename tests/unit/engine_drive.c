// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "engine_drive.h"

/* More states than this are not asked about one by one. */
#define MAX_STATES	24
#define MAX_NAMES	16
#define NAME_LEN	48

static void broken(const char *what, int line)
{
	fprintf(stderr, "engine_drive.c:%d: does not hold: %s\n", line, what);
	abort();
}

static void hold(bool condition, const char *what, int line)
{
	if (!condition)
		broken(what, line);
}

#define HOLDS(condition) hold((condition), #condition, __LINE__)

static void check_rule(const struct fng_image *image, u32 rule)
{
	const char *strings;
	const struct fng_image_rule *r = fng_rule_find(image, rule, &strings);

	HOLDS(rule != FNG_RULE_DEFAULT);
	if (!r)
		return;
	HOLDS(strlen(strings + r->file) < image->size);
	HOLDS(strlen(strings + r->text) < image->size);
}

static void check(const struct fng_image *image, const struct fng_decision *d)
{
	const struct fng_image_class *class;

	HOLDS(d->class < FNG_NR_CLASSES);
	class = &image->classes[d->class];
	HOLDS(d->err == class->err && d->err);
	HOLDS(d->audit == (class->mode != FNG_MODE_ENFORCE));
	HOLDS(!d->refused || class->present);
	HOLDS(!d->refused || d->rule != FNG_RULE_NONE);
	HOLDS(d->refused || !d->access);
	check_rule(image, d->rule);
}

static void check_within(const struct fng_image *image,
			 const struct fng_decision *d, u32 access)
{
	check(image, d);
	HOLDS(!(d->access & ~access));
	HOLDS(!d->access || d->class == fng_access_class(d->access));
}

static void drive_state(const struct fng_image *image, u32 state)
{
	struct fng_decision d;
	u32 bit;

	for (bit = 0; bit < FNG_NR_ACCESS; bit++) {
		fng_path_decide(image, state, 1u << bit, &d);
		check_within(image, &d, 1u << bit);
		HOLDS(d.refused == !!d.access);
	}
	fng_path_decide(image, state, FNG_ACCESS_FILES, &d);
	check_within(image, &d, FNG_ACCESS_FILES);
	fng_path_decide(image, state, FNG_ACCESS_CODE, &d);
	check_within(image, &d, FNG_ACCESS_CODE);
	fng_path_decide(image, state, 0, &d);
	HOLDS(!d.refused);
	fng_subtree_decide(image, state, &d);
	check_within(image, &d, FNG_ACCESS_ALL);
	fng_tree_gain_decide(image, state, state, &d);
	HOLDS(!d.refused);
	fng_gain_decide(image, state, state, &d);
	HOLDS(!d.refused);
	fng_peer_gain_decide(image, state, &d);
	check_within(image, &d, FNG_ACCESS_UNIX);
}

static void drive_move(const struct fng_image *image, u32 from, u32 to)
{
	struct fng_decision file, tree;

	fng_gain_decide(image, from, to, &file);
	check_within(image, &file, FNG_ACCESS_GAIN);
	fng_tree_gain_decide(image, from, to, &tree);
	check_within(image, &tree, FNG_ACCESS_TREE_GAIN);
	/* What a name itself would gain, a tree of that name gains as well. */
	HOLDS(tree.refused || !file.refused);
}

/* The part that a state is of; its index there. */
static const struct fng_image *part_of(const struct fng_image *image,
				       u32 *state)
{
	if (!(*state & FNG_STATE_BASE))
		return image;
	*state &= ~FNG_STATE_BASE;
	return image->base;
}

static const struct fng_image_state *state_of(const struct fng_image *image,
					      u32 state)
{
	const struct fng_image *part = part_of(image, &state);

	HOLDS(part && state < part->path.nr_states);
	return &part->path.states[state];
}

static const struct fng_image_accept *accept_of(const struct fng_image *image,
						u32 state)
{
	return &part_of(image, &(u32){ state })->accepts[
		state_of(image, state)->accept];
}

/* The verifier proved masks locally; here they are tried globally. */
static void check_masks(const struct fng_image *image, u32 above, u32 below)
{
	const struct fng_image_state *state = state_of(image, above);
	const struct fng_image_accept *accept = accept_of(image, below);

	HOLDS(!(accept->granted & ~state->any));
	HOLDS(!(state->every & ~accept->granted));
	HOLDS(!(accept->denied & ~state->deny));
}

/* To walk and to decide at once is the same. */
static void drive_whole(const struct fng_image *image, const char *name,
			size_t len, u32 state)
{
	struct fng_decision once = { 0 }, twice = { 0 };

	fng_name_decide(image, name, len, FNG_ACCESS_WRITE, &once);
	fng_path_decide(image, state, FNG_ACCESS_WRITE, &twice);
	HOLDS(once.refused == twice.refused && once.rule == twice.rule &&
	      once.access == twice.access);
}

static u32 drive_name(const struct fng_image *image, const char *name,
		      size_t len)
{
	u32 state = FNG_STATE_START;
	u32 whole = fng_path_walk(image, name, len);
	size_t i;

	for (i = 0; i < len; i++) {
		HOLDS(fng_path_walk(image, name, i) == state);
		check_masks(image, state, whole);
		state = fng_path_step(image, state, (u8)name[i]);
	}
	HOLDS(state == whole);
	drive_whole(image, name, len, whole);
	return whole;
}

static void drive_template(const struct fng_image *image, const char *name,
			   size_t len)
{
	u32 state = fng_dfa_walk(&image->cgroup, FNG_STATE_START, name, len);

	HOLDS(!fng_cgroup_match(image, FNG_STATE_DEAD));
	HOLDS(!fng_cgroup_match(image, state) || image->cgroup.nr_states);
	HOLDS(fng_device_match(image, name, len) <
	      (image->device.nr_states ? FNG_NR_DEVICE_MATCHES : 1));
}

static void drive_names(const struct fng_image *image, const u8 *bytes,
			size_t len)
{
	size_t step = len / MAX_NAMES + 1;
	u32 before = FNG_STATE_DEAD;
	size_t at, part;
	u32 state;

	for (at = 0; at < len; at += step) {
		part = len - at < NAME_LEN ? len - at : NAME_LEN;
		state = drive_name(image, (const char *)bytes + at, part);
		drive_state(image, state);
		drive_move(image, before, state);
		drive_move(image, state, before);
		drive_template(image, (const char *)bytes + at, part);
		before = state;
	}
}

/* @flag is FNG_STATE_BASE for the states of a base. */
static void drive_states(const struct fng_image *image,
			 const struct fng_dfa *dfa, u32 flag)
{
	u32 step = dfa->nr_states / MAX_STATES + 1;
	u32 state;

	for (state = 0; state < dfa->nr_states; state += step) {
		drive_state(image, state | flag);
		drive_move(image, state | flag, FNG_STATE_START);
		drive_move(image, FNG_STATE_START, state | flag);
	}
}

static void drive_endpoint(const struct fng_image *image, u8 family,
			   const u8 addr[16], u16 port)
{
	struct fng_endpoint e = { .family = family, .port = port };
	struct fng_decision d;

	memcpy(e.addr, addr, family == 4 ? 4 : sizeof(e.addr));
	for (e.proto = 0; e.proto <= FNG_NR_PROTOS; e.proto++) {
		fng_egress_decide(image, &e, &d);
		check(image, &d);
		HOLDS(d.class == FNG_CLASS_EGRESS);
		HOLDS(d.refused || fng_egress_reachable(image, &e));
	}
}

static void drive_v4(const struct fng_image *image, u32 addr)
{
	u8 bytes[16] = {
		(u8)(addr >> 24), (u8)(addr >> 16), (u8)(addr >> 8), (u8)addr
	};

	drive_endpoint(image, 4, bytes, (u16)(addr * 31));
}

/* @part is where the ranges are. */
static void drive_ranges(const struct fng_image *image,
			 const struct fng_image *part)
{
	u32 i;

	for (i = 0; i < part->nr_v4 && i < MAX_STATES; i++) {
		drive_v4(image, part->v4[i].first - 1);
		drive_v4(image, part->v4[i].first);
		drive_v4(image, part->v4[i].last);
		drive_v4(image, part->v4[i].last + 1);
	}
	for (i = 0; i < part->nr_v6 && i < MAX_STATES; i++) {
		drive_endpoint(image, 6, part->v6[i].first, 443);
		drive_endpoint(image, 6, part->v6[i].last, 65535);
	}
}

static void drive_egress(const struct fng_image *image, const u8 *bytes,
			 size_t len)
{
	u8 addr[16] = { 0 };

	memcpy(addr, bytes, len < sizeof(addr) ? len : sizeof(addr));
	drive_endpoint(image, 4, addr, 0);
	drive_endpoint(image, 6, addr, 53);
	memset(addr, 0, 10);
	addr[10] = 0xff;
	addr[11] = 0xff;
	drive_endpoint(image, 6, addr, 443);
}

static void drive_answer(const struct fng_image *image,
			 const struct fng_image_host *host, u8 family,
			 const u8 addr[16])
{
	struct fng_endpoint e = { .family = family, .port = addr[15] };
	struct fng_decision before, after;

	memcpy(e.addr, addr, family == 4 ? 4 : sizeof(e.addr));
	fng_resolver_known(image, &e);
	for (e.proto = 0; e.proto <= FNG_NR_PROTOS; e.proto++) {
		fng_egress_decide(image, &e, &before);
		after = before;
		fng_host_decide(image, host, &e, &after);
		check(image, &after);
		HOLDS(after.refused <= before.refused);
		HOLDS(after.class == FNG_CLASS_EGRESS);
	}
}

/* Bytes that are no name are walked all the same. */
static void drive_hosts(const struct fng_image *image, const u8 *bytes,
			size_t len)
{
	const struct fng_image_host *host;
	struct fng_decision d;
	u8 addr[16] = { 0 };
	size_t i;

	memcpy(addr, bytes, len < sizeof(addr) ? len : sizeof(addr));
	for (i = 0; i < image->nr_hosts && i < MAX_STATES; i++) {
		drive_answer(image, &image->hosts[i], 4, addr);
		drive_answer(image, &image->hosts[i], 6, addr);
	}
	for (i = 0; i < len; i += len / MAX_NAMES + 1) {
		size_t part = len - i < NAME_LEN ? len - i : NAME_LEN;

		host = fng_host_find(image, (const char *)bytes + i, part);
		HOLDS(!host || (size_t)(host - image->hosts) < image->nr_hosts);
		fng_dns_decide(image, (const char *)bytes + i, part, &d);
		check(image, &d);
		HOLDS(!d.refused || !host);
	}
}

static void drive_scalars(const struct fng_image *image)
{
	struct fng_decision d;
	u32 i;

	fng_fileless_decide(image, &d);
	check(image, &d);
	fng_modified_decide(image, &d);
	check(image, &d);
	fng_write_exec_decide(image, &d);
	check(image, &d);
	fng_nameless_decide(image, FNG_ACCESS_WRITE, &d);
	check_within(image, &d, FNG_ACCESS_WRITE);
	for (i = 0; i < 70; i += 3) {
		fng_socket_decide(image, i, i / 2, &d);
		check(image, &d);
		fng_capability_decide(image, i, &d);
		check(image, &d);
		fng_privilege_decide(image, i, &d);
		check(image, &d);
		fng_listen_decide(image, i, i * 1000, &d);
		check(image, &d);
		fng_floor_decide(image, i, &d);
		check(image, &d);
	}
	for (i = 0; i < FNG_CLASS_FLOOR; i++) {
		if (image->classes[i].rule == FNG_RULE_NONE)
			continue;
		fng_class_default(image, (u8)i, &d);
		check(image, &d);
	}
}

/* Whatever the clock says, nobody gets more at once than may be used at once. */
static void drive_rate(const struct fng_image_limit *limit, u64 now, u64 amount)
{
	u64 until = now ^ amount << 20, before;
	u32 i;

	for (i = 0; i < 4; i++) {
		before = until;
		if (!fng_limit_take(limit, now, amount, &until)) {
			HOLDS(until <= before);
			break;
		}
		HOLDS(until - now <= limit->most);
		HOLDS(fng_limit_price(limit, amount) <= limit->most);
	}
}

static void drive_limits(const struct fng_image *image, const u8 *bytes,
			 size_t len)
{
	const struct fng_image_limit *limit;
	struct fng_decision d;
	u32 kind;

	for (kind = 0; kind <= FNG_NR_LIMITS; kind++) {
		limit = fng_limit_find(image, kind);
		fng_limit_decide(image, limit, true, &d);
		check(image, &d);
		HOLDS(d.refused == !!limit);
		if (limit && fng_limit_is_rate(kind))
			drive_rate(limit, (u64)len << 30, len ? *bytes : 1);
	}
	fng_label_decide(image, (const char *)bytes, len, &d);
	check(image, &d);
	HOLDS(!d.refused || len);
}

void engine_drive(const struct fng_image *image, const u8 *bytes, size_t len)
{
	drive_names(image, bytes, len);
	drive_states(image, &image->path, 0);
	drive_ranges(image, image);
	if (image->base) {
		drive_states(image, &image->base->path, FNG_STATE_BASE);
		drive_ranges(image, image->base);
	}
	drive_egress(image, bytes, len);
	drive_hosts(image, bytes, len);
	drive_scalars(image);
	drive_limits(image, bytes, len);
}
