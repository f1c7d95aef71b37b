/* main/client_file.h — where a running node is and the token to talk to it with: for commands beside it.
 *
 *   <data>/client.yaml   0600
 *     url: http://127.0.0.1:8480
 *     token: fst_…
 *
 * Layer    main.
 * Owns     texts live in the caller's arena.
 * Threads  the main thread.
 * Errors   ERR_SYNTAX with file and line; those of reading and of making a token.
 * Tests    tests/unit/main/test_client_file.c
 */
#ifndef MAIN_CLIENT_FILE_H
#define MAIN_CLIENT_FILE_H

#include "base/env.h"
#include "main/config.h"

struct client_file {
    const char *url;
    const char *token;
};

MUST_USE enum errc client_file_read(const char *path, struct arena *arena, struct client_file *out,
                                    struct err *err);

/* An operator's token of a node that is not running, and the file that holds it. */
MUST_USE enum errc client_file_make(const struct config *config, const struct env *env, const char *person,
                                    const char *post, struct arena *arena, struct client_file *out,
                                    struct err *err);

/* Where the API of that configuration is: "http://127.0.0.1:8480". */
const char *client_file_url(const struct config *config, struct arena *arena);

#endif
