#include "desk/audit.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/cards.h"
#include "desk/origin.h"
#include "domain/act.h"

#include <stdlib.h>
#include <string.h>

enum { ACT_ARENA_BYTES = 16 << 20, CARDS_ARENA_BYTES = 256 << 20, CARDS_MAX = 65536, WHY_SIZE = 600 };

/* How far the row of a node's own acts has come. */
struct known_card {
    struct node_card card;
    int64_t last_seq;
};

struct audit {
    struct audit_ledger ledger;
    struct arena cards_arena;
    struct known_card *cards; /* sorted by id */
    size_t card_count;
    size_t card_room;
    struct origin *origin;
    struct hasher *hasher;
    struct merkle_tree tree;
    struct tree_head head; /* last one that holds; size 0 = none */
    bool head_holds;       /* the last one given */
    uint64_t heads;
    int64_t covered; /* acts under a head that holds */
    json_t *witnesses;
    json_t *problems;
    size_t problem_count;
    char last_act[UUID_TEXT_SIZE];
};

enum errc audit_new(const struct audit_ledger *ledger, struct audit **out, struct err *err)
{
    struct audit *audit = calloc(1, sizeof *audit);
    if (!audit)
        return err_set(err, ERR_NOMEM, "no memory for the audit");
    arena_init(&audit->cards_arena, CARDS_ARENA_BYTES);
    audit->ledger.node = arena_strdup(&audit->cards_arena, ledger->node);
    audit->ledger.universe = arena_strdup(&audit->cards_arena, ledger->universe);
    audit->ledger.suite = ledger->suite;
    audit->witnesses = json_object();
    audit->problems = json_array();
    enum errc rc = origin_new(&audit->origin, err);
    if (rc >= 0)
        rc = hasher_new(ledger->suite, &audit->hasher, err);
    if (rc >= 0 && (!audit->witnesses || !audit->problems || audit->cards_arena.exhausted))
        rc = err_set(err, ERR_NOMEM, "no memory for the audit");
    if (rc < 0) {
        audit_free(audit);
        return rc;
    }
    *out = audit;
    return ERR_OK;
}

void audit_free(struct audit *audit)
{
    if (!audit)
        return;
    json_decref(audit->witnesses);
    json_decref(audit->problems);
    hasher_free(audit->hasher);
    origin_free(audit->origin);
    free(audit->cards);
    arena_done(&audit->cards_arena);
    free(audit);
}

/* ---- findings ---- */

void audit_find(struct audit *audit, int64_t pos, const char *act, const char *why)
{
    if (audit->problem_count++ >= AUDIT_FINDINGS_MAX)
        return;
    json_t *problem = json_object();
    if (act && *act)
        (void)json_object_set_new(problem, "act", json_string(act));
    if (pos >= 0)
        (void)json_object_set_new(problem, "pos", json_integer(pos));
    (void)json_object_set_new(problem, "why", json_string(why));
    (void)json_array_append_new(audit->problems, problem);
}

bool audit_sound(const struct audit *audit)
{
    return audit->problem_count == 0;
}

/* What a step answered becomes a finding, unless nothing can be said after it. */
static enum errc note(struct audit *audit, int64_t pos, const char *act, enum errc rc, const struct err *why)
{
    if (rc >= 0 || rc == ERR_NOMEM || rc == ERR_CRYPTO || rc == ERR_INTERNAL)
        return rc < 0 ? rc : ERR_OK;
    audit_find(audit, pos, act, why->message);
    return ERR_OK;
}

/* ---- cards ---- */

