// SPDX-License-Identifier: MIT
/*
 * limits: how much of what is allowed.
 */
#include <stdlib.h>

#include <compiler/schema.h>

__extension__ typedef unsigned __int128 wide;

/* What one packet may have, so that a burst of less would never let it pass. */
#define PACKET	65536

#define SECOND	1000000000ull

/**
 * struct limit - a limit while it is read
 * @scope: where
 * @place: where, for messages
 * @text: what is left to read
 * @whole: all of it
 * @bytes: it counts bytes
 */
struct limit {
	const struct fngc_scope *scope;
	const struct fngc_place *place;
	const char *text;
	const char *whole;
	bool bytes;
};

static bool refuse(const struct limit *limit, const char *help,
		   const char *what)
{
	fngc_error(limit->scope->c, limit->place, help, "'%.64s': %s",
		   limit->whole, what);
	return false;
}

/* Multiplies, unless it is too much. */
static bool scale(const struct limit *limit, u64 *number, u64 by)
{
	if (!__builtin_mul_overflow(*number, by, number) &&
	    *number <= FNG_MAX_LIMIT_TOTAL)
		return true;
	return refuse(limit, NULL, "the number is too large");
}

static bool read_unit(struct limit *limit, u64 *number)
{
	static const struct {
		const char *name;
		u64 bytes;
	} units[] = {
		{ "B", 1 }, { "kB", 1000 }, { "MB", 1000000 },
		{ "GB", 1000000000 }, { "KiB", 1ull << 10 },
		{ "MiB", 1ull << 20 }, { "GiB", 1ull << 30 },
	};
	size_t len = strcspn(limit->text, "/ ");

	if (!limit->bytes)
		return !len || refuse(limit, NULL,
				      "the number counts no bytes and has no "
				      "unit");
	if (!len && !*number)
		return true;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (len != strlen(units[i].name) ||
		    memcmp(units[i].name, limit->text, len))
			continue;
		limit->text += len;
		return scale(limit, number, units[i].bytes);
	}
	return refuse(limit, "write B, KiB, MiB or GiB, or kB, MB or GB",
		      len ? "the unit is none of bytes" :
			    "the number has no unit");
}

static bool read_amount(struct limit *limit, u64 *number)
{
	size_t digits = strspn(limit->text, "0123456789");

	*number = strtoull(limit->text, NULL, 10);
	if (!digits || (digits > 1 && *limit->text == '0'))
		return refuse(limit, NULL, "a whole number is missing");
	if (digits > 19 || *number > FNG_MAX_LIMIT_TOTAL)
		return refuse(limit, NULL, "the number is too large");
	limit->text += digits;
	return read_unit(limit, number);
}

/* In seconds. */
static bool read_period(struct limit *limit, u64 *seconds)
{
	static const struct {
		const char *name;
		u64 seconds;
	} periods[] = { { "/s", 1 }, { "/m", 60 }, { "/h", 3600 } };
	size_t len = strcspn(limit->text, " ");

	for (size_t i = 0; i < sizeof(periods) / sizeof(*periods); i++) {
		if (len != 2 || memcmp(periods[i].name, limit->text, len))
			continue;
		limit->text += len;
		*seconds = periods[i].seconds;
		return true;
	}
	return refuse(limit, "write /s, /m or /h behind the number",
		      "the rate does not say in which time");
}

static bool read_burst(struct limit *limit, u64 *burst)
{
	static const char word[] = " burst ";
	const char *help = limit->bytes ? "write a rate as 20MiB/s burst 64MiB" :
			   "write a rate as 50/s burst 100";

	if (strncmp(limit->text, word, strlen(word)))
		return refuse(limit, help, "what follows the rate is no burst");
	limit->text += strlen(word);
	if (!read_amount(limit, burst))
		return false;
	return !*limit->text ||
	       refuse(limit, help, "something follows the burst");
}

/* Rounded up, so that nothing is allowed that is not written. */
static u64 quotient(wide number, u64 by)
{
	return (number + by - 1) / by;
}

/*
 * What is counted one by one costs whole nanoseconds, so that as many as are
 * written are exactly what may be used at once.
 */
static u64 cost_of(const struct limit *limit, u64 number, u64 seconds)
{
	if (!number)
		return FNG_MAX_LIMIT_COST;
	if (limit->bytes)
		return quotient((wide)seconds * SECOND << FNG_LIMIT_SHIFT,
				number);
	return quotient((wide)seconds * SECOND, number) << FNG_LIMIT_SHIFT;
}

