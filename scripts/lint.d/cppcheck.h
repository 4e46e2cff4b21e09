/* SPDX-License-Identifier: MIT */
/*
 * Macros of libraries whose headers cppcheck does not read.
 */
#define json_array_foreach(array, i, value)				\
	for (i = 0; i < json_array_size(array) &&			\
		    (value = json_array_get(array, i)); i++)
