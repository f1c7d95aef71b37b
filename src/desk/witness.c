#include "desk/witness.h"

#include "base/str.h"
#include "desk/desk_internal.h"
#include "store/acts.h"
#include "store/ledger.h"

#include <stdio.h>
#include <string.h>

enum { ALARM_ARENA_BYTES = 64 << 20, ALARM_TEXT_SIZE = 1000, ALARMS_LOOKED_AT = 50 };

/* ---- ours ---- */

enum errc witness_ours(struct store *store, uint64_t seen_size, struct witness_claim *out, struct err *err)
{
    struct witness_claim claim = {.has_head = true};
    enum errc rc = ledger_last_head(store, &claim.head, err);
    if (rc == ERR_NOT_FOUND) {
        *out = (struct witness_claim){0};
        return ERR_OK;
    }
    if (rc >= 0 && seen_size > 0 && seen_size < claim.head.tree.size) {
        claim.has_growth = true;
        rc = ledger_prove_growth(store, seen_size, claim.head.tree.size, &claim.growth, err);
    }
    if (rc >= 0)
        *out = claim;
    return rc;
}

enum errc witness_seen(struct desk *desk, const char *peer, uint64_t *out_size, struct err *err)
{
    struct merkle_claim kept;
    const char *universe = store_identity(desk_parts(desk)->store)->universe;
    enum errc rc = seal_kept(desk_parts(desk)->seal, peer, universe, &kept, err);
    if (rc >= 0)
        *out_size = kept.size;
    return rc;
}

/* ---- conflicts ---- */

static void describe(const struct tree_head *head, char *out, size_t size_bytes)
{
    char root[HASH_TEXT_SIZE];
    hex_encode(head->tree.root, HASH_SIZE, root);
    (void)snprintf(out, size_bytes, "size %llu, root %s, time %lld", (unsigned long long)head->tree.size,
                   root, (long long)head->time_ms);
}

/* The same words were said lately: a peer that goes on and on fills no record. */
static bool told_already(struct desk *desk, const char *text, struct arena *arena)
{
    struct act_page page = {0};
    struct act_filter filter = {.kind = "alarm.raised",
                                .node = desk_parts(desk)->node,
                                .after_pos = -1,
                                .newest_first = true,
                                .limit = ALARMS_LOOKED_AT};
    if (acts_list(desk_parts(desk)->store, &filter, arena, &page, NULL) < 0)
        return false;
    for (size_t i = 0; i < page.count; i++)
        if (memmem(page.items[i].act.bytes, page.items[i].act.size_bytes, text, strlen(text)))
            return true;
    return false;
}

/* Two heads of one ledger that cannot both be true, each signed by its node, go on the record. */
static enum errc raise_alarm(struct desk *desk, const struct tree_head *known, const struct tree_head *shown,
                             const char *what, struct err *err)
{
    struct arena arena;
    struct node_list nobody = {0};
    char text[ALARM_TEXT_SIZE];
    char old_head[200];
    char new_head[200];
    describe(known, old_head, sizeof old_head);
    describe(shown, new_head, sizeof new_head);
    (void)snprintf(text, sizeof text, "%s of %s: witnessed %s; shown %s", what, shown->node, old_head,
                   new_head);
    arena_init(&arena, ALARM_ARENA_BYTES);
    enum errc rc = ERR_OK;
    if (!told_already(desk, text, &arena)) {
        rc = begin_batch(desk, err);
        if (rc >= 0) {
            json_t *body = json_pack("{s:s, s:s}", "what", "witness_conflict", "text", text);
            rc = system_act(desk,
                            &(struct system_request){.kind = "alarm.raised", .body = body, .to = &nobody},
                            &arena, err);
            if (rc >= 0)
                rc = commit_batch(desk, err);
            else
                abandon_batch(desk);
        }
    }
    arena_done(&arena);
    return rc < 0 ? rc : err_set(err, ERR_FORGED, "%s", text);
}

/* ---- theirs ---- */

static enum errc check_head(struct desk *desk, const char *peer, const struct tree_head *head,
                            struct err *err)
{
    const struct sign_key *key = NULL;
    const struct node_card *card = directory_find(&desk->dir, peer);
    const char *universe = store_identity(desk->parts.store)->universe;
    if (!card)
        return err_set(err, ERR_PERMISSION, "the node %s is not known here", peer);
    if (!streq(head->node, peer) || !streq(head->universe, universe))
        return err_set(err, ERR_FORGED, "%s shows a head of %s in the universe '%s'", peer, head->node,
                       head->universe);
    enum errc rc = origin_key(desk->origin, card, universe, &key, err);
    return rc < 0 ? rc : proof_head_verify(head, key, err);
}