static bool check_burst(const struct limit *limit, u64 number, u64 burst)
{
	if (!number)
		return refuse(limit, "leave the burst out",
			      "a rate of 0 has no burst");
	if (!limit->bytes && !burst)
		return refuse(limit, "write a burst of 1 or more",
			      "a burst of 0 lets nothing pass");
	if (limit->bytes && burst < PACKET)
		return refuse(limit, "write a burst of 64KiB or more",
			      "a burst of less than 64KiB would not let every "
			      "packet pass");
	return true;
}

static bool check_rate(const struct limit *limit, u64 number, u64 seconds,
		       u64 cost, u64 burst)
{
	if (!limit->bytes && number / seconds > SECOND)
		return refuse(limit, NULL,
			      "the rate is more than 1000000000/s");
	if ((wide)cost * burst > (wide)FNG_MAX_LIMIT_BURST << FNG_LIMIT_SHIFT)
		return refuse(limit, "write a higher rate, or a smaller burst",
			      "at this rate, the burst takes more than a year to "
			      "be there again");
	return true;
}

/* Without a burst, as much as in a second, but one of them at least. */
static u64 usual_burst(const struct limit *limit, u64 number, u64 seconds)
{
	u64 least = limit->bytes ? PACKET : 1;
	u64 burst = quotient(number, seconds);

	if (!number)
		return 0;
	return burst < least ? least : burst;
}

static bool read_rate(struct limit *limit, u64 *cost, u64 *most)
{
	u64 number, seconds = 1;

	if (!read_amount(limit, &number) ||
	    ((number || *limit->text) && !read_period(limit, &seconds)))
		return false;
	*cost = cost_of(limit, number, seconds);
	*most = usual_burst(limit, number, seconds);
	if (*limit->text && (!read_burst(limit, most) ||
			     !check_burst(limit, number, *most)))
		return false;
	return check_rate(limit, number, seconds, *cost, *most);
}

bool fngc_read_rate(const struct fngc_scope *scope,
		    const struct fngc_node *node, u64 *cost, u64 *burst)
{
	struct limit limit = {
		.scope = scope,
		.place = &node->place,
		.whole = fngc_text(scope, node),
	};

	limit.text = limit.whole;
	return limit.whole && read_rate(&limit, cost, burst);
}

static bool read_count(struct limit *limit, u32 kind, u64 *most)
{
	if (!read_amount(limit, most))
		return false;
	if (*limit->text)
		return refuse(limit, NULL,
			      "nothing may follow the number");
	if (kind == FNG_LIMIT_DESTINATIONS && *most > FNG_MAX_DESTINATIONS)
		return refuse(limit, "leave it out to limit nothing",
			      "destinations is at most 1024");
	if (kind == FNG_LIMIT_DNS_LABEL && (!*most || *most > FNG_MAX_LABEL))
		return refuse(limit, "no label is longer than 63, none shorter "
				     "than 1",
			      "dns-label is a number from 1 to 63");
	return true;
}

static u32 kind_of(const struct fngc_key *key)
{
	static const char *const names[] = FNG_LIMIT_NAMES;
	u32 kind = 0;

	while (strcmp(names[kind], key->name))
		kind++;
	return kind;
}

void fngc_parse_limit(const struct fngc_scope *scope,
		      const struct fngc_key *key, const struct fngc_node *node)
{
	u32 kind = kind_of(key);
	struct fngc_limit *to = &scope->c->model.limits[kind];
	struct limit limit = {
		.scope = scope,
		.place = &node->place,
		.whole = fngc_text(scope, node),
		.bytes = kind == FNG_LIMIT_EGRESS ||
			 kind == FNG_LIMIT_EGRESS_TOTAL,
	};
	u64 cost = 0, most;

	limit.text = limit.whole;
	if (!limit.whole)
		return;
	if (fng_limit_is_rate(kind) ? !read_rate(&limit, &cost, &most) :
	    !read_count(&limit, kind, &most))
		return;
	if (to->most.set && to->most.layer != scope->layer)
		to->base_text = to->text;
	to->text = limit.whole;
	fngc_scalar_set(scope->c, scope->layer, &to->cost, cost, &node->place);
	fngc_scalar_set(scope->c, scope->layer, &to->most, most, &node->place);
}

void fngc_limits_check(struct fngc_compile *c)
{
	static const char *const names[] = FNG_LIMIT_NAMES;

	for (u32 kind = 0; kind < FNG_NR_LIMITS; kind++) {
		const struct fngc_limit *limit = &c->model.limits[kind];

		if (!limit->most.inherited ||
		    (limit->most.value <= limit->most.base &&
		     limit->cost.value >= limit->cost.base))
			continue;
		fngc_report(c, FNGC_LOOSENING, &limit->most.place, NULL,
			    "limits.%s is '%.64s' here, and '%.64s' in a "
			    "template", names[kind], limit->text,
			    limit->base_text);
	}
}
