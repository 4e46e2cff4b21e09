// SPDX-License-Identifier: MIT
/*
 * The table of keys of a rule file. Order is that of the documentation.
 */
#include <fnguard/hooks.h>
#include <detect/parser.h>

#define RULE	"detect.rule"
#define MATCH	"detect.match"

#define KEY(section, name, type, flags, words, parse, doc) \
	{ section, name, FNGC_TYPE_##type, flags, 0, NULL, words, parse, doc }

#define REQUIRED	FNGC_KEY_REQUIRED
#define NOT_EMPTY	FNGC_KEY_NOT_EMPTY

/* What is told apart, by enum fng_detect_what. */
static const char *const what_words[] = {
	"nothing", "object", "destination", "address", "port", "host", "exe",
	"process", "hook", "rule", "policy", NULL
};

static const char *const severity_words[] = { "low", "medium", "high",
					      "critical", NULL };
static const char *const action_words[] = { "report", "freeze", "kill", NULL };
static const char *const class_words[FNG_NR_CLASSES + 1] = FNG_CLASS_NAMES;
static const char *const access_words[FNG_NR_ACCESS + 1] = FNG_ACCESS_NAMES;
static const char *const stdio_words[] = { "network", NULL };
static const char *const state_words[] = { "idle", "enforcing", "unattended",
					   "degraded", NULL };

/* Its first word is that of no event: all refusals are called by it. */
const char *const fng_detect_kind_words[] = {
	"refused", "denied", "would-deny", "state", "loaded", "unloaded",
	"bound", "unbound", "cgroup-died", "skipped", "sealed", "evicted",
	"device-removed", "exempted", "exemption-ended",
	"quarantined", "released", "phase",
	"activated", "observed", "trial", "confirmed", "rolled-back",
	"candidate", "candidate-dropped", "candidate-would-deny",
	"candidate-would-allow", NULL
};

static_assert(FNG_NR_EVENT_KINDS == 27, "each kind has its word");
static_assert(FNG_NR_HOOKS <= 64, "each hook has its bit");

static const char *const hook_words[FNG_NR_HOOKS + 1] = {
#define WORD(id, nr, name) [nr] = (name),
	FNG_HOOKS(WORD)
#undef WORD
};

const struct fngc_key fng_detect_keys[] = {
	KEY("", "detect", TEXT, REQUIRED, NULL, fng_detect_parse_name,
	    "Name of the file's rules: [a-z0-9][a-z0-9._-]{0,62}."),
	KEY("", "rules", MAPS, REQUIRED | NOT_EMPTY, NULL,
	    fng_detect_parse_rule, "The rules."),

	KEY(RULE, "rule", TEXT, REQUIRED, NULL, fng_detect_parse_rule_name,
	    "Its name."),
	KEY(RULE, "about", TEXT, REQUIRED, NULL, fng_detect_parse_about,
	    "One sentence for who reads the finding."),
	KEY(RULE, "severity", WORD, REQUIRED, severity_words,
	    fng_detect_parse_severity, "How much a finding matters."),
	KEY(RULE, "attack", TEXT, 0, NULL, fng_detect_parse_attack,
	    "Id of MITRE ATT&CK: T1059 or T1059.004."),
	KEY(RULE, "match", MAP, 0, NULL, fng_detect_parse_step,
	    "What an event has to be."),
	KEY(RULE, "sequence", MAPS, NOT_EMPTY, NULL, fng_detect_parse_step,
	    "Instead of match: what events have to be, one after the other."),
	KEY(RULE, "unless", MAP, 0, NULL, fng_detect_parse_unless,
	    "Events that do not count."),
	KEY(RULE, "count", NUMBER, 0, NULL, fng_detect_parse_count,
	    "How many events it takes; 1 if not said."),
	KEY(RULE, "distinct", WORD, 0, what_words, fng_detect_parse_what,
	    "What count counts the different ones of."),
	KEY(RULE, "by", WORD, 0, what_words, fng_detect_parse_what,
	    "What has to be the same in all events, beside the cgroup."),
	KEY(RULE, "within", TEXT, 0, NULL, fng_detect_parse_time,
	    "In which time: 10s, 5m or 1h."),
	KEY(RULE, "interval", TEXT, 0, NULL, fng_detect_parse_interval,
	    "Instead of within: the events come at regular intervals, of so "
	    "long: 5s-10m."),
	KEY(RULE, "jitter", NUMBER, 0, NULL, fng_detect_parse_jitter,
	    "How much the intervals may differ, in percent; 20 if not said."),
	KEY(RULE, "first", WORD, 0, what_words, fng_detect_parse_what,
	    "Instead of count: what a policy's functions have not had before."),
	KEY(RULE, "after", NUMBER, 0, NULL, fng_detect_parse_after,
	    "In how many cgroups of the policy others were seen by then."),
	KEY(RULE, "quiet", TEXT, 0, NULL, fng_detect_parse_time,
	    "How long after a finding there is no other; as long as within, "
	    "and at least a minute, if not said."),
	KEY(RULE, "action", WORD, 0, action_words, fng_detect_parse_action,
	    "What the agent does if it may act; report if not said."),

	KEY(MATCH, "kind", WORDS, NOT_EMPTY, fng_detect_kind_words,
	    fng_detect_parse_kind, "Kind of the event; refused if not said."),
	KEY(MATCH, "class", WORDS, NOT_EMPTY, class_words,
	    fng_detect_parse_bits, "Section of the policy that has decided."),
	KEY(MATCH, "hook", WORDS, NOT_EMPTY, hook_words, fng_detect_parse_bits,
	    "Hook that has decided."),
	KEY(MATCH, "access", WORDS, NOT_EMPTY, access_words,
	    fng_detect_parse_bits, "Access that was asked for."),
	KEY(MATCH, "state", WORDS, NOT_EMPTY, state_words,
	    fng_detect_parse_bits, "State that the guard has come to."),
	KEY(MATCH, "reason", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_reason,
	    "Why it has, word by word."),
	KEY(MATCH, "object", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_object,
	    "Pattern of the object's path; or another object's name."),
	KEY(MATCH, "stdio", WORD, 0, stdio_words, fng_detect_parse_stdio,
	    "Of a program that is executed, input, output or error output is "
	    "a socket of the network."),
	KEY(MATCH, "exe", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_paths,
	    "Pattern of the program's path."),
	KEY(MATCH, "cgroup", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_paths,
	    "Pattern of the cgroup's path."),
	KEY(MATCH, "host", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_host,
	    "Name of the host, as in rules of egress."),
	KEY(MATCH, "to", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_to,
	    "Addresses, networks and sets, as in rules of egress."),
	KEY(MATCH, "ports", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_ports,
	    "Ports, as in rules of egress."),
	KEY(MATCH, "policy", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_policy,
	    "Name of the policy."),
	KEY(MATCH, "rule", TEXTS, NOT_EMPTY, NULL, fng_detect_parse_own_rule,
	    "A rule of the guard's own: floor:mount, guard:undecidable."),
	{ NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL },
};

const char *fng_detect_severity_name(u32 severity)
{
	return severity_words[severity];
}

const char *fng_detect_action_name(u32 action)
{
	return action_words[action];
}
