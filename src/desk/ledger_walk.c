#include "desk/ledger_walk.h"

#include "desk/audit.h"
#include "desk/setup.h"
#include "store/ledger.h"

enum { ARENA_BYTES = 64 << 20, NODES_ARENA_BYTES = 256 << 20 };

struct walk {
    struct store *store;
    const struct ledger_sink *sink;
    struct arena arena;    /* of one head */
    struct tree_head head; /* the first that covers the act at hand */
    bool has_head;
};

static enum errc walk_anchors(struct walk *walk, struct arena *arena, struct err *err)
{
    struct node_card *cards = NULL;
    size_t count = 0;
    enum errc rc = desk_anchors(walk->store, arena, &cards, &count, err);
    for (size_t i = 0; rc >= 0 && i < count; i++)
        rc = walk->sink->anchor(walk->sink->context, &cards[i], err);
    return rc;
}

static enum errc walk_witnesses(struct walk *walk, struct err *err)
{
    struct ledger_witness *found = NULL;
    size_t count = 0;
    enum errc rc = ledger_witnesses(walk->store, walk->head.tree.size, WITNESSES_LIMIT_MAX, &walk->arena,
                                    &found, &count, err);
    for (size_t i = 0; rc >= 0 && i < count && found[i].size == walk->head.tree.size; i++)
        rc = walk->sink->witness(walk->sink->context, &found[i].cosig, err);
    arena_reset(&walk->arena);
    return rc;
}

static enum errc find_head(struct walk *walk, int64_t pos, struct err *err)
{
    struct act_proof proof;
    enum errc rc = ledger_prove_act(walk->store, pos, LEDGER_FIRST, &proof, err);
    walk->has_head = rc >= 0;
    if (rc >= 0)
        walk->head = proof.head;
    return rc == ERR_NOT_FOUND ? ERR_OK : rc; /* whoever checks will see that no head came */
}

static enum errc walk_act(void *context, const struct stored_act *stored, struct err *err)
{
    struct walk *walk = context;
    bool behind = !walk->has_head || (uint64_t)stored->pos >= walk->head.tree.size;
    enum errc rc = behind ? find_head(walk, stored->pos, err) : ERR_OK;
    if (rc >= 0)
        rc = walk->sink->act(walk->sink->context, stored, err);
    if (rc < 0 || !walk->has_head || (uint64_t)stored->pos + 1 != walk->head.tree.size)
        return rc;
    rc = walk->sink->head(walk->sink->context, &walk->head, err);
    return rc < 0 ? rc : walk_witnesses(walk, err);
}

enum errc ledger_walk(struct store *store, const struct ledger_sink *sink, struct err *err)
{
    struct walk walk = {.store = store, .sink = sink};
    struct arena nodes;
    arena_init(&nodes, NODES_ARENA_BYTES);
    arena_init(&walk.arena, ARENA_BYTES);
    enum errc rc = walk_anchors(&walk, &nodes, err);
    if (rc >= 0)
        rc = acts_walk(store, 0, walk_act, &walk, err);
    arena_done(&walk.arena);
    arena_done(&nodes);
    return rc;
}

/* ---- into an audit ---- */

static enum errc to_anchor(void *context, const struct node_card *card, struct err *err)
{
    return audit_anchor(context, card, err);
}

static enum errc to_act(void *context, const struct stored_act *stored, struct err *err)
{
    struct audit_act act = {.pos = stored->pos,
                            .bytes = stored->act.bytes,
                            .size_bytes = stored->act.size_bytes,
                            .annex = stored->annex,
                            .annex_bytes = stored->annex_bytes,
                            .proof = stored->proof,
                            .proof_bytes = stored->proof_bytes};
    return audit_act(context, &act, err);
}

static enum errc to_head(void *context, const struct tree_head *head, struct err *err)
{
    return audit_head(context, head, err);
}

static enum errc to_witness(void *context, const struct cosignature *cosignature, struct err *err)
{
    return audit_witness(context, cosignature, err);
}

struct ledger_sink ledger_audit_sink(struct audit *audit)
{
    return (struct ledger_sink){audit, to_anchor, to_act, to_head, to_witness};
}
