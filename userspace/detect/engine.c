// SPDX-License-Identifier: MIT
/*
 * Windows, different things, sequences and beats.
 */
#include <string.h>

#include <detect/engine.h>

/* Events of one beat: a connection that is tried again at once is one. */
#define ECHO	1000000000ull

/* What comes later than it should is not older than this. */
#define DISORDER	(60 * 1000000000ull)

/**
 * struct turn - an event meets a rule
 * @rule: the rule
 * @event: the event
 * @steps: bits of the rule's steps that it is
 * @now: its time, not before the last of the same state
 * @state: what was seen before
 */
struct turn {
	const struct fng_detect_rule *rule;
	const struct fng_detect_event *event;
	u32 steps;
	u64 now;
	struct fng_detect_state *state;
};

bool fng_detect_init(struct fng_detect *detect,
		     const struct fng_detect_rules *rules, u32 states)
{
	memset(detect, 0, sizeof(*detect));
	detect->rules = rules;
	return fng_detect_table_init(&detect->table, states);
}

void fng_detect_free(struct fng_detect *detect)
{
	fng_detect_table_free(&detect->table);
}

/* How long after an event of its own a rule may still come to something. */
static u64 memory_of(const struct fng_detect_rule *rule)
{
	if (rule->first)
		return FNG_DETECT_MAX_WINDOW;
	return rule->beat_max ? 2 * rule->beat_max : rule->within;
}

static void forget_before(struct fng_detect_state *state, u64 time)
{
	u32 nr = 0;

	for (u32 i = 0; i < state->nr; i++) {
		if (state->kept[i].time >= time)
			state->kept[nr++] = state->kept[i];
	}
	state->nr = nr;
}

static void keep(struct fng_detect_state *state, u64 key, u64 time, u64 weight)
{
	if (state->nr == FNG_DETECT_MAX_KEPT)
		memmove(state->kept, state->kept + 1,
			--state->nr * sizeof(*state->kept));
	state->kept[state->nr++] = (struct fng_detect_kept){ key, time,
							     weight };
}

static struct fng_detect_kept *find(struct fng_detect_state *state, u64 key)
{
	for (u32 i = 0; i < state->nr; i++) {
		if (state->kept[i].key == key)
			return &state->kept[i];
	}
	return NULL;
}

static u64 window_start(const struct turn *turn)
{
	return turn->now > turn->rule->within ?
	       turn->now - turn->rule->within : 0;
}

static u64 total(const struct fng_detect_state *state)
{
	u64 sum = 0;

	for (u32 i = 0; i < state->nr; i++)
		sum += state->kept[i].weight;
	return sum;
}

/* Events that are close together, as seen from the window, are kept as one. */
static bool count_events(struct turn *turn)
{
	struct fng_detect_state *state = turn->state;
	u64 slot = turn->now / (turn->rule->within / (FNG_DETECT_MAX_KEPT - 2) +
				1);
	struct fng_detect_kept *kept;

	forget_before(state, window_start(turn));
	kept = find(state, slot);
	if (kept)
		kept->weight += turn->event->repeat;
	else
		keep(state, slot, turn->now, turn->event->repeat);
	return total(state) >= turn->rule->count;
}

static bool count_different(struct turn *turn)
{
	u64 key = fng_detect_key(turn->rule->distinct, turn->event);
	struct fng_detect_state *state = turn->state;
	struct fng_detect_kept *kept = find(state, key);

	if (!key)
		return false;
	if (kept) {
		kept->time = turn->now;
		kept->weight += turn->event->repeat;
	}
	forget_before(state, window_start(turn));
	if (!kept)
		keep(state, key, turn->now, turn->event->repeat);
	return state->nr >= turn->rule->count;
}

/* Are the intervals between all that is kept about the same? */
static bool is_regular(const struct turn *turn)
{
	const struct fng_detect_state *state = turn->state;
	u64 least = ~0ull, most = 0, mean;

	for (u32 i = 1; i < state->nr; i++) {
		u64 interval = state->kept[i].time - state->kept[i - 1].time;

		least = interval < least ? interval : least;
		most = interval > most ? interval : most;
	}
	mean = (state->kept[state->nr - 1].time - state->kept[0].time) /
	       (state->nr - 1);
	return mean >= turn->rule->beat_min && mean <= turn->rule->beat_max &&
	       (most - least) * 100 <= mean * turn->rule->jitter;
}

static bool hear_beat(struct turn *turn)
{
	struct fng_detect_state *state = turn->state;
	struct fng_detect_kept *last = state->nr ?
				       &state->kept[state->nr - 1] : NULL;

	if (last && turn->now - last->time < ECHO) {
		last->weight += turn->event->repeat;
		return false;
	}
	if (last && turn->now - last->time > memory_of(turn->rule))
		state->nr = 0;
	if (state->nr == turn->rule->count)
		forget_before(state, state->kept[0].time + 1);
	keep(state, 1, turn->now, turn->event->repeat);
	return state->nr == turn->rule->count && is_regular(turn);
}

/*
 * By step, the latest of all beginnings from which the steps so far were gone:
 * who waits for another end can have no better one. From the last step on, so
 * that an event is one step of each beginning.
 */
static bool follow(struct turn *turn)
{
	struct fng_detect_kept *kept = turn->state->kept;
	u32 nr = turn->rule->nr_steps;

	if (!turn->state->nr) {
		memset(kept, 0, nr * sizeof(*kept));
		turn->state->nr = nr;
	}
	for (u32 i = nr; i--;) {
		if (!(turn->steps >> i & 1))
			continue;
		if (!i)
			kept[0] = (struct fng_detect_kept){ 1, turn->now, 1 };
		else if (kept[i - 1].key &&
			 kept[i - 1].time >= window_start(turn))
			kept[i] = kept[i - 1];
	}
	return kept[nr - 1].key;
}

