// SPDX-License-Identifier: MIT
/*
 * The rows of fnguard top.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <client/names.h>
#include "session.h"
#include "top.h"

/* No row. */
#define END	0xffffffffu

enum column { PLACE, POLICY, MODE, DENIED, DENIED_RATE, WOULD_DENY, OBSERVED,
	      OBSERVED_RATE, LIMITED, LAST };

const struct fng_top_column fng_top_columns[] = {
	[PLACE] = { 'c', "cgroup", "CGROUP", 0 },
	[POLICY] = { 'p', "policy", "POLICY", 16 },
	[MODE] = { 'm', "mode", "MODE", 7 },
	[DENIED] = { 'd', "denied", "DENIED", 9 },
	[DENIED_RATE] = { 'r', "denied_rate", "/S", 7 },
	[WOULD_DENY] = { 'w', "would_deny", "WOULD", 9 },
	[OBSERVED] = { 'o', "observed", "OBSERVED", 9 },
	[OBSERVED_RATE] = { 'a', "observed_rate", "/S", 7 },
	[LIMITED] = { 'l', "limited", "LIMITED", 8 },
	[LAST] = { '\0', "last", "LAST REFUSAL", 0 },
	{ '\0', NULL, NULL, 0 },
};

double fng_top_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/*
 * Of the rows of one cgroup, which has few policies. There are as many chains as
 * there is room for rows, a power of two.
 */
static u32 *chain_of(struct fng_top *top, u64 id)
{
	return &top->chain[(id ^ id >> 32) & (top->room - 1)];
}

static void link_row(struct fng_top *top, u32 i)
{
	u32 *chain = chain_of(top, top->row[i].id);

	top->row[i].next = *chain;
	*chain = i;
}

/* After the rows have moved. */
static void link_rows(struct fng_top *top)
{
	if (!top->room)
		return;
	memset(top->chain, 0xff, top->room * sizeof(*top->chain));
	for (u32 i = 0; i < top->nr; i++)
		link_row(top, i);
}

static struct fng_top_row *find(struct fng_top *top, u64 id, const char *policy)
{
	u32 i = top->room ? *chain_of(top, id) : END;

	while (i != END && (top->row[i].id != id ||
			    strcmp(top->row[i].policy, policy)))
		i = top->row[i].next;
	return i == END ? NULL : &top->row[i];
}

static bool make_room(struct fng_top *top)
{
	size_t room = top->room ? 2 * top->room : 64;
	struct fng_top_row *row = realloc(top->row, room * sizeof(*row));
	u32 *chain;

	if (!row)
		return false;
	top->row = row;
	chain = realloc(top->chain, room * sizeof(*chain));
	if (!chain)
		return false;
	top->chain = chain;
	top->room = room;
	link_rows(top);
	return true;
}

static struct fng_top_row *add(struct fng_top *top, u64 id, const char *policy)
{
	struct fng_top_row *row;

	if (top->nr == top->room && !make_room(top))
		return NULL;
	row = &top->row[top->nr];
	memset(row, 0, sizeof(*row));
	row->id = id;
	snprintf(row->policy, sizeof(row->policy), "%s", policy);
	row->mode = "";
	link_row(top, top->nr++);
	return row;
}

static struct fng_top_row *see(struct fng_top *top, u64 id, const char *place,
			       const char *policy)
{
	struct fng_top_row *row = find(top, id, policy) ?: add(top, id, policy);

	if (!row)
		return NULL;
	row->seen = true;
	if (!row->place && place)
		row->place = strdup(place);
	return row;
}

static int see_binding(const struct fng_client_binding *binding, void *data)
{
	if (binding->policy)
		see(data, binding->cgroup_id, binding->cgroup, binding->policy);
	return 0;
}

static enum fng_top_count kind_of(const struct fng_client_counter *counter)
{
	if (counter->observed)
		return FNG_TOP_OBSERVED;
	return counter->audit ? FNG_TOP_WOULD_DENY : FNG_TOP_DENIED;
}

static bool is_of_proof(const struct fng_client_counter *counter)
{
	return !counter->rest &&
	       counter->rule == (FNG_RULE_GUARD | FNG_GUARD_CANARY);
}

