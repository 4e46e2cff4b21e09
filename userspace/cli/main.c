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
	  "FILE|NAME VERB TARGET [ACCESS]", "tell what a policy decides, and why" },
	{ "policy", "test", fng_cmd_policy_test, "FILE...",
	  "run the tests written in policies" },
	{ "policy", "show", fng_cmd_policy_show, "[--flat] FILE|NAME",
	  "show the rules of a file, or a loaded policy" },
	{ "policy", "load", fng_cmd_policy_load, "FILE|IMAGE... [--set K=V]",
	  "load policies into the kernel, all or none" },
	{ "policy", "attest", fng_cmd_policy_attest,
	  "FILE|NAME [--root DIR]...",
	  "digest the files that a policy knows by their SHA-256" },
	{ "policy", "unload", fng_cmd_policy_unload,
	  "NAME [--replace-with NAME]", "unload a policy" },
	{ "policy", "list", fng_cmd_policy_list, "", "list loaded policies" },
	{ "cgroup", "bind", fng_cmd_cgroup_bind,
	  "CGROUP POLICY [--label K=V]...",
	  "bind a cgroup and all below it to a policy" },
	{ "cgroup", "unbind", fng_cmd_cgroup_unbind, "CGROUP [POLICY]",
	  "remove bindings of a cgroup" },
	{ "cgroup", "list", fng_cmd_cgroup_list, "", "list bound cgroups" },
	{ "netdev", "bind", fng_cmd_netdev_bind,
	  "DEVICE[@NETNS] POLICY [--label K=V]...",
	  "bind what is behind a network device to a policy" },
	{ "netdev", "unbind", fng_cmd_netdev_unbind, "DEVICE[@NETNS]",
	  "remove the binding of a network device" },
	{ "netdev", "list", fng_cmd_netdev_list, "",
	  "list bound network devices" },
	{ "run", NULL, fng_cmd_run, "POLICY [--label K=V]... -- COMMAND...",
	  "run a command guarded by a policy" },
	{ "events", NULL, fng_cmd_events, "[-f] [--count N]",
	  "print events as they happen" },
	{ "counters", NULL, fng_cmd_counters,
	  "[--policy NAME] [--cgroup CGROUP|--totals] [--all]",
	  "print what was refused" },
	{ "egress", "show", fng_cmd_egress_show, "POLICY",
	  "show egress rules and the addresses that names have" },
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
