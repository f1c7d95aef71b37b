/* lib/run.h — another program, run to its end. */
#ifndef LIB_RUN_H
#define LIB_RUN_H

#include <stddef.h>

/* words ends in NULL. What it says on standard output goes to out, cut at its size and NUL-terminated; out
 * may be NULL. Returns the exit status; 127 when the program is not there, -1 when it was killed. */
int run_program(const char *const *words, char *out, size_t out_bytes);

#endif
