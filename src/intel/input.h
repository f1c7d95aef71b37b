/* intel/input.h — bytes of a file or of standard input, plain, gzip or zstd by what they begin with.
 *
 * Layer    intel.
 * Owns     its descriptor and its buffers until input_close.
 * Threads  one input, one thread.
 * Errors   ERR_IO naming the file; ERR_DAMAGED when compressed bytes are wrong or end in the middle.
 * Tests    tests/unit/intel/test_input.c
 */
#ifndef INTEL_INPUT_H
#define INTEL_INPUT_H

#include "base/str.h"

struct input;

/* "-" is standard input. */
MUST_USE enum errc input_open(const char *path, struct input **out, struct err *err);
/* Takes the descriptor over, also when it fails. */
MUST_USE enum errc input_open_fd(int fd, const char *name, struct input **out, struct err *err);
void input_close(struct input *input);

/* Up to room bytes; 0 at the end. May give fewer than there are. */
MUST_USE enum errc input_read(struct input *input, void *to, size_t room, size_t *out_size, struct err *err);

/* Back to the start of a plain file that was cut short. */
MUST_USE enum errc input_restart(struct input *input, struct err *err);

/* Bytes read from the file so far, and how many it has; 0 when that is not known. For showing progress. */
uint64_t input_done_bytes(const struct input *input);
uint64_t input_total_bytes(const struct input *input);
bool input_is_compressed(const struct input *input);
int input_fd(const struct input *input);

#endif
