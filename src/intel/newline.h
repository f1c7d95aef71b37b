/* intel/newline.h — line ends of a block, counted at the speed of memory.
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Tests    tests/unit/intel/test_newline.c
 */
#ifndef INTEL_NEWLINE_H
#define INTEL_NEWLINE_H

#include <stddef.h>

size_t newline_count(const char *bytes, size_t size);

#endif