/* Whatever is seen is the last to be forgotten. */
static bool is_known(struct fng_detect_state *state, u64 key, u64 now)
{
	struct fng_detect_kept *kept = find(state, key);

	if (!kept)
		return false;
	memmove(kept, kept + 1,
		(state->kept + state->nr - kept - 1) * sizeof(*kept));
	state->nr--;
	keep(state, key, now, 1);
	return true;
}

/*
 * What is new to a policy after so many cgroups. Where there is more than can be
 * kept, so many of them must have had nothing new: functions that go anywhere always
 * have something.
 */
static bool see_first(struct turn *turn)
{
	u64 key = fng_detect_key(turn->rule->first, turn->event);
	struct fng_detect_state *state = turn->state;
	u64 settled;

	if (turn->event->cgroup_id > state->latest) {
		state->latest = turn->event->cgroup_id;
		state->activations++;
	}
	if (!key || is_known(state, key, turn->now))
		return false;
	settled = state->activations;
	if (state->nr == FNG_DETECT_MAX_KEPT)
		settled -= state->renewed;
	state->renewed = state->activations;
	keep(state, key, turn->now, 1);
	return settled > turn->rule->after;
}

static u64 earliest(const struct fng_detect_state *state)
{
	u64 time = ~0ull;

	for (u32 i = 0; i < state->nr; i++) {
		if (state->kept[i].time < time)
			time = state->kept[i].time;
	}
	return time;
}

static bool advance(struct turn *turn)
{
	const struct fng_detect_rule *rule = turn->rule;

	if (rule->first)
		return see_first(turn);
	if (rule->nr_steps > 1)
		return follow(turn);
	if (rule->beat_min)
		return hear_beat(turn);
	if (rule->distinct)
		return count_different(turn);
	return count_events(turn);
}

/* What it took, and when that began. */
static void fill_in(struct fng_finding *finding, const struct turn *turn)
{
	const struct fng_detect_state *state = turn->state;
	u32 steps = turn->rule->nr_steps;

	if (turn->rule->first) {
		finding->count = turn->event->repeat;
		finding->first = turn->now;
	} else if (steps > 1) {
		finding->count = steps;
		finding->first = state->kept[steps - 1].time;
	} else {
		finding->count = total(state);
		finding->first = earliest(state);
	}
}

static void tell(struct fng_detect *detect, struct turn *turn,
		 fng_finding_fn fn, void *data)
{
	struct fng_detect_state *state = turn->state;
	struct fng_finding finding = {
		.rule = turn->rule,
		.event = turn->event,
		.last = turn->now,
		.suppressed = state->suppressed,
	};

	fill_in(&finding, turn);
	detect->findings++;
	if (!turn->rule->first)
		state->nr = 0;
	state->suppressed = 0;
	state->quiet = turn->now + turn->rule->quiet;
	fn(&finding, data);
}

/*
 * Events of different processors may come in the wrong order. What lies further
 * back than that is of another boot, and nothing before it counts.
 */
static void set_time(struct turn *turn)
{
	struct fng_detect_state *state = turn->state;
	u64 memory = memory_of(turn->rule), boot = turn->event->boot;

	if (boot < state->last && state->last - boot > memory + DISORDER) {
		state->nr = 0;
		state->quiet = 0;
		state->last = 0;
		state->activations = 0;
		state->latest = 0;
	}
	turn->now = boot > state->last ? boot : state->last;
	state->last = turn->now;
	state->expires = turn->now + memory;
	if (state->quiet > state->expires)
		state->expires = state->quiet;
}

static u32 steps_of(const struct fng_detect_rule *rule,
		    const struct fng_detect_event *event)
{
	u32 steps = 0;

	for (u32 i = 0; i < rule->nr_steps; i++)
		steps |= (u32)fng_detect_matches(&rule->step[i], event) << i;
	if (steps && rule->excepts && fng_detect_matches(&rule->unless, event))
		return 0;
	return steps;
}

/* Events that belong together have the same; what is first is the policy's. */
static u64 place_of(const struct fng_detect_rule *rule,
		    const struct fng_detect_event *event)
{
	return rule->first ? fng_detect_key(FNG_DETECT_POLICY, event) :
	       event->cgroup_id;
}

/* In the quiet after a finding, what is known still grows. */
static bool is_met(struct turn *turn)
{
	bool quiet = turn->now < turn->state->quiet;

	if (quiet)
		turn->state->suppressed += turn->event->repeat;
	return (!quiet || turn->rule->first) && advance(turn) && !quiet;
}

static void meet(struct fng_detect *detect, u32 index,
		 const struct fng_detect_event *event, fng_finding_fn fn,
		 void *data)
{
	const struct fng_detect_rule *rule = &detect->rules->v[index];
	struct turn turn = { .rule = rule, .event = event };
	u64 group;

	turn.steps = steps_of(rule, event);
	if (!turn.steps)
		return;
	group = fng_detect_key(rule->by, event);
	if (!group)
		return;
	turn.state = fng_detect_table_get(&detect->table, index,
					  place_of(rule, event), group,
					  event->boot, turn.steps & 1);
	if (!turn.state)
		return;
	set_time(&turn);
	if (is_met(&turn))
		tell(detect, &turn, fn, data);
}

void fng_detect_event(struct fng_detect *detect,
		      const struct fng_detect_event *event, fng_finding_fn fn,
		      void *data)
{
	for (u32 i = 0; i < detect->rules->nr; i++)
		meet(detect, i, event, fn, data);
}
