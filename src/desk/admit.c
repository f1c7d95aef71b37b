#include "desk/admit.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/desk_internal.h"
#include "store/nodes.h"

#include <stdlib.h>
#include <string.h>

enum { CARD_BYTES_MAX = 64 << 10 };

/* The hash under which a secret is kept; a copy of the store gives nobody a code. */
static enum errc hash_of(const uint8_t secret[ADMIT_SECRET_BYTES], uint8_t out[HASH_SIZE], struct err *err)
{
    static const char PURPOSE[] = "fengsui enrolment code v1\n";
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(SUITE_P256_SHA256, &hasher, err);
    if (rc < 0)
        return rc;
    hash_begin(hasher);
    hash_add(hasher, PURPOSE, sizeof PURPOSE - 1);
    hash_add(hasher, secret, ADMIT_SECRET_BYTES);
    rc = hash_end(hasher, out, err);
    hasher_free(hasher);
    return rc;
}

/* The card as it will be read back: complete but for what the new node brings. */
static enum errc check_card(struct desk *desk, const struct node_card *card, struct err *err)
{
    if (!card->id || !proof_name_valid(card->id))
        return err_field(err, ERR_INVALID, "id", "a node's id has small letters, digits, '.' and '-' only");
    if (!card->name || !*card->name || !card->region || strlen(card->region) != REGION_SIZE - 1)
        return err_field(err, ERR_INVALID, "card", "name and region (six digits) are needed");
    if (card->tier == TIER_MINISTRY || card->tier < 0 || card->tier >= TIER_COUNT)
        return err_field(err, ERR_INVALID, "tier", "a node of that tier is enrolled by nobody");
    const struct node_card *known = directory_find(desk_directory(desk), card->id);
    if (known && !streq(known->parent, desk->parts.node))
        return err_field(err, ERR_PERMISSION, "id", "%s is enrolled by %s already", card->id, known->parent);
    return ERR_OK;
}

static enum errc card_text(const struct node_card *card, struct buf *out, struct err *err)
{
    json_t *doc = card_write(card);
    enum errc rc = doc ? doc_write(doc, out, err) : err_set(err, ERR_NOMEM, "no memory for the card");
    json_decref(doc);
    return rc;
}

static enum errc keep_offer(struct desk *desk, const struct enrol_code *code, struct err *err)
{
    enum errc rc = begin_batch(desk, err);
    if (rc >= 0)
        rc = enrol_add(desk->parts.store, code, err);
    if (rc < 0) {
        abandon_batch(desk);
        return rc;
    }
    return commit_batch(desk, err);
}

enum errc admit_offer(struct desk *desk, const struct admit_offer *offer,
                      uint8_t out_secret[ADMIT_SECRET_BYTES], struct err *err)
{
    uint8_t secret[ADMIT_SECRET_BYTES];
    struct buf text;
    struct node_card card = offer->card;
    struct enrol_code code = {.created_ms = env_now_ms(desk->parts.env), .used_by = ""};
    if (offer->ttl_ms <= 0 || offer->ttl_ms > ADMIT_TTL_MAX_MS)
        return err_field(err, ERR_INVALID, "ttl", "a code holds for at most 30 days");
    enum errc rc = check_card(desk, &card, err);
    if (rc < 0)
        return rc;
    card.parent = desk->parts.node;
    card.suite = suite_name(SUITE_P256_SHA256); /* until the node says which */
    card.key_pem = card.drill_key_pem = "-";
    card.url = "";
    buf_init(&text, CARD_BYTES_MAX);
    rc = card_text(&card, &text, err);
    if (rc >= 0)
        rc = env_random(desk->parts.env, secret, sizeof secret, err);
    if (rc >= 0)
        rc = hash_of(secret, code.hash, err);
    code.card = text.data;
    code.expires_ms = code.created_ms + offer->ttl_ms;
    if (rc >= 0)
        rc = keep_offer(desk, &code, err);
    if (rc >= 0)
        memcpy(out_secret, secret, sizeof secret);
    explicit_bzero(secret, sizeof secret);
    buf_done(&text);
    return rc;
}

static enum errc no_code(struct err *err)
{
    return err_set(err, ERR_AUTH, "this enrolment code is unknown, used, or out of date; ask for another");
}

static void release_doc(void *doc)
{
    json_decref(doc);
}

enum errc admit_look(struct desk *desk, const uint8_t secret[ADMIT_SECRET_BYTES], struct arena *arena,
                     struct node_card *out, struct err *err)
{
    uint8_t hash[HASH_SIZE];
    struct enrol_code code;
    json_t *doc = NULL;
    enum errc rc = hash_of(secret, hash, err);
    if (rc >= 0)
        rc = enrol_get(desk->parts.store, hash, arena, &code, err);
    if (rc == ERR_NOT_FOUND)
        return no_code(err);
    if (rc < 0)
        return rc;
    if (code.used_ms != 0 || env_now_ms(desk->parts.env) > code.expires_ms)
        return no_code(err);
    rc = doc_parse_object(code.card, strlen(code.card), &doc, err);
    if (rc < 0)
        return rc;
    if (!arena_tie(arena, release_doc, doc))
        return err_set(err, ERR_NOMEM, "no memory for the card");
    return card_read(doc, out, err);
}

static enum errc use_and_record(struct desk *desk, const uint8_t hash[HASH_SIZE],
                                const struct node_card *card, struct arena *arena, struct err *err)
{
    json_t *body = json_pack("{s:s, s:o}", "title", card->name, "card", card_write(card));
    if (!body)
        return err_set(err, ERR_NOMEM, "no memory for the card");
    enum errc rc = enrol_use(desk->parts.store, hash, card->id, env_now_ms(desk->parts.env), err);
    if (rc < 0) {
        json_decref(body);
        return rc == ERR_CONFLICT ? no_code(err) : rc;
    }
    struct system_request request = {.kind = "node.enrolled", .body = body};
    return system_act(desk, &request, arena, err);
}

enum errc admit_node(struct desk *desk, const uint8_t secret[ADMIT_SECRET_BYTES],
                     const struct node_card *card, struct err *err)
{
    uint8_t hash[HASH_SIZE];
    struct arena arena;
    enum errc rc = hash_of(secret, hash, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, DESK_ARENA_BYTES);
    rc = begin_batch(desk, err);
    if (rc >= 0) {
        rc = use_and_record(desk, hash, card, &arena, err);
        if (rc >= 0)
            rc = commit_batch(desk, err);
        else
            abandon_batch(desk);
    }
    arena_done(&arena);
    return rc;
}
