/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where functions of the kernel are.
 */
#ifndef FNGUARD_KMOD_SYMBOL_H
#define FNGUARD_KMOD_SYMBOL_H

/**
 * struct fng_symbol - a function of the kernel
 * @name: its name; lives as long as the module
 * @entry: where a call of it meets ftrace; 0 if it was not found or never does
 */
struct fng_symbol {
	const char *name;
	unsigned long entry;
};

int fng_symbol_find_all(struct fng_symbol *symbols, unsigned int nr);

#endif /* FNGUARD_KMOD_SYMBOL_H */
