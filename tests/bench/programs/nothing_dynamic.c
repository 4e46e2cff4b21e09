// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest program that has a library.
 */
int main(void)
{
	return 0;
}
