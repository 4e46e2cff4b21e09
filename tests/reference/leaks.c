// SPDX-License-Identifier: MIT
/*
 * What the sanitizers are to leave out of their reports, of a program that reads
 * policies.
 */
const char *__lsan_default_suppressions(void);

/* libfyaml loses a buffer for a quoted value with many escapes (its #233). */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml\n";
}
