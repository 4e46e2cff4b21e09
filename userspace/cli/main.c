// SPDX-License-Identifier: MIT
/*
 * fnguard: noun, then verb.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "output.h"

const struct fng_verb fng_verbs[] = {
	{ "policy", "check", fng_cmd_policy_check, "FILE...",
	  "check policies and what they leave open" },
	{ "policy", "compile", fng_cmd_policy_compile, "FILE [-o IMAGE]",
	  "compile a policy into an image" },
	{ "policy", "sign", fng_cmd_policy_sign,
	  "--key KEY --cert CERT FILE|IMAGE [-o IMAGE]",
	  "sign an image, for guards that are sealed" },
	{ "policy", "explain", fng_cmd_policy_explain,
	  "FILE|NAME|--cgroup CGROUP VERB TARGET [ACCESS]", "tell what a policy decides, and why" },
	{ "policy", "diff", fng_cmd_policy_diff, "BEFORE AFTER",
	  "tell what a policy allows that another does not" },
	{ "policy", "test", fng_cmd_policy_test, "FILE...",
	  "run the tests written in policies" },
	{ "policy", "show", fng_cmd_policy_show, "[--flat] FILE|NAME",
	  "show the rules of a file, or a loaded policy" },
	{ "policy", "load", fng_cmd_policy_load,
	  "FILE|IMAGE... [--candidate] [--set K=V] [--confirm-within TIME]",
	  "load policies into the kernel, all or none" },
	{ "policy", "promote", fng_cmd_policy_promote,
	  "NAME [--confirm-within TIME]",
	  "have a candidate take its policy's place" },
	{ "policy", "confirm", fng_cmd_policy_confirm, "",
	  "keep what was loaded with --confirm-within" },
	{ "policy", "rollback", fng_cmd_policy_rollback, "",
	  "take back what was loaded with --confirm-within" },
	{ "policy", "attest", fng_cmd_policy_attest,
	  "FILE|NAME [--root DIR]...",
	  "digest the files that a policy knows by their SHA-256" },
	{ "policy", "unload", fng_cmd_policy_unload,
	  "NAME [--replace-with NAME | --candidate]", "unload a policy" },
	{ "policy", "list", fng_cmd_policy_list, "", "list loaded policies" },
	{ "cgroup", "bind", fng_cmd_cgroup_bind,
	  "CGROUP POLICY [--label K=V]...",
	  "bind a cgroup and all below it to a policy" },
	{ "cgroup", "unbind", fng_cmd_cgroup_unbind, "CGROUP [POLICY]",
	  "remove bindings of a cgroup" },
	{ "cgroup", "list", fng_cmd_cgroup_list, "", "list bound cgroups" },
	{ "cgroup", "audit", fng_cmd_cgroup_audit,
	  "CGROUP --for TIME --reason TEXT | CGROUP --end",
	  "let rules refuse nothing in a cgroup for a while" },
	{ "cgroup", "release", fng_cmd_cgroup_release, "CGROUP",
	  "let a cgroup out of quarantine" },
	{ "cgroup", "phase", fng_cmd_cgroup_phase,
	  "CGROUP [PHASE] [--policy NAME]",
	  "show the phase that a cgroup is in, or have it enter one" },
	{ "cgroup", "activate", fng_cmd_cgroup_activate,
	  "CGROUP POLICY [NAME] [--label K=V]...",
	  "bind a cgroup anew, and forget who used it before" },
	{ "netdev", "bind", fng_cmd_netdev_bind,
	  "DEVICE[@NETNS] POLICY [--label K=V]...",
	  "bind what is behind a network device to a policy" },
	{ "netdev", "unbind", fng_cmd_netdev_unbind, "DEVICE[@NETNS]",
	  "remove the binding of a network device" },
	{ "netdev", "list", fng_cmd_netdev_list, "",
	  "list bound network devices" },
	{ "run", NULL, fng_cmd_run, "POLICY [--label K=V]... -- COMMAND...",
	  "run a command guarded by a policy" },
	{ "events", NULL, fng_cmd_events,
	  "[-f] [--count N] [--timeout S] [--kind KIND]...",
	  "print events as they happen" },
	{ "counters", NULL, fng_cmd_counters,
	  "[--policy NAME] [--cgroup CGROUP|--totals] [--all]",
	  "print what was refused" },
	{ "why", NULL, fng_cmd_why, "[CGROUP|LABEL|PID] [--last N]",
	  "tell why something was refused last, and what would allow it" },
	{ "top", NULL, fng_cmd_top,
	  "[--batch [--count N]] [--delay S] [--sort KEY] [--filter TEXT]",
	  "show what each cgroup is refused, again and again" },
	{ "report", NULL, fng_cmd_report,
	  "[--since TIME] [--output FILE] EVENTS...",
	  "make a page of what was recorded" },
	{ "egress", "show", fng_cmd_egress_show, "POLICY",
	  "show egress rules and the addresses that names have" },
	{ "learn", "start", fng_cmd_learn_start,
	  "NAME [--cgroup CGROUP]...",
	  "allow everything, and remember what is done" },
	{ "learn", "show", fng_cmd_learn_show, "NAME",
	  "show what was done under a policy that learns" },
	{ "learn", "write", fng_cmd_learn_write,
	  "NAME [-o FILE] [--cgroup CGROUP]... [--extends TEMPLATE]...",
	  "write a policy that allows what was done" },
	{ "learn", "merge", fng_cmd_learn_merge,
	  "FILE.json... [-o FILE] [--name NAME] [--cgroup CGROUP]...",
	  "write one policy of what several runs or hosts have shown" },
	{ "detect", "check", fng_cmd_detect_check, "FILE|DIR...",
	  "check rules of detection" },
	{ "detect", "replay", fng_cmd_detect_replay, "FILE|DIR EVENTS",
	  "tell what rules of detection make of recorded events" },
	{ "probe", NULL, fng_cmd_probe,
	  "[--policy NAME|FILE|TEMPLATE] [--list] [TECHNIQUE]...",
	  "attack a policy with known techniques" },
	{ "status", NULL, fng_cmd_status, "[--quiet]",
	  "tell whether the guard is enforcing" },
	{ "arm", NULL, fng_cmd_arm, "", "attach the hooks and prove them" },
	{ "disarm", NULL, fng_cmd_disarm, "--reason TEXT",
	  "drop all policies and detach the hooks" },
	{ "seal", NULL, fng_cmd_seal, "--cert FILE... [--yes]",
	  "until reboot, let what is enforced only be added to" },
	{ "version", NULL, fng_cmd_version, "", "print versions" },
	{ "help", NULL, fng_cmd_help, "[NOUN [VERB]]", "print this help" },
	{ NULL, NULL, NULL, NULL, NULL },
};

static const struct fng_verb *find_verb(const char *noun, const char *verb)
{
	const struct fng_verb *v;

	for (v = fng_verbs; v->noun; v++) {
		if (strcmp(v->noun, noun))
			continue;
		if (!v->verb || (verb && !strcmp(v->verb, verb)))
			return v;
	}
	return NULL;
}

static int unknown(const char *noun, const char *verb)
{
	const struct fng_verb *v;

	for (v = fng_verbs; v->noun; v++) {
		if (strcmp(v->noun, noun))
			continue;
		if (verb)
			fng_output_error("%s has no verb \"%s\"; see fnguard help %s",
					 noun, verb, noun);
		else
			fng_output_error("%s needs a verb; see fnguard help %s",
					 noun, noun);
		return FNG_EXIT_USAGE;
	}
	fng_output_error("no command \"%s\"; see fnguard help", noun);
	return FNG_EXIT_USAGE;
}

/* Options before the noun are those that every verb takes after it, too. */
static int global_options(int *argc, char ***argv)
{
	int n = 1;

	for (; n < *argc && (*argv)[n][0] == '-'; n++) {
		const char *arg = (*argv)[n];

		if (!strcmp(arg, "--help") || !strcmp(arg, "-h"))
			return fng_cmd_help(1, *argv);
		if (!strcmp(arg, "--version"))
			return fng_cmd_version(1, *argv);
		if (!strcmp(arg, "--json") || !strcmp(arg, "-j")) {
			fng_output_json = true;
		} else if (strncmp(arg, "--color=", 8) ||
			   !fng_output_set_colour(arg + 8)) {
			fng_output_error("unknown option %s; see fnguard help",
					 arg);
			return FNG_EXIT_USAGE;
		}
	}
	*argc -= n;
	*argv += n;
	return -1;
}

int main(int argc, char **argv)
{
	const struct fng_verb *verb;
	static char name[64];
	int words, status;

	fng_output_set_colour("auto");
	status = global_options(&argc, &argv);
	if (status >= 0)
		return status;
	if (argc < 1) {
		fng_cmd_help(1, argv);
		return FNG_EXIT_USAGE;
	}
	verb = find_verb(argv[0], argc > 1 ? argv[1] : NULL);
	if (!verb)
		return unknown(argv[0], argc > 1 ? argv[1] : NULL);
	words = verb->verb ? 2 : 1;
	snprintf(name, sizeof(name), "fnguard %s%s%s", verb->noun,
		 verb->verb ? " " : "", verb->verb ?: "");
	argv += words - 1;
	argv[0] = name;
	status = verb->run(argc - words + 1, argv);
	if (fflush(stdout) || ferror(stdout)) {
		perror("fnguard: standard output");
		return FNG_EXIT_FAILED;
	}
	return status;
}
