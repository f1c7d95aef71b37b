#include "desk/receive.h"

#include "base/civil.h"
#include "base/hash.h"
#include "base/plant.h"
#include "base/str.h"
#include "desk/cards.h"
#include "desk/desk_internal.h"
#include "desk/route.h"
#include "domain/act.h"
#include "store/acts.h"
#include "store/inbox.h"

#include <string.h>

enum { RETRY_MAX = 256, RETRY_DEPTH_MAX = 8, RECEIPT_ACTS_MAX = 200 };

static const char *const NAMES[] = {"accepted", "duplicate", "refused", "waiting", "gap"};

const char *received_name(enum received received)
{
    return NAMES[received];
}

int received_parse(const char *name)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (streq(NAMES[i], name))
            return (int)i;
    return -1;
}

/* The receipts of one call, one document for each node that made acts of it. */
struct taking {
    struct desk *desk;
    const char *peer;
    struct arena *arena;
    json_t *receipts;   /* origin → {act id → {state …}} */
    int64_t senders_ms; /* for the planted bug of the sender's clock only */
};

/* The receipt names the bytes that came, not only the act's id: whoever has both can show what was
 * received. */
static enum errc hash_act(const struct taking *taking, const struct act *act, char out[HASH_TEXT_SIZE],
                          struct err *err)
{
    uint8_t hash[HASH_SIZE];
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(store_identity(taking->desk->parts.store)->suite, &hasher, err);
    if (rc >= 0)
        rc = hash_once(hasher, act->bytes, act->size_bytes, hash, err);
    hasher_free(hasher);
    if (rc >= 0)
        hex_encode(hash, sizeof hash, out);
    return rc;
}

static enum errc note_receipt(struct taking *taking, const struct act *act, enum received received,
                              const struct err *why, struct err *err)
{
    char hash[HASH_TEXT_SIZE];
    if (streq(act->kind, "receipt.given") || streq(act->node, taking->desk->parts.node))
        return ERR_OK;
    enum errc rc = hash_act(taking, act, hash, err);
    if (rc < 0)
        return rc;
    json_t *of_origin = json_object_get(taking->receipts, act->node);
    if (!of_origin) {
        of_origin = json_object();
        (void)json_object_set_new(taking->receipts, act->node, of_origin);
    }
    if (PLANTED(RECEIPT_ANYWAY))
        received = RECEIVED_ACCEPTED;
    taking->senders_ms = act->recorded_ms;
    json_t *entry = json_pack("{s:s,s:s}", "hash", hash, "state", received_name(received));
    if (why && why->code != ERR_OK)
        (void)json_object_set_new(entry, "why", json_string(why->message));
    if (why && *why->clause)
        (void)json_object_set_new(entry, "clause", json_string(why->clause));
    (void)json_object_set_new(of_origin, act->id, entry);
    return ERR_OK;
}

static bool is_target(const struct taking *taking, const struct incoming *item)
{
    for (size_t i = 0; i < item->target_count; i++)
        if (streq(item->targets[i], taking->desk->parts.node))
            return true;
    return false;
}

/* For us and nobody behind us. */
static bool ends_here(const struct taking *taking, const struct incoming *item)
{
    return item->target_count == 1 && is_target(taking, item);
}

/* Same id, other bytes: the origin tells different stories under one name. */
static enum errc check_known(struct taking *taking, const struct act *act, bool *out_known, struct err *err)
{
    struct stored_act stored;
    enum errc rc = acts_get(taking->desk->parts.store, act->id, taking->arena, &stored, err);
    *out_known = false;
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc < 0)
        return rc;
    bool same = stored.act.size_bytes == act->size_bytes &&
                memcmp(stored.act.bytes, act->bytes, act->size_bytes) == 0;
    if (PLANTED(NO_DUPLICATE_CHECK))
        return ERR_OK;
    if (!same && !PLANTED(SKIP_EQUIVOCATION))
        return err_set(err, ERR_FORGED, "another act with the id %s is on the record", act->id);
    *out_known = true;
    return ERR_OK;
}

static enum errc check_annex(const struct act *act, const char *text, struct err *err)
{
    json_t *annex = NULL;
    if (!*text || PLANTED(SKIP_ANNEX))
        return ERR_OK;
    enum errc rc = doc_parse_object(text, strlen(text), &annex, err);
    if (rc >= 0)
        rc = act_check_annex(act, annex, err);
    json_decref(annex);
    return rc;
}

