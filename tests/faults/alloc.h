/* faults/alloc.h — every allocation of the store and of SQLite counted, and made to fail.
 *
 * The program's own malloc, calloc, realloc and strdup are wrapped by the linker; SQLite is given an
 * allocator. alloc_install comes before anything else in main. jansson is left alone: version 2.14 frees a
 * stray pointer when it finds no memory for a string it is reading (lex_scan_string).
 */
#ifndef FAULTS_ALLOC_H
#define FAULTS_ALLOC_H

#include <stdbool.h>
#include <stdint.h>

void alloc_install(void);

/* From now on allocation number `at` fails (from 1), or every one from there on; 0 = none. The count begins
 * anew. */
void alloc_fail(int64_t at, bool persistent);
/* Allocations since alloc_fail; *failed how many were refused. */
int64_t alloc_count(int64_t *failed);

#endif
