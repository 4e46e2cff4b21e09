// SPDX-License-Identifier: MIT
/*
 * What the sanitizers are to leave out of their reports, of a fuzzer that reads YAML.
 */
const char *__lsan_default_suppressions(void);

/* libfyaml loses a buffer for each quoted value with many escapes (its #233). */
const char *__lsan_default_suppressions(void)
{
	return "leak:fy_atom_iter_grow_chunk\n";
}
