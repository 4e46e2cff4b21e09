// SPDX-License-Identifier: MIT
/*
 * Random templates of network devices, and names that they may match.
 */
#include "generate.h"
#include "request.h"

/* Bytes of the longest name. */
#define MAX_NAME	15

static const char *const words[] = {
	"tap", "fn", "-", "a", "b", "1", "veth", ".",
};

static const char *const wildcards[] = {
	"*", "?", "[0-9]", "[^t]", "[a-t]", "{a,b}", "{tap,veth}", "{1,}",
};

static void add(char pattern[REF_PATTERN_SIZE], const char *element)
{
	bool stars = *pattern && pattern[strlen(pattern) - 1] == '*';

	/* Two of them are for paths, also with nothing from braces between. */
	if (!stars || (*element != '*' && *element != '{'))
		strcat(pattern, element);
}

static void invent(struct ref_source *source, char pattern[REF_PATTERN_SIZE])
{
	u32 nr = 1 + ref_below(source, 3);

	*pattern = '\0';
	while (nr--)
		add(pattern, ref_chance(source, 50) ?
			     REF_PICK(source, words) :
			     REF_PICK(source, wildcards));
}

void ref_generate_devices(struct ref_source *source, struct ref_policy *policy)
{
	policy->nr_devices = ref_below(source, REF_MAX_DEVICES + 1);
	for (u32 i = 0; i < policy->nr_devices; i++)
		invent(source, policy->devices[i]);
}

void ref_request_device(struct ref_source *source, struct ref_request *request)
{
	u32 nr = 1 + ref_below(source, 4);

	while (nr--)
		strcat(request->path, REF_PICK(source, words));
	request->path[MAX_NAME] = '\0';
}
