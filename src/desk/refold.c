#include "desk/refold.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/desk_internal.h"
#include "desk/setup.h"
#include "domain/act.h"
#include "store/nodes.h"

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
    refold_ruled_fn ruled; /* NULL = nobody asks how the law rules today */
    void *context;
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
    while (*at && (*at)->pos < pos)
        at = &(*at)->next;
    waiting->next = *at;
    *at = waiting;
    return ERR_OK;
}

static enum errc fold_stored(struct refold *refold, const struct stored_act *stored, int depth,
                             struct err *err);

/* Takes out what waits for this matter, in the order of the record. What must go on waiting for it is not
 * looked at a second time. */
static struct waiting *take_waiting(struct refold *refold, const char *matter)
{
    struct waiting *taken = NULL;
    struct waiting **last = &taken;
    struct waiting **at = &refold->first;
    while (*at) {
        struct waiting *waiting = *at;
        if (!streq(waiting->matter, matter)) {
            at = &waiting->next;
            continue;
        }
        *at = waiting->next;
        waiting->next = NULL;
        *last = waiting;
        last = &waiting->next;
    }
    return taken;
}

static enum errc retry(struct refold *refold, const char *matter, int depth, struct err *err)
{
    enum errc rc = ERR_OK;
    struct waiting *waiting = take_waiting(refold, matter);
    while (waiting) {
        struct waiting *next = waiting->next;
        struct stored_act stored;
        struct arena arena;
        arena_init(&arena, DESK_ARENA_BYTES);
        if (rc >= 0)
            rc = acts_at(refold->desk->parts.store, waiting->pos, &arena, &stored, err);
        if (rc >= 0)
            rc = fold_stored(refold, &stored, depth + 1, err);
        arena_done(&arena);
        free(waiting);
        waiting = next;
    }
    return rc;
}

void refold_watch(struct refold *refold, refold_ruled_fn fn, void *context)
{
    refold->ruled = fn;
    refold->context = context;
}

/* Judged as a peer's act would be: what its state was at that moment is not the question, what the law says
 * of it is. */
static enum errc load_and_tell(struct refold *refold, const struct act *act, struct arena *arena,
                               struct loaded *loaded, char waits_for[UUID_TEXT_SIZE], struct err *err)
{
    struct ruling ruling;
    struct err why = {0};
    enum errc rc = load_for_act(refold->desk, act, arena, loaded, waits_for, err);
    if (rc < 0)
        return rc;
    enum errc ruled = judge(&loaded->matter, JUDGE_RECEIVE, arena, &ruling, &why);
    if (ruled == ERR_NOMEM || ruled == ERR_BUSY)
        ruled = ERR_OK; /* BUSY: the owner changed meanwhile, which is no question of law */
    return refold->ruled(refold->context, act, ruled, &why, err);
}

static enum errc load_read(struct refold *refold, const struct act *act, struct arena *arena,
                           struct loaded *loaded, char waits_for[UUID_TEXT_SIZE], struct err *err)
{
    if (refold->ruled)
        return load_and_tell(refold, act, arena, loaded, waits_for, err);
    if (streq(act->node, refold->parts.node))
        return load_for_act(refold->desk, act, arena, loaded, waits_for, err);
    return judge_peer_act(refold->desk, act, arena, loaded, waits_for, err);
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
    enum errc rc = load_read(refold, act, arena, &loaded, waits_for, err);
    if (rc == ERR_BUSY)
        return wait_for(refold, stored->pos, waits_for, err);
    /* What passed on before its matter was known stands on the record, and was refused when that came. */
    if (rc < 0 && depth > 0 && !errc_is_fault(rc))
        return ERR_OK;
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

/* Trust begins with the anchors, before the act that enrolled them: theirs are the first cards again. */
static enum errc put_anchors(struct store *fresh, struct err *err)
{
    struct arena arena;
    struct node_card *cards = NULL;
    size_t count = 0;
    arena_init(&arena, DESK_ARENA_BYTES);
    enum errc rc = desk_anchors(fresh, &arena, &cards, &count, err);
    for (size_t i = 0; rc >= 0 && i < count; i++)
        rc = nodes_save(fresh, &cards[i], "", err);
    arena_done(&arena);
    return rc;
}

static enum errc begin(struct refold *refold, struct store *fresh, struct err *err)
{
    struct desk_parts parts = refold->parts;
    parts.store = fresh;
    parts.seal = NULL; /* nothing is signed again */
    enum errc rc = put_anchors(fresh, err);
    return rc < 0 ? rc : desk_open(&parts, &refold->desk, err);
}

enum errc refold_act(void *context, struct store *fresh, const struct stored_act *stored, struct err *err)
{
    struct refold *refold = context;
    enum errc rc = refold->desk ? ERR_OK : begin(refold, fresh, err);
    return rc < 0 ? rc : fold_stored(refold, stored, 0, err);
}