static int see_counter(const struct fng_client_counter *counter, void *data)
{
	u64 id = counter->device_id ?: counter->cgroup_id;
	struct fng_top_row *row;

	if (is_of_proof(counter) || counter->would_deny ||
	    counter->would_allow)
		return 0;
	row = see(data, id, counter->rest ? "(others)" :
		  counter->device ?: counter->cgroup, counter->policy);
	if (!row)
		return 0;
	row->count[kind_of(counter)] += counter->count;
	if (!counter->rest && counter->class == FNG_CLASS_LIMITS &&
	    !counter->observed)
		row->count[FNG_TOP_LIMITED] += counter->count;
	return 0;
}

static int see_policy(const struct fng_client_policy *policy, void *data)
{
	struct fng_top *top = data;

	for (size_t i = 0; i < top->nr; i++)
		if (!strcmp(top->row[i].policy, policy->name))
			top->row[i].mode = fng_mode_name(policy->mode);
	return 0;
}

static void begin_round(struct fng_top *top)
{
	for (size_t i = 0; i < top->nr; i++) {
		struct fng_top_row *row = &top->row[i];

		row->seen = false;
		memcpy(row->before, row->count, sizeof(row->before));
		memset(row->count, 0, sizeof(row->count));
	}
}

static void end_round(struct fng_top *top, double passed)
{
	size_t nr = 0;

	for (size_t i = 0; i < top->nr; i++) {
		struct fng_top_row *row = &top->row[i];

		if (!row->seen) {
			free(row->place);
			continue;
		}
		for (int kind = 0; kind < FNG_TOP_COUNTS; kind++)
			row->rate[kind] =
				passed > 0 && row->count[kind] >= row->before[kind] ?
				(row->count[kind] - row->before[kind]) / passed :
				0;
		top->row[nr++] = *row;
	}
	top->nr = nr;
	link_rows(top);
}

int fng_top_refresh(struct fng_top *top)
{
	double before = top->time;
	int err;

	top->time = fng_top_now();
	begin_round(top);
	err = fng_client_status(&top->client, false, &top->status);
	if (!err)
		err = fng_client_binding_list(&top->client, see_binding, top);
	if (!err)
		err = fng_client_counters(&top->client, NULL, NULL, see_counter,
					  top);
	if (!err)
		err = fng_client_policy_list(&top->client, see_policy, top);
	end_round(top, before ? top->time - before : 0);
	return err;
}

/* A name, with nothing in it that steers terminals. */
static void put_name(char *to, size_t room, const struct nlattr *attr)
{
	size_t size = fng_attr_size(attr);
	const char *name = fng_attr_data(attr);

	if (size >= room)
		size = room - 1;
	for (size_t i = 0; i < size; i++)
		to[i] = name[i] >= ' ' && name[i] < 0x7f ? name[i] : '?';
	to[size] = '\0';
}

static void put_endpoint(char *to, size_t room, const struct fng_attrs *attrs)
{
	const struct nlattr *addr = attrs->attr[FNG_A_ADDR];
	int family = fng_attr_size(addr) == 4 ? AF_INET : AF_INET6;
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(family, fng_attr_data(addr), text, sizeof(text));
	snprintf(to, room, family == AF_INET ? "%s:%u" : "[%s]:%u", text,
		 (unsigned int)fng_attr_number(attrs, FNG_A_PORT));
}

static void describe(struct fng_top_row *row, const struct fng_attrs *attrs)
{
	const char *hook = fng_hook_name(fng_attr_number(attrs, FNG_A_HOOK_ID));
	size_t size = sizeof(row->last);
	int n = snprintf(row->last, size, "%s ", hook);

	if (attrs->attr[FNG_A_OBJECT])
		put_name(row->last + n, size - n, attrs->attr[FNG_A_OBJECT]);
	else if (attrs->attr[FNG_A_ADDR])
		put_endpoint(row->last + n, size - n, attrs);
}