static enum errc check_act(struct taking *taking, const struct act *act, const struct incoming *item,
                           struct err *err)
{
    struct desk *desk = taking->desk;
    const struct node_card *card = directory_find(&desk->dir, act->node);
    const char *universe = store_identity(desk->parts.store)->universe;
    if (!streq(act->universe, universe) && !PLANTED(SKIP_UNIVERSE))
        return err_set(err, ERR_FORGED, "an act of the universe '%s' cannot enter the universe '%s'",
                       act->universe, universe);
    if (streq(act->node, desk->parts.node))
        return err_set(err, ERR_FORGED, "this node has not made the act it is said to have made");
    if (!card)
        return err_set(err, ERR_PERMISSION, "the node '%.64s' is not known here", act->node);
    enum errc rc = ERR_OK;
    if (!PLANTED(SKIP_ORIGIN))
        rc = origin_check(desk->origin, card, act, item->proof, strlen(item->proof), err);
    return rc < 0 ? rc : check_annex(act, item->annex, err);
}

/* Whatever time it says: a revoked key can write any. What came in time is here, even if it still waits. */
static enum errc check_part(const struct taking *taking, const struct act *act, struct err *err)
{
    const struct node_card *card = directory_find(&taking->desk->dir, act->node);
    if (!card || card->revoked_ms == 0)
        return ERR_OK;
    return err_set(err, ERR_PERMISSION, "the node %s was revoked; nothing it does is taken any more",
                   card->id);
}

/* How an act got here. What passes through is put on the record at once, and folded when its matter comes. */
enum way { WAY_NEW, WAY_PASSING, WAY_ON_RECORD };

enum errc judge_peer_act(struct desk *desk, const struct act *act, struct arena *arena, struct loaded *loaded,
                         char waits_for[UUID_TEXT_SIZE], struct err *err)
{
    struct ruling ruling;
    enum errc rc = load_for_act(desk, act, arena, loaded, waits_for, err);
    loaded->matter.from_peer = true;
    if (rc >= 0 && !PLANTED(SKIP_POWER))
        rc = judge(&loaded->matter, JUDGE_RECEIVE, arena, &ruling, err);
    if (rc == ERR_BUSY && !*waits_for)
        memcpy(waits_for, act->subject, strlen(act->subject) + 1);
    return rc;
}

/* Recorded with everything that follows from it, or not at all. */
static enum errc record_whole(struct taking *taking, struct loaded *loaded, struct record *record,
                              enum way way, struct err *err)
{
    struct desk *desk = taking->desk;
    struct err why = {0};
    enum errc rc = begin_step(desk, err);
    if (rc < 0)
        return rc;
    rc = way == WAY_ON_RECORD ? fold_recorded(desk, loaded, record, taking->arena, &why)
                              : record_act(desk, loaded, record, taking->arena, &why);
    if (rc >= 0)
        rc = follow_act(desk, loaded, &record->act, 0, taking->arena, &why);
    enum errc ended = errc_is_fault(rc) ? ERR_OK : end_step(desk, rc >= 0, err);
    if (rc < 0 && ended >= 0)
        *err = why;
    return ended < 0 ? ended : rc;
}

static enum errc record_if_of(struct taking *taking, const char *node, const struct waiting_act *waiting,
                              struct err *err)
{
    struct act act;
    json_t *doc = NULL;
    bool there = false;
    struct desk *desk = taking->desk;
    enum errc rc = act_read(waiting->bytes, waiting->size_bytes, taking->arena, &act, &doc, err);
    if (rc >= 0)
        rc = acts_exists(desk->parts.store, waiting->act, &there, err);
    if (rc >= 0 && !there && streq(act.node, node)) {
        struct record record = {.act = act,
                                .annex = waiting->annex,
                                .from = waiting->peer,
                                .proof = waiting->proof,
                                .received_ms = env_now_ms(desk->parts.env)};
        rc = record_relayed(desk, &record, err);
    }
    json_decref(doc);
    return rc;
}

/* What waits on the record is folded before what waits beside it. So that the acts of one node do not change
 * places, those it made before this one go on the record before it. */
static enum errc record_earlier(struct taking *taking, const char *node, const char *matter, struct err *err)
{
    struct waiting_act *waiting = NULL;
    size_t count = 0;
    enum errc rc = waiting_for(taking->desk->parts.store, matter, RETRY_MAX, taking->arena, &waiting, &count,
                               err);
    for (size_t i = 0; rc >= 0 && i < count; i++)
        rc = record_if_of(taking, node, &waiting[i], err);
    return rc;
}

static enum errc judge_and_record(struct taking *taking, const struct act *act, const struct incoming *item,
                                  enum way way, char waits_for[UUID_TEXT_SIZE], struct err *err)
{
    struct loaded loaded;
    struct desk *desk = taking->desk;
    struct record record = {.act = *act,
                            .annex = item->annex,
                            .from = taking->peer,
                            .proof = item->proof,
                            .received_ms = env_now_ms(desk->parts.env)};
    enum errc rc = judge_peer_act(desk, act, taking->arena, &loaded, waits_for, err);
    if (rc == ERR_BUSY && way == WAY_PASSING) {
        struct err why = *err;
        rc = record_earlier(taking, act->node, waits_for, err);
        if (rc >= 0)
            rc = record_relayed(desk, &record, err);
        if (rc >= 0)
            *err = why;
        return rc < 0 ? rc : ERR_BUSY;
    }
    return rc < 0 ? rc : record_whole(taking, &loaded, &record, way, err);
}