static size_t place_of(const struct audit *audit, const char *id)
{
    size_t low = 0;
    for (size_t high = audit->card_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(audit->cards[middle].card.id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct known_card *find_card(struct audit *audit, const char *id)
{
    size_t at = place_of(audit, id);
    return at < audit->card_count && streq(audit->cards[at].card.id, id) ? &audit->cards[at] : NULL;
}

static enum errc copy_card(struct audit *audit, const struct node_card *card, struct node_card *out,
                           struct err *err)
{
    struct arena *arena = &audit->cards_arena;
    *out = (struct node_card){.id = arena_strdup(arena, card->id),
                              .tier = card->tier,
                              .parent = arena_strdup(arena, card->parent),
                              .suite = arena_strdup(arena, card->suite),
                              .key_pem = arena_strdup(arena, card->key_pem),
                              .drill_key_pem = arena_strdup(arena, card->drill_key_pem)};
    return arena->exhausted ? err_set(err, ERR_NOMEM, "no memory for the cards") : ERR_OK;
}

static enum errc learn(struct audit *audit, const struct node_card *card, struct err *err)
{
    struct known_card fresh = {0};
    enum errc rc = copy_card(audit, card, &fresh.card, err);
    if (rc < 0)
        return rc;
    struct known_card *known = find_card(audit, card->id);
    if (known) {
        known->card = fresh.card;
        return ERR_OK;
    }
    if (audit->card_count == CARDS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d nodes", CARDS_MAX);
    if (audit->card_count == audit->card_room) {
        size_t room = audit->card_room ? 2 * audit->card_room : 64;
        struct known_card *cards = realloc(audit->cards, room * sizeof *cards);
        if (!cards)
            return err_set(err, ERR_NOMEM, "no memory for the cards");
        audit->cards = cards;
        audit->card_room = room;
    }
    size_t at = place_of(audit, card->id);
    memmove(&audit->cards[at + 1], &audit->cards[at], (audit->card_count - at) * sizeof *audit->cards);
    audit->cards[at] = fresh;
    audit->card_count++;
    return ERR_OK;
}

enum errc audit_anchor(struct audit *audit, const struct node_card *card, struct err *err)
{
    return learn(audit, card, err);
}

/* The tier above enrols; the top founds itself. Anybody else's word about a node is not taken. */
static enum errc learn_from(struct audit *audit, const struct act *act, struct err *err)
{
    struct node_card card;
    struct err why;
    if (!streq(act->kind, "node.enrolled"))
        return ERR_OK;
    if (card_read(json_object_get(act->body, "card"), &card, &why) < 0)
        return ERR_OK; /* it was refused when it came, or changes nothing */
    const struct known_card *known = find_card(audit, card.id);
    bool by_parent = streq(card.parent, act->node);
    bool by_itself = streq(card.id, act->node) && !*card.parent;
    if (!by_parent && !by_itself)
        return ERR_OK;
    if (known && !streq(known->card.parent, card.parent))
        return ERR_OK;
    return learn(audit, &card, err);
}

/* ---- acts ---- */

static enum errc take_leaf(struct audit *audit, const struct audit_act *act, const char *id, struct err *err)
{
    uint8_t leaf[HASH_SIZE];
    if (act->pos != (int64_t)audit->tree.size)
        audit_find(audit, act->pos, id,
                   "it does not stand at the place that its number says: an act is missing");
    enum errc rc = merkle_leaf(audit->hasher, act->bytes, act->size_bytes, leaf, err);
    if (rc >= 0 && act->leaf && memcmp(leaf, act->leaf, HASH_SIZE) != 0)
        audit_find(audit, act->pos, id, "its bytes are not those that were recorded: the act was altered");
    return rc < 0 ? rc : merkle_append(&audit->tree, audit->hasher, leaf, NULL, err);
}

/* A record that was restored from an older backup says so, and uses no number twice (restored.h). */
static bool skips(const struct act *act, int64_t last_seq)
{
    int64_t signed_size = json_integer_value(json_object_get(act->body, "signed_size"));
    return streq(act->kind, "node.restored") && act->seq > last_seq && act->seq == signed_size + 1;
}

static enum errc check_origin(struct audit *audit, const struct audit_act *given, const struct act *act,
                              struct err *err)
{
    struct err why = {0};
    struct known_card *known = find_card(audit, act->node);
    if (!streq(act->universe, audit->ledger.universe))
        audit_find(audit, given->pos, act->id, "it is of another universe");
    if (streq(act->node, audit->ledger.node)) {
        if (known && act->seq != known->last_seq + 1 && !skips(act, known->last_seq))
            audit_find(audit, given->pos, act->id,
                       "the node's own acts are not numbered one after the other");
        if (known)
            known->last_seq = act->seq;
        return ERR_OK;
    }
    if (!known) {
        audit_find(audit, given->pos, act->id, "it is of a node that nobody has enrolled");
        return ERR_OK;
    }
    enum errc rc = origin_check(audit->origin, &known->card, act, given->proof ? given->proof : "",
                                given->proof_bytes, &why);
    if (rc == ERR_NOMEM || rc == ERR_CRYPTO)
        return err_set(err, rc, "%s", why.message);
    return note(audit, given->pos, act->id, rc, &why);
}

static enum errc check_annex(struct audit *audit, const struct audit_act *given, const struct act *act)
{
    json_t *annex = NULL;
    struct err why = {0};
    if (!given->annex || given->annex_bytes == 0)
        return ERR_OK;
    enum errc rc = doc_parse_object(given->annex, given->annex_bytes, &annex, &why);
    if (rc >= 0)
        rc = act_check_annex(act, annex, &why);
    json_decref(annex);
    return note(audit, given->pos, act->id, rc, &why);
}

static enum errc take_act(struct audit *audit, const struct audit_act *given, struct arena *arena,
                          struct err *err)
{
    struct act act = {.id = ""};
    json_t *doc = NULL;
    struct err why = {0};
    enum errc form = act_read(given->bytes, given->size_bytes, arena, &act, &doc, &why);
    enum errc rc = take_leaf(audit, given, form >= 0 ? act.id : "", err);
    if (rc >= 0 && form < 0)
        rc = note(audit, given->pos, "", form, &why);
    if (rc >= 0 && form >= 0) {
        (void)snprintf(audit->last_act, sizeof audit->last_act, "%s", act.id);
        rc = check_origin(audit, given, &act, err);
        if (rc >= 0)
            rc = check_annex(audit, given, &act);
        if (rc >= 0)
            rc = learn_from(audit, &act, err);
    }
    json_decref(doc);
    return rc;
}

enum errc audit_act(struct audit *audit, const struct audit_act *act, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ACT_ARENA_BYTES);
    enum errc rc = take_act(audit, act, &arena, err);
    arena_done(&arena);
    return rc;
}

/* ---- heads ---- */

static enum errc check_root(struct audit *audit, const struct tree_head *head, bool *out_fits,
                            struct err *err)
{
    char why[WHY_SIZE];
    uint8_t root[HASH_SIZE];
    *out_fits = false;
    if (head->tree.size != audit->tree.size) {
        (void)snprintf(why, sizeof why, "a head of %llu acts stands behind %llu acts",
                       (unsigned long long)head->tree.size, (unsigned long long)audit->tree.size);
        audit_find(audit, -1, NULL, why);
        return ERR_OK;
    }
    enum errc rc = merkle_root(&audit->tree, audit->hasher, root, err);
    *out_fits = rc >= 0 && memcmp(root, head->tree.root, HASH_SIZE) == 0;
    if (rc >= 0 && !*out_fits) {
        (void)snprintf(why, sizeof why,
                       "the signed root over %llu acts is not that of these acts: one of number %lld to %llu "
                       "was altered",
                       (unsigned long long)head->tree.size, (long long)audit->covered,
                       (unsigned long long)head->tree.size - 1);
        audit_find(audit, -1, NULL, why);
    }
    return rc;
}

static enum errc check_signature(struct audit *audit, const struct tree_head *head, bool *out_signed)
{
    const struct sign_key *key = NULL;
    struct err why = {0};
    const struct known_card *own = find_card(audit, audit->ledger.node);
    enum errc rc = own ? ERR_OK : err_set(&why, ERR_FORGED, "the ledger's own node has no card");
    if (rc >= 0 && (!streq(head->node, audit->ledger.node) || !streq(head->universe, audit->ledger.universe)))
        rc = err_set(&why, ERR_FORGED, "a head is of another ledger");
    if (rc >= 0)
        rc = origin_key(audit->origin, &own->card, head->universe, &key, &why);
    if (rc >= 0)
        rc = proof_head_verify(head, key, &why);
    *out_signed = rc >= 0;
    return note(audit, -1, NULL, rc, &why);
}

enum errc audit_head(struct audit *audit, const struct tree_head *head, struct err *err)
{
    bool fits = false;
    bool is_signed = false;
    enum errc rc = check_root(audit, head, &fits, err);
    if (rc >= 0)
        rc = check_signature(audit, head, &is_signed);
    if (rc < 0)
        return err_set(err, rc, "the crypto library failed");
    audit->heads++;
    audit->head_holds = fits && is_signed;
    if (audit->head_holds)
        audit->head = *head;
    /* What follows is measured from here, whether this held or not: one altered act is told once. */
    audit->covered = (int64_t)head->tree.size;
    return ERR_OK;
}

static enum errc take_witness(struct audit *audit, const struct cosignature *cosig, struct err *err)
{
    const struct sign_key *key = NULL;
    const struct known_card *witness = find_card(audit, cosig->witness);
    if (!witness)
        return err_set(err, ERR_FORGED, "a witness, %s, is a node that nobody has enrolled", cosig->witness);
    enum errc rc = origin_key(audit->origin, &witness->card, audit->head.universe, &key, err);
    return rc < 0 ? rc : proof_cosignature_verify(cosig, &audit->head, key, err);
}

enum errc audit_witness(struct audit *audit, const struct cosignature *cosignature, struct err *err)
{
    struct err why = {0};
    char time[CIVIL_TIME_SIZE];
    if (!audit->head_holds)
        return ERR_OK; /* nothing it could be held against */
    enum errc rc = take_witness(audit, cosignature, &why);
    if (rc < 0) {
        rc = note(audit, -1, NULL, rc, &why);
        return rc < 0 ? err_set(err, rc, "%s", why.message) : ERR_OK;
    }
    civil_format_time(cosignature->time_ms, CIVIL_CHINA_MIN, time);
    json_t *seen = json_pack("{s:s,s:I,s:s}", "node", cosignature->witness, "size",
                             (json_int_t)audit->head.tree.size, "time", time);
    return json_object_set_new(audit->witnesses, cosignature->witness, seen) == 0
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for the witnesses");
}

/* ---- end ---- */

static json_t *witnesses_of(const struct audit *audit)
{
    json_t *list = json_array();
    const char *node;
    json_t *seen;
    json_object_foreach(audit->witnesses, node, seen)
    {
        (void)json_array_append(list, seen);
    }
    return list;
}

static void fingerprint(const struct audit *audit, char out[HASH_TEXT_SIZE])
{
    uint8_t hash[HASH_SIZE];
    struct hasher *hasher = NULL;
    const struct known_card *own = find_card((struct audit *)(uintptr_t)audit, audit->ledger.node);
    const char *pem = !own                                    ? ""
                      : streq(audit->ledger.universe, "real") ? own->card.key_pem
                                                              : own->card.drill_key_pem;
    out[0] = '\0';
    if (*pem && hasher_new(SUITE_P256_SHA256, &hasher, NULL) >= 0 &&
        hash_once(hasher, pem, strlen(pem), hash, NULL) >= 0)
        hex_encode(hash, sizeof hash, out);
    hasher_free(hasher);
}

json_t *audit_end(struct audit *audit)
{
    char key[HASH_TEXT_SIZE];
    char root[HASH_TEXT_SIZE] = "";
    if ((int64_t)audit->tree.size > audit->covered)
        audit_find(audit, audit->covered, NULL, "no signed head covers this act and those behind it");
    if (audit->head.tree.size > 0)
        hex_encode(audit->head.tree.root, HASH_SIZE, root);
    fingerprint(audit, key);
    return json_pack("{s:b,s:s,s:s,s:s,s:s,s:I,s:I,s:s,s:I,s:o,s:O}", "ok", audit_sound(audit), "node",
                     audit->ledger.node, "universe", audit->ledger.universe, "suite",
                     suite_name(audit->ledger.suite), "key", key, "acts", (json_int_t)audit->tree.size,
                     "tree_size", (json_int_t)audit->head.tree.size, "root", root, "heads",
                     (json_int_t)audit->heads, "witnesses", witnesses_of(audit), "problems", audit->problems);
}
