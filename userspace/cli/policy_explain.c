// SPDX-License-Identifier: MIT
/*
 * fnguard policy explain: one question to one policy, or to all that apply to a
 * cgroup.
 */
#include <stdio.h>
#include <unistd.h>

#include <client/cgroup.h>
#include "chain.h"
#include "load.h"
#include "session.h"

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	{ "phase", required_argument, NULL, 'P' },
	{ "cgroup", required_argument, NULL, 'c' },
	{ NULL, 0, NULL, 0 },
};

static const struct fng_column columns[] = {
	{ "verdict", "verdict", NULL, fng_answer_colour },
	{ "rule", "rule", NULL, NULL },
	{ "at", "at", NULL, NULL },
	{ "refused", "refused", NULL, NULL },
	{ "errno", "errno", NULL, NULL },
	{ "section", "section", NULL, NULL },
	{ "policy", "policy", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

/* Of a cgroup: what each of its policies says. */
static const struct fng_column chain_columns[] = {
	{ "policy", "POLICY", NULL, NULL },
	{ "phase", "PHASE", NULL, NULL },
	{ "verdict", "VERDICT", NULL, fng_answer_colour },
	{ "rule", "RULE", NULL, NULL },
	{ "at", "WRITTEN AT", NULL, NULL },
	{ "errno", "ERRNO", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static bool decide(const struct fng_image *image, const void *what,
		   struct fng_decision *decision)
{
	fngc_decide(image, what, decision);
	return true;
}

static void print_state(const struct fng_client_subject *subject)
{
	if (subject->excess)
		puts("It cannot be judged: more policies apply than can, or there was no memory. Everything is refused.");
	if (subject->quarantined)
		puts("It is in quarantine: it may neither execute nor send anything.");
	if (subject->seconds)
		printf("It is exempt for %u seconds more: what rules refuse is only told.\n",
		       subject->seconds);
	if (!subject->nr && !subject->excess)
		puts("No policy applies to it.");
}

static void print_chain(const json_t *answer,
			const struct fng_client_subject *subject)
{
	json_t *verdict = json_object_get(answer, "verdict");

	if (subject->nr)
		fng_output_table(json_incref(json_object_get(answer, "policies")),
				 chain_columns);
	print_state(subject);
	printf("All together: %s%s%s\n",
	       fng_output_escape(fng_answer_colour(verdict)),
	       json_string_value(verdict), fng_output_escape(FNG_PLAIN));
}

static void add_state(json_t *answer, const char *path,
		      const struct fng_client_subject *subject)
{
	fng_set_text(answer, "cgroup", path);
	if (subject->seconds)
		json_object_set_new(answer, "exempt",
				    json_integer(subject->seconds));
	if (subject->quarantined)
		json_object_set_new(answer, "quarantined", json_true());
	if (subject->excess)
		json_object_set_new(answer, "excess", json_true());
}

static int ask_all(struct fng_client *client, const char *path, u64 id,
		   const struct fngc_query *query)
{
	struct fng_shelf shelf = { .client = client };
	struct fng_client_subject subject;
	json_t *answer;
	int result = fng_session_failed(client, fng_client_subject(client, id,
								   &subject));

	if (result)
		return result;
	answer = fng_chain_ask(&shelf, &subject, decide, query);
	if (answer) {
		add_state(answer, path, &subject);
		if (!fng_output_json)
			print_chain(answer, &subject);
		fng_output_value(answer);
	} else {
		fng_output_error("the policies of %s have changed meanwhile; try again",
				 path);
		result = FNG_EXIT_FAILED;
	}
	fng_shelf_free(&shelf);
	return result;
}

static int explain_cgroup(const char *path, const struct fngc_query *query)
{
	struct fng_client client;
	int result = fng_session_open(&client), fd;

	if (!result) {
		fd = fng_session_cgroup(path);
		result = fd < 0 ? FNG_EXIT_FAILED :
			 ask_all(&client, path, fng_cgroup_id(fd), query);
		if (fd >= 0)
			close(fd);
	}
	fng_client_close(&client);
	return result;
}

static int explain_policy(struct fng_offline *offline, const char *policy,
			  const char *phase, const struct fngc_query *query)
{
	struct fng_decision decision;
	int status = fng_load_find(offline, policy) ?:
		     fng_offline_phase(offline, phase);

	if (status)
		return status;
	fngc_decide(&offline->image, query, &decision);
	fng_output_record(fng_answer(offline, &decision), columns);
	return FNG_EXIT_DONE;
}

int fng_cmd_policy_explain(int argc, char **argv)
{
	struct fng_offline offline = { 0 };
	const char *phase = NULL, *cgroup = NULL;
	struct fngc_query query;
	char reason[256];
	int option, status;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option == 'P')
			phase = optarg;
		else if (option == 'c')
			cgroup = optarg;
		else
			fng_offline_option(&offline, option, argv);
	}
	fng_cli_args(argc, argv, cgroup ? 2 : 3, cgroup ? 3 : 4);
	if (cgroup && phase)
		return fng_cli_usage(argv, "a cgroup is in a phase already");
	option = optind + !cgroup;
	if (fngc_query_parse(argv[option], argv[option + 1], argv[option + 2],
			     &query, reason, sizeof(reason)))
		return fng_cli_usage(argv, "%s", reason);
	status = cgroup ? explain_cgroup(cgroup, &query) :
		 explain_policy(&offline, argv[optind], phase, &query);
	fng_offline_free(&offline);
	return status;
}
