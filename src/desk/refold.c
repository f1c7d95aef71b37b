#include "desk/refold.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/desk_internal.h"
#include "domain/act.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 8 };

/* An act on the record whose matter was not known when it passed through. */
struct waiting {
    struct waiting *next;
    int64_t pos;
    char matter[UUID_TEXT_SIZE];
};

struct refold {
    struct desk_parts parts;
    struct desk *desk; /* on the fresh record; made with the first act */
    struct waiting *first;
};

enum errc refold_new(const struct desk_parts *parts, struct refold **out, struct err *err)
{
    struct refold *refold = calloc(1, sizeof *refold);
    if (!refold)
        return err_set(err, ERR_NOMEM, "no memory to fold the acts again");
    refold->parts = *parts;
    *out = refold;
    return ERR_OK;
}

void refold_free(struct refold *refold)
{
    if (!refold)
        return;
    while (refold->first) {
        struct waiting *next = refold->first->next;
        free(refold->first);
        refold->first = next;
    }
    desk_close(refold->desk);
    free(refold);
}

static enum errc wait_for(struct refold *refold, int64_t pos, const char *matter, struct err *err)
{
    struct waiting **at = &refold->first;
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (!waiting)
        return err_set(err, ERR_NOMEM, "no memory to fold the acts again");
    waiting->pos = pos;
    memcpy(waiting->matter, matter, strlen(matter) + 1);
    while (*at)
        at = &(*at)->next;
    *at = waiting;
    return ERR_OK;
}

static enum errc fold_stored(struct refold *refold, const struct stored_act *stored, int depth,
                             struct err *err);

/* What waited for this matter, in the order of the record. */
static enum errc retry(struct refold *refold, const char *matter, int depth, struct err *err)
{
    enum errc rc = ERR_OK;
    struct waiting **at = &refold->first;
    while (rc >= 0 && *at) {
        struct waiting *waiting = *at;
        struct stored_act stored;
        struct arena arena;
        if (!streq(waiting->matter, matter)) {
            at = &waiting->next;
            continue;
        }
        *at = waiting->next;
        arena_init(&arena, DESK_ARENA_BYTES);
        rc = acts_at(refold->desk->parts.store, waiting->pos, &arena, &stored, err);
        if (rc >= 0)
            rc = fold_stored(refold, &stored, depth + 1, err);
        arena_done(&arena);
        free(waiting);
    }
    return rc;
}

static enum errc fold_read(struct refold *refold, const struct stored_act *stored, const struct act *act,
                           struct arena *arena, int depth, struct err *err)
{
    struct loaded loaded;
    char waits_for[UUID_TEXT_SIZE] = "";
    struct record record = {.act = *act,
                            .annex = "",
                            .from = stored->from_node,
                            .proof = "",
                            .received_ms = stored->received_ms,
                            .pos = stored->pos};
    bool own = streq(act->node, refold->parts.node);
    enum errc rc = own ? load_for_act(refold->desk, act, arena, &loaded, waits_for, err)
                       : judge_peer_act(refold->desk, act, arena, &loaded, waits_for, err);
    if (rc == ERR_BUSY)
        return wait_for(refold, stored->pos, waits_for, err);
    if (rc >= 0)
        rc = fold_recorded(refold->desk, &loaded, &record, arena, err);
    if (rc >= 0 && *act->subject && depth < DEPTH_MAX)
        rc = retry(refold, act->subject, depth, err);
    return rc;
}

static enum errc fold_stored(struct refold *refold, const struct stored_act *stored, int depth,
                             struct err *err)
{
    struct arena arena;
    struct act act;
    json_t *doc = NULL;
    arena_init(&arena, DESK_ARENA_BYTES);
    enum errc rc = cards_catch_up(refold->desk, err);
    if (rc >= 0)
        rc = act_read(stored->act.bytes, stored->act.size_bytes, &arena, &act, &doc, err);
    if (rc >= 0)
        rc = fold_read(refold, stored, &act, &arena, depth, err);
    json_decref(doc);
    arena_done(&arena);
    return rc;
}

enum errc refold_act(void *context, struct store *fresh, const struct stored_act *stored, struct err *err)
{
    struct refold *refold = context;
    enum errc rc = ERR_OK;
    if (!refold->desk) {
        struct desk_parts parts = refold->parts;
        parts.store = fresh;
        parts.seal = NULL; /* nothing is signed again */
        rc = desk_open(&parts, &refold->desk, err);
    }
    return rc < 0 ? rc : fold_stored(refold, stored, 0, err);
}
