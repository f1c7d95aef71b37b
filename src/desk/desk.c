#include "desk/desk.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/desk_internal.h"
#include "store/acts.h"
#include "store/ledger.h"

#include <stdlib.h>

/* A process that ended between a commit and the signer's keeping of its head makes up for it now. A store
 * that was set back behind what was signed is found here. */
static enum errc confirm_head(struct desk *desk, struct err *err)
{
    struct tree_head head;
    struct merkle_claim kept;
    struct growth_proof growth;
    const struct desk_parts *parts = &desk->parts;
    const char *universe = store_identity(parts->store)->universe;
    enum errc rc = seal_kept(parts->seal, parts->node, universe, &kept, err);
    if (rc >= 0)
        rc = ledger_last_head(parts->store, &head, err);
    if (rc == ERR_NOT_FOUND && kept.size > 0)
        return err_set(err, ERR_DAMAGED, "the record is empty, but its first %llu acts were signed",
                       (unsigned long long)kept.size);
    if (rc < 0)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    bool grown = kept.size > 0 && kept.size < head.tree.size;
    if (grown)
        rc = ledger_prove_growth(parts->store, kept.size, head.tree.size, &growth, err);
    if (rc >= 0)
        rc = seal_keep(parts->seal, &head, grown ? &growth : NULL, err);
    if (rc == ERR_FORGED)
        return err_set(err, ERR_DAMAGED,
                       "the record ends at size %llu and was signed at size %llu: it was set back",
                       (unsigned long long)head.tree.size, (unsigned long long)kept.size);
    return rc;
}

enum errc desk_open(const struct desk_parts *parts, struct desk **out, struct err *err)
{
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        return err_set(err, ERR_NOMEM, "no memory for the desk");
    desk->parts = *parts;
    desk->last_pos = acts_count(parts->store) - 1;
    enum errc rc = origin_new(&desk->origin, err);
    if (rc >= 0 && parts->seal)
        rc = confirm_head(desk, err);
    if (rc >= 0)
        rc = cards_refresh(desk, err);
    if (rc < 0) {
        desk_close(desk);
        return rc;
    }
    *out = desk;
    return ERR_OK;
}

void desk_close(struct desk *desk)
{
    if (!desk)
        return;
    arena_done(&desk->nodes_arena);
    origin_free(desk->origin);
    free(desk);
}

const struct desk_parts *desk_parts(const struct desk *desk)
{
    return &desk->parts;
}

const struct directory *desk_directory(const struct desk *desk)
{
    return &desk->dir;
}

const struct node_card *desk_self(const struct desk *desk)
{
    return directory_find(&desk->dir, desk->parts.node);
}

int64_t desk_last_pos(const struct desk *desk)
{
    return desk->last_pos;
}

enum errc begin_batch(struct desk *desk, struct err *err)
{
    desk->next_seq = 0;
    return store_begin(desk->parts.store, err);
}

/* What was counted ahead in memory is asked of the store again. */
void abandon_batch(struct desk *desk)
{
    store_rollback(desk->parts.store);
    desk->last_pos = acts_count(desk->parts.store) - 1;
    desk->next_seq = 0;
    desk->nodes_changed = false;
    /* The store has failed for good when it cannot even be read: the next call says so. */
    if (desk->nodes_ahead && cards_refresh(desk, NULL) < 0)
        desk->nodes_changed = true;
    desk->nodes_ahead = false;
}

enum errc begin_step(struct desk *desk, struct err *err)
{
    return store_mark(desk->parts.store, err);
}

enum errc end_step(struct desk *desk, bool keep, struct err *err)
{
    struct store *store = desk->parts.store;
    if (keep)
        return store_keep(store, err);
    desk->next_seq = 0;
    enum errc rc = store_undo(store, err);
    desk->last_pos = acts_count(store) - 1;
    return rc;
}

/* The head goes into the transaction it covers, so it is signed before the commit and kept by the signer
 * after it. growth is empty for the first head of a ledger. */
static enum errc sign_head(struct desk *desk, const struct tree_head *last, struct tree_head *head,
                           struct growth_proof *growth, struct err *err)
{
    struct store *store = desk->parts.store;
    bool first = last->tree.size == 0;
    enum errc rc = ledger_prepare_head(store, env_now_ms(desk->parts.env), head, err);
    if (rc >= 0 && !first)
        rc = ledger_prove_growth(store, last->tree.size, head->tree.size, growth, err);
    if (rc >= 0)
        rc = seal_sign_head(desk->parts.seal, head, first ? NULL : growth, err);
    return rc < 0 ? rc : ledger_save_head(store, head, err);
}

enum errc commit_batch(struct desk *desk, struct err *err)
{
    struct tree_head last = {0};
    struct tree_head head = {0};
    struct growth_proof growth;
    struct store *store = desk->parts.store;
    enum errc rc = ledger_last_head(store, &last, err);
    rc = rc == ERR_NOT_FOUND ? ERR_OK : rc;
    bool grown = rc >= 0 && ledger_size(store) > last.tree.size;
    if (grown)
        rc = sign_head(desk, &last, &head, &growth, err);
    if (rc >= 0)
        rc = store_commit(store, err);
    if (rc < 0) {
        abandon_batch(desk);
        return rc;
    }
    if (grown)
        rc = seal_keep(desk->parts.seal, &head, last.tree.size == 0 ? NULL : &growth, err);
    desk->nodes_ahead = false;
    if (rc >= 0 && desk->nodes_changed)
        rc = cards_refresh(desk, err);
    return rc;
}
