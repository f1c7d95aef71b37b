/* main/drill.h — a drill (演练): the same node in another universe.
 *
 *   <data>/drills/<id>/   a record of its own: store.db, blobs/, the signer's journal, client.yaml
 *
 * Its acts name the drill as their universe and are signed with the drill key, so no node can take one for
 * real, and no real act gets in. Cards are those that the node knows when the drill is made, with the
 * addresses at which the others serve it. Its clock runs `compression` times as fast as the real one, from
 * the moment it is made; both are kept in its record.
 *
 * Layer    main.
 * Owns     documents are new references; texts live in the arena.
 * Threads  the main thread, before any other is made: the signer is started.
 * Errors   ERR_CONFLICT there is a drill of that id; ERR_INVALID the id; ERR_BUSY the node or the drill runs;
 *          ERR_NOT_FOUND no such drill.
 * Data     see node_dir.h
 * Tests    tests/unit/main/test_drill.c, tests/e2e/test_drills.py
 */
#ifndef MAIN_DRILL_H
#define MAIN_DRILL_H

#include "base/doc.h"
#include "base/env.h"
#include "main/config.h"

enum { DRILL_COMPRESSION_MAX = 10000, DRILL_URLS_MAX = 256 };

/* Where another node serves the drill; a node that is not named cannot be called there. */
struct drill_url {
    const char *node;
    const char *url;
};

struct drill_plan {
    const char *id;
    int64_t compression; /* 1 = real time */
    struct drill_url urls[DRILL_URLS_MAX];
    size_t url_count;
    const char *url; /* the node's own; NULL = it cannot be called */
    const char *api; /* ADDR:PORT of the drill's API, for client.yaml */
    const char *person;
    const char *post;
};

/* Tokens of the drill's own, shown once. */
struct drill_tokens {
    const char *officer;
    const char *operator;
    const char *client; /* file with the officer's */
};

MUST_USE enum errc drill_make(const struct config *config, const struct env *env,
                              const struct drill_plan *plan, struct arena *arena, struct drill_tokens *out,
                              struct err *err);

struct drill_clock {
    const struct env *real;
    int64_t started_ms;
    int64_t compression;
    struct env env; /* the drill's; refers to the struct, which stays where it is */
};
MUST_USE enum errc drill_clock_open(const struct config *config, const char *id, const struct env *real,
                                    struct arena *arena, struct drill_clock *out, struct err *err);

/* What came of it, from its record: {"drill", "run": {…}, "report": {…}}, whose two last members are the
 * bodies of drill.run and drill.reported. The drill may be running. */
MUST_USE enum errc drill_report(const struct config *config, const struct env *env, const char *id,
                                struct arena *arena, json_t **out, struct err *err);

#endif
