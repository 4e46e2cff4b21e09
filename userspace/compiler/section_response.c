// SPDX-License-Identifier: MIT
/*
 * response: what happens to who is refused something.
 */
#include <stdlib.h>

#include <compiler/lint.h>
#include <compiler/schema.h>
#include <compiler/text.h>

const char *const fngc_kill_words[] = {
	"exec", "memory", "files", "egress", "sockets", "privileges", "listen",
	"unix", "limits", "floor", "fileless", NULL
};

/* Words stand for classes, in their order; fileless comes behind them. */
static u32 kill_bit(int word)
{
	return word <= FNG_CLASS_FLOOR ? (u32)word : FNG_KILL_FILELESS;
}

void fngc_parse_kill(const struct fngc_scope *scope, const struct fngc_key *key,
		     const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_bits_add(scope, &scope->c->model.kill, node,
			      kill_bit(word));
}

char *fngc_kill_names(u32 kill, char *buf)
{
	char *to = buf;

	*to = '\0';
	for (int word = 0; fngc_kill_words[word]; word++) {
		if (!(kill >> kill_bit(word) & 1))
			continue;
		if (to != buf)
			to = stpcpy(to, ",");
		to = stpcpy(to, fngc_kill_words[word]);
	}
	return buf;
}

static const char *read_quarantine(const char *text, u64 *denials,
				   u64 *seconds)
{
	static const char word[] = " denials / ";

	if (!fngc_read_number(&text, FNG_MAX_QUARANTINE, denials))
		return "the number of denials is none from 1 to 1024";
	if (strncmp(text, word, strlen(word)) &&
	    (*denials != 1 || strncmp(text, " denial / ", 10)))
		return "denials and a time are missing";
	text = strchr(text, '/') + 2;
	if (!fngc_read_time(text, FNG_MAX_QUARANTINE_TIME, seconds))
		return "the time is not like 10s, 5m or 1h";
	return *seconds > FNG_MAX_QUARANTINE_TIME ?
	       "the time is longer than an hour" : NULL;
}

void fngc_parse_quarantine(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct fngc_model *model = &scope->c->model;
	const char *text = fngc_text(scope, node), *wrong;
	u64 denials, seconds;

	if (!text)
		return;
	wrong = read_quarantine(text, &denials, &seconds);
	if (wrong) {
		fngc_error(scope->c, &node->place,
			   "write 20 denials / 10s", "'%.64s': %s", text,
			   wrong);
		return;
	}
	fngc_scalar_set(scope->c, scope->layer, &model->quarantine, denials,
			&node->place);
	fngc_scalar_set(scope->c, scope->layer, &model->quarantine_time,
			seconds, &node->place);
	(void)key;
}

/* Does it take more, or have to be faster, than in the template? */
void fngc_response_check(struct fngc_compile *c)
{
	const struct fngc_scalar *denials = &c->model.quarantine;
	const struct fngc_scalar *seconds = &c->model.quarantine_time;

	if (denials->inherited && (denials->value > denials->base ||
				   seconds->value < seconds->base))
		fngc_report(c, FNGC_LOOSENING, &denials->place, NULL,
			    "quarantine is %llu denials / %llus here, and "
			    "%llu denials / %llus in a template",
			    (unsigned long long)denials->value,
			    (unsigned long long)seconds->value,
			    (unsigned long long)denials->base,
			    (unsigned long long)seconds->base);
}

static bool enforces(const struct fngc_model *model, u32 class)
{
	return (class == FNG_CLASS_FLOOR || model->section[class].set) &&
	       fngc_class_mode(model, class) == FNG_MODE_ENFORCE;
}

static void lint_kill(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	for (int word = 0; fngc_kill_words[word]; word++) {
		u32 bit = kill_bit(word);
		u32 class = bit == FNG_KILL_FILELESS ? FNG_CLASS_EXEC : bit;

		if (model->kill.value >> bit & 1 && !enforces(model, class))
			fngc_warning(c, &model->kill.place, NULL,
				     "nobody is killed for '%s': the policy "
				     "refuses nothing by it",
				     fngc_kill_words[word]);
	}
}

void fngc_lint_response(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;
	bool refuses = false;

	if (model->kill.set)
		lint_kill(c);
	for (u32 class = 0; class <= FNG_CLASS_FLOOR; class++)
		refuses |= enforces(model, class);
	if (model->quarantine.set && !refuses)
		fngc_warning(c, &model->quarantine.place, NULL,
			     "nothing is refused, so nobody comes into "
			     "quarantine");
	if (model->quarantine.set && model->interfaces.nr)
		fngc_warning(c, &model->quarantine.place, NULL,
			     "guests behind devices do not come into "
			     "quarantine");
}
