/* base/env.h — the outside world that decisions may see: the clock and randomness, both injected.
 *
 * The real program fills it once in main; a simulation gives every node its own. Nothing below main
 * reads a clock or random bytes in any other way.
 *
 * Layer    base.   Owns nothing.   Threads: the functions must be callable from any thread.
 * Tests    tests/unit/base/test_civil.c (env_real), tests/sim
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include "base/err.h"

struct env {
    void *context;
    int64_t (*now_ms)(void *context); /* milliseconds since 1970-01-01T00:00:00Z */
    MUST_USE enum errc (*random)(void *context, void *out, size_t size_bytes);
};

/* The machine's clock and the kernel's random bytes. */
extern const struct env ENV_REAL;

int64_t env_now_ms(const struct env *env);
MUST_USE enum errc env_random(const struct env *env, void *out, size_t size_bytes, struct err *err);

enum { UUID_TEXT_SIZE = 37 };

/* A UUIDv7 (RFC 9562) in lower-case text: sorts by time. out holds UUID_TEXT_SIZE bytes. */
MUST_USE enum errc env_uuid(const struct env *env, char *out, struct err *err);

/* True for the canonical lower-case text of any UUID. */
bool uuid_valid(const char *text);

#endif
