// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that succeeds, in one file.
 */
int main(void)
{
	return 0;
}