static enum errc park(struct taking *taking, const struct act *act, struct incoming *item, struct err *err)
{
    struct waiting_act waiting = {.act = act->id,
                                  .waits_for = item->waits_for,
                                  .peer = taking->peer,
                                  .parked_ms = env_now_ms(taking->desk->parts.env),
                                  .bytes = act->bytes,
                                  .size_bytes = act->size_bytes,
                                  .annex = item->annex,
                                  .annex_bytes = strlen(item->annex),
                                  .proof = item->proof,
                                  .proof_bytes = strlen(item->proof)};
    item->received = RECEIVED_WAITING;
    return waiting_park(taking->desk->parts.store, &waiting, err);
}

static enum errc refuse(struct taking *taking, const struct act *act, struct incoming *item, struct err *err)
{
    item->received = RECEIVED_REFUSED;
    const char *kind = act ? act->kind : "?";
    bool answerable = act && directory_find(&taking->desk->dir, act->node);
    return record_refusal(taking->desk, kind, act ? act->id : "", answerable ? act->node : "", &item->err,
                          taking->arena, err);
}

static enum errc retry_waiting(struct taking *taking, const char *matter, int depth, struct err *err);

/* Takes an act that has been read. Its answer goes into the item; only faults of ours are returned. */
static enum errc take(struct taking *taking, const struct act *act, struct incoming *item, int depth,
                      struct err *err)
{
    bool known = false;
    struct err why = {0};
    enum errc rc = check_known(taking, act, &known, &why);
    bool waited = depth > 0;
    if (rc >= 0 && known && !waited) {
        item->received = RECEIVED_DUPLICATE;
        return route_act(taking->desk, act, item->targets, item->target_count, taking->arena, err);
    }
    enum way way = known ? WAY_ON_RECORD : ends_here(taking, item) ? WAY_NEW : WAY_PASSING;
    if (rc >= 0 && !waited)
        rc = check_part(taking, act, &why);
    if (rc >= 0)
        rc = check_act(taking, act, item, &why);
    if (rc >= 0)
        rc = judge_and_record(taking, act, item, way, item->waits_for, &why);
    if (errc_is_fault(rc)) {
        if (err)
            *err = why;
        return rc;
    }
    item->err = why;
    if (rc == ERR_BUSY) {
        rc = park(taking, act, item, err);
        if (rc >= 0 && way == WAY_PASSING)
            rc = route_act(taking->desk, act, item->targets, item->target_count, taking->arena, err);
    } else if (rc < 0) {
        rc = refuse(taking, act, item, err);
    } else {
        item->received = RECEIVED_ACCEPTED;
        item->err = (struct err){0};
        if (!PLANTED(NO_RELAY))
            rc = route_act(taking->desk, act, item->targets, item->target_count, taking->arena, err);
        else
            rc = ERR_OK;
        if (rc >= 0 && !waited)
            rc = waiting_end(taking->desk->parts.store, act->id, &waited, err);
        if (rc >= 0 && *act->subject)
            rc = retry_waiting(taking, act->subject, depth, err);
    }
    /* What its origin has not made is no answer to the origin: it would stand against what it did make. */
    bool forged = item->received == RECEIVED_REFUSED && item->err.code == ERR_FORGED;
    if (rc >= 0 && is_target(taking, item) && !forged)
        rc = note_receipt(taking, act, item->received, &item->err, err);
    return rc;
}

static enum errc take_bytes(struct taking *taking, struct incoming *item, int depth, struct err *err)
{
    struct act act;
    json_t *doc = NULL;
    enum errc rc = act_read(item->bytes, item->size_bytes, taking->arena, &act, &doc, &item->err);
    if (rc < 0)
        return refuse(taking, NULL, item, err);
    memcpy(item->act, act.id, sizeof item->act);
    rc = take(taking, &act, item, depth, err);
    json_decref(doc);
    return rc;
}

/* What waited for this matter is tried again, what is on the record before the rest, as a rebuild does it.
 * Each that is taken tries the others too: whoever is no longer waiting then has been taken, and is not taken
 * twice. */
