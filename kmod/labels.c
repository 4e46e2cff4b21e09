// SPDX-License-Identifier: GPL-2.0-only
/*
 * Labels of bindings. They are copied into every event, so what could forge a
 * line or another label there is refused here.
 */
#include <linux/netlink.h>
#include <linux/string.h>

#include <fnguard/limits.h>
#include "labels.h"

#define KEY_CHARACTERS	"abcdefghijklmnopqrstuvwxyz0123456789._-"

static bool value_is_clean(const char *value, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((u8)value[i] < 0x20 || value[i] == 0x7f || value[i] == '=')
			return false;
	return len;
}

static bool pair_is_clean(const char *pair, size_t len)
{
	size_t key = strspn(pair, KEY_CHARACTERS);

	return key && key < len && pair[key] == '=' &&
	       value_is_clean(pair + key + 1, len - key - 1);
}

/* Is the key of @pair that of an earlier one, too? */
static bool key_is_repeated(const char *labels, const char *pair)
{
	size_t len = strcspn(pair, "=") + 1;

	while (labels < pair) {
		if (!strncmp(labels, pair, len))
			return true;
		labels += strcspn(labels, ",") + 1;
	}
	return false;
}

/**
 * fng_labels_check() - are these well-formed labels?
 * @labels: key=value,key=value, or empty
 * @extack: told why not
 */
int fng_labels_check(const char *labels, struct netlink_ext_ack *extack)
{
	const char *pair = labels;
	size_t len;

	if (!*labels)
		return 0;
	if (strlen(labels) > FNG_MAX_LABELS) {
		NL_SET_ERR_MSG(extack, "The labels are longer than 256 bytes");
		return -EINVAL;
	}
	for (;;) {
		len = strcspn(pair, ",");
		if (!pair_is_clean(pair, len)) {
			NL_SET_ERR_MSG(extack,
				       "Labels are key=value,key=value: keys of [a-z0-9._-], values neither empty nor with '=' or control characters");
			return -EINVAL;
		}
		if (key_is_repeated(labels, pair)) {
			NL_SET_ERR_MSG(extack, "A label is given twice");
			return -EINVAL;
		}
		if (!pair[len])
			return 0;
		pair += len + 1;
	}
}
