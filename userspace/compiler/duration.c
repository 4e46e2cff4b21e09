// SPDX-License-Identifier: MIT
/*
 * Numbers and times within texts.
 */
#include <stdlib.h>

#include <compiler/model.h>
#include <compiler/text.h>

bool fngc_read_number(const char **text, u64 max, u64 *number)
{
	char *end;

	if (**text < '1' || **text > '9' || strspn(*text, "0123456789") > 9)
		return false;
	*number = strtoul(*text, &end, 10);
	*text = end;
	return *number <= max;
}

u64 fngc_time_unit(char letter)
{
	switch (letter) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	default:
		return 0;
	}
}

bool fngc_read_time(const char *text, u64 max, u64 *seconds)
{
	if (!fngc_read_number(&text, max, seconds) || !fngc_time_unit(*text) ||
	    text[1])
		return false;
	*seconds *= fngc_time_unit(*text);
	return true;
}