static enum errc retry_waiting(struct taking *taking, const char *matter, int depth, struct err *err)
{
    struct store *store = taking->desk->parts.store;
    struct waiting_act *waiting = NULL;
    size_t count = 0;
    if (depth >= RETRY_DEPTH_MAX)
        return ERR_OK;
    enum errc rc = waiting_for(store, matter, RETRY_MAX, taking->arena, &waiting, &count, err);
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        const char *self = taking->desk->parts.node;
        struct incoming item = {.bytes = waiting[i].bytes,
                                .size_bytes = waiting[i].size_bytes,
                                .annex = waiting[i].annex,
                                .proof = waiting[i].proof,
                                .targets = &self,
                                .target_count = 1};
        bool waits = false;
        const char *peer = taking->peer;
        taking->peer = waiting[i].peer; /* who brought it, not who brought its matter */
        rc = waiting_end(store, waiting[i].act, &waits, err);
        if (rc >= 0 && waits && !PLANTED(LOSE_WAITING))
            rc = take_bytes(taking, &item, depth + 1, err);
        taking->peer = peer;
    }
    return rc;
}

static enum errc give_receipt(struct taking *taking, const char *origin, json_t *acts, struct err *err)
{
    char received[CIVIL_TIME_SIZE];
    struct node_list to = {0};
    int64_t now_ms = env_now_ms(taking->desk->parts.env);
    civil_format_time(PLANTED(SENDERS_CLOCK) ? taking->senders_ms : now_ms, CIVIL_CHINA_MIN, received);
    enum errc rc = node_list_add(&to, origin, taking->arena, err);
    if (rc < 0)
        return rc;
    json_t *body = json_pack("{s:O,s:s}", "acts", acts, "received", received);
    struct system_request request = {.kind = "receipt.given", .body = body, .to = &to};
    return system_act(taking->desk, &request, taking->arena, err);
}

/* One receipt holds so many acts and no more; a large batch is answered by several. */
static enum errc give_receipts_to(struct taking *taking, const char *origin, json_t *acts, struct err *err)
{
    const char *id;
    json_t *entry;
    json_t *part = json_object();
    enum errc rc = ERR_OK;
    json_object_foreach(acts, id, entry)
    {
        (void)json_object_set(part, id, entry);
        if (rc < 0 || json_object_size(part) < RECEIPT_ACTS_MAX)
            continue;
        rc = give_receipt(taking, origin, part, err);
        (void)json_object_clear(part);
    }
    if (rc >= 0 && json_object_size(part) > 0)
        rc = give_receipt(taking, origin, part, err);
    json_decref(part);
    return rc;
}

static enum errc give_receipts(struct taking *taking, struct err *err)
{
    const char *origin;
    json_t *acts;
    enum errc rc = ERR_OK;
    json_object_foreach(taking->receipts, origin, acts)
    {
        if (rc >= 0 && !PLANTED(NO_RECEIPT))
            rc = give_receipts_to(taking, origin, acts, err);
    }
    return rc;
}

/* Takes the peer's numbers up to n: one, unless gaps are let in on purpose. */
static enum errc advance(struct taking *taking, int64_t *last, int64_t n, struct err *err)
{
    enum errc rc = ERR_OK;
    int64_t now_ms = env_now_ms(taking->desk->parts.env);
    while (*last < n && rc >= 0)
        rc = inbox_advance(taking->desk->parts.store, taking->peer, ++*last, now_ms, err);
    return rc;
}

/* A number that was taken before comes with an act that is known, unless it was refused then, or the peer's
 * record was set back and the number is used again: the act is looked at afresh, so nothing is lost. */
static enum errc take_items(struct taking *taking, struct incoming *items, size_t count, int64_t *last,
                            struct err *err)
{
    enum errc rc = inbox_last(taking->desk->parts.store, taking->peer, last, err);
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        struct incoming *item = &items[i];
        item->received = RECEIVED_GAP;
        if (item->n > *last + 1 && !PLANTED(ACCEPT_GAPS))
            continue;
        rc = advance(taking, last, item->n, err);
        if (rc >= 0)
            rc = cards_catch_up(taking->desk, err);
        if (rc >= 0)
            rc = take_bytes(taking, item, 0, err);
        arena_reset(taking->arena); /* nothing of an act is needed for the next */
    }
    return rc < 0 ? rc : give_receipts(taking, err);
}

enum errc desk_receive_batch(struct desk *desk, const char *peer, struct incoming *items, size_t count,
                             int64_t *out_last, struct err *err)
{
    struct arena arena;
    int64_t last = 0;
    if (count > RECEIVE_BATCH_MAX)
        return err_set(err, ERR_LIMIT, "%zu acts at once, at most %d are taken", count, RECEIVE_BATCH_MAX);
    arena_init(&arena, DESK_ARENA_BYTES);
    struct taking taking = {desk, peer, &arena, json_object(), 0};
    enum errc rc = begin_batch(desk, err);
    if (rc >= 0) {
        rc = take_items(&taking, items, count, &last, err);
        if (rc >= 0)
            rc = commit_batch(desk, err);
        else
            abandon_batch(desk);
    }
    if (rc >= 0)
        *out_last = last;
    json_decref(taking.receipts);
    arena_done(&arena);
    return rc;
}