static void note(const struct fng_event *event, u64 missed, void *data)
{
	const struct fng_attrs *attrs;
	struct fng_top_row *row;
	const char *policy;
	u64 kind, id;

	(void)missed;
	if (!event || !event->attrs.attr[FNG_A_POLICY_NAME])
		return;
	attrs = &event->attrs;
	kind = fng_attr_number(attrs, FNG_A_KIND);
	if (kind != FNG_EVENT_DENIED && kind != FNG_EVENT_WOULD_DENY)
		return;
	id = fng_attr_number(attrs, FNG_A_CGROUP_ID) ?:
	     fng_attr_number(attrs, FNG_A_DEVICE_ID);
	policy = fng_attr_string(attrs, FNG_A_POLICY_NAME);
	/* What is told before it was counted is shown once it is counted. */
	row = find(data, id, policy) ?: add(data, id, policy);
	if (row && (attrs->attr[FNG_A_OBJECT] || attrs->attr[FNG_A_ADDR] ||
		    !row->last[0]))
		describe(row, attrs);
}

void fng_top_listen(struct fng_top *top)
{
	int n;

	do {
		n = fng_stream_read(&top->stream, note, top);
	} while (n >= 0);
}

static bool passes(const struct fng_top *top, const struct fng_top_row *row)
{
	return row->seen &&
	       (!top->filter[0] || strstr(row->policy, top->filter) ||
		(row->place && strstr(row->place, top->filter)));
}

static double number_of(const struct fng_top_row *row, int key)
{
	switch (key) {
	case 'r':
		return row->rate[FNG_TOP_DENIED];
	case 'w':
		return row->count[FNG_TOP_WOULD_DENY];
	case 'o':
		return row->count[FNG_TOP_OBSERVED];
	case 'a':
		return row->rate[FNG_TOP_OBSERVED];
	case 'l':
		return row->count[FNG_TOP_LIMITED];
	default:
		return row->count[FNG_TOP_DENIED];
	}
}

static const char *text_of(const struct fng_top_row *row, int key)
{
	switch (key) {
	case 'p':
		return row->policy;
	case 'm':
		return row->mode;
	default:
		return row->place ?: "";
	}
}

/* Texts from the first on, numbers from the greatest; what is equal, by place. */
static int compare(const void *a, const void *b, void *data)
{
	const struct fng_top_row *one = a, *other = b;
	const struct fng_top *top = data;
	bool text = strchr("cpm", top->sort);
	int order = passes(top, other) - passes(top, one);
	double by = text ? 0 : number_of(other, top->sort) -
			       number_of(one, top->sort);

	if (order)
		return order;
	order = text ? strcmp(text_of(one, top->sort),
			      text_of(other, top->sort)) :
		by > 0 ? 1 : by < 0 ? -1 : 0;
	if (top->reverse)
		order = -order;
	return order ?: strcmp(text_of(one, 'c'), text_of(other, 'c')) ?:
	       strcmp(one->policy, other->policy);
}

size_t fng_top_order(struct fng_top *top)
{
	size_t nr = 0;

	if (top->nr) {
		qsort_r(top->row, top->nr, sizeof(*top->row), compare, top);
		link_rows(top);
	}
	while (nr < top->nr && passes(top, &top->row[nr]))
		nr++;
	return nr;
}

/* With one digit behind the point. */
static json_t *rate(double number)
{
	return json_real(round(number * 10) / 10);
}

json_t *fng_top_value(const struct fng_top_row *row, size_t column)
{
	char gone[32];

	switch ((enum column)column) {
	case PLACE:
		snprintf(gone, sizeof(gone), "%" PRIu64 " (gone)", row->id);
		return fng_text(row->place ?: gone);
	case POLICY:
		return json_string(row->policy);
	case MODE:
		return json_string(row->mode);
	case DENIED:
		return json_integer(row->count[FNG_TOP_DENIED]);
	case DENIED_RATE:
		return rate(row->rate[FNG_TOP_DENIED]);
	case WOULD_DENY:
		return json_integer(row->count[FNG_TOP_WOULD_DENY]);
	case OBSERVED:
		return json_integer(row->count[FNG_TOP_OBSERVED]);
	case OBSERVED_RATE:
		return rate(row->rate[FNG_TOP_OBSERVED]);
	case LIMITED:
		return json_integer(row->count[FNG_TOP_LIMITED]);
	default:
		return fng_text(row->last);
	}
}

void fng_top_free(struct fng_top *top)
{
	for (size_t i = 0; i < top->nr; i++)
		free(top->row[i].place);
	free(top->row);
	free(top->chain);
	fng_stream_close(&top->stream);
	fng_client_close(&top->client);
}
