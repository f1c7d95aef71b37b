/* main/bell_file.h — the channels of a node, read from its own file whenever they are needed, and tried.
 *
 * The file is read anew each time: a changed secret needs no restart, and none lies in memory between.
 *
 * Layer    main.
 * Owns     bell_file_open gives an object freed by channels_free.
 * Threads  any.
 * Errors   ERR_NOT_FOUND no file is named, or no channel of that name; ERR_PERMISSION others may read the
 *          file; those of channels_load and post_send.
 * Data     notify.channels (settings.def)
 * Tests    tests/cli/test_channel.py
 */
#ifndef MAIN_BELL_FILE_H
#define MAIN_BELL_FILE_H

#include "base/env.h"
#include "bell/channels.h"
#include "main/config.h"

/* The file that the configuration names. */
MUST_USE enum errc bell_file_open(const struct config *config, struct arena *arena, struct channels **out,
                                  struct err *err);
/* Any file. */
MUST_USE enum errc bell_file_read(const char *path, struct arena *arena, struct channels **out,
                                  struct err *err);

/* [{"name","kind","least","posts",…}], without a secret; NULL when memory is exhausted. */
json_t *bell_file_list(const struct channels *channels);

/* Sends a test message through the channel: {"channel","kind","sent","status"}. */
MUST_USE enum errc bell_file_test(const struct channels *channels, const char *name, const struct env *env,
                                  json_t **out, struct err *err);

#endif