/* What two signed heads say by themselves, without any proof. *known: the last one that was witnessed. */
static const char *contradiction(const struct tree_head *known, const struct tree_head *shown)
{
    if (shown->tree.size == known->tree.size && memcmp(shown->tree.root, known->tree.root, HASH_SIZE) != 0)
        return "two histories";
    if (shown->tree.size < known->tree.size && shown->time_ms > known->time_ms)
        return "a history set back";
    return NULL;
}

static enum errc cosign(struct desk *desk, const struct witness_claim *claim, const struct tree_head *known,
                        struct cosignature *out, struct err *err)
{
    struct merkle_claim kept;
    const struct tree_head *head = &claim->head;
    const struct growth_proof *growth = claim->has_growth ? &claim->growth : NULL;
    int64_t now_ms = env_now_ms(desk->parts.env);
    enum errc rc = seal_kept(desk->parts.seal, head->node, head->universe, &kept, err);
    if (rc < 0)
        return rc;
    if (kept.size > head->tree.size)
        return err_set(err, ERR_BUSY, "an older head than the one witnessed at size %llu",
                       (unsigned long long)kept.size);
    if (kept.size > 0 && kept.size < head->tree.size && (!growth || growth->from != kept.size))
        return err_set(err, ERR_BUSY, "the head is to be proven from size %llu",
                       (unsigned long long)kept.size);
    rc = seal_cosign(desk->parts.seal, head, growth, now_ms, out, err);
    if (rc == ERR_FORGED)
        return raise_alarm(desk, known, head, "no proof that a history goes on", err);
    return rc;
}

static enum errc keep_head(struct desk *desk, const struct tree_head *head, struct err *err)
{
    enum errc rc = begin_batch(desk, err);
    if (rc >= 0)
        rc = ledger_save_peer_head(desk->parts.store, head, env_now_ms(desk->parts.env), err);
    if (rc < 0) {
        abandon_batch(desk);
        return rc;
    }
    return commit_batch(desk, err);
}

enum errc witness_theirs(struct desk *desk, const char *peer, const struct witness_claim *claim,
                         struct cosignature *out, struct err *err)
{
    struct tree_head known = {0};
    struct cosignature made;
    enum errc rc = check_head(desk, peer, &claim->head, err);
    if (rc >= 0) {
        rc = ledger_peer_head(desk->parts.store, peer, &known, err);
        rc = rc == ERR_NOT_FOUND ? ERR_OK : rc;
    }
    if (rc < 0)
        return rc;
    const char *conflict = known.tree.size > 0 ? contradiction(&known, &claim->head) : NULL;
    if (conflict)
        return raise_alarm(desk, &known, &claim->head, conflict, err);
    rc = cosign(desk, claim, &known, &made, err);
    if (rc >= 0 && claim->head.tree.size > known.tree.size)
        rc = keep_head(desk, &claim->head, err);
    if (rc >= 0)
        *out = made;
    return rc;
}

/* ---- what peers signed of ours ---- */

/* A quiet ledger is witnessed at the same size again and again: once on the disk is enough. */
static bool kept_already(struct store *store, uint64_t size, const char *peer)
{
    struct arena arena;
    struct ledger_witness *list = NULL;
    size_t count = 0;
    bool found = false;
    arena_init(&arena, ALARM_ARENA_BYTES);
    if (ledger_witnesses(store, size, WITNESSES_LIMIT_MAX, &arena, &list, &count, NULL) < 0)
        count = 0;
    for (size_t i = 0; i < count && !found; i++)
        found = list[i].size == size && streq(list[i].cosig.witness, peer);
    arena_done(&arena);
    return found;
}

enum errc witness_keep(struct desk *desk, const char *peer, uint64_t size,
                       const struct cosignature *cosignature, struct err *err)
{
    struct tree_head head;
    const struct sign_key *key = NULL;
    struct store *store = desk->parts.store;
    const struct node_card *card = directory_find(&desk->dir, peer);
    if (!card || !streq(cosignature->witness, peer))
        return err_set(err, ERR_FORGED, "%s sends a signature of %s", peer, cosignature->witness);
    enum errc rc = ledger_head_at(store, size, &head, err);
    if (rc >= 0)
        rc = origin_key(desk->origin, card, head.universe, &key, err);
    if (rc >= 0)
        rc = proof_cosignature_verify(cosignature, &head, key, err);
    if (rc < 0)
        return rc;
    if (kept_already(store, size, peer))
        return ERR_OK;
    rc = begin_batch(desk, err);
    if (rc >= 0)
        rc = ledger_save_cosignature(store, size, cosignature, err);
    if (rc < 0) {
        abandon_batch(desk);
        return rc;
    }
    return commit_batch(desk, err);
}
