#include "desk/origin.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 1024 };

struct kept_key {
    char *pem;
    struct sign_key *key;
};

struct origin {
    struct hasher *hashers[SUITE_COUNT];
    struct kept_key keys[KEYS_MAX];
    size_t count;
    size_t next; /* the one to give way when all places are taken */
};

enum errc origin_new(struct origin **out, struct err *err)
{
    struct origin *origin = calloc(1, sizeof *origin);
    if (!origin)
        return err_set(err, ERR_NOMEM, "no memory for the keys of peers");
    for (int i = 0; i < SUITE_COUNT; i++) {
        enum errc rc = hasher_new((enum suite)i, &origin->hashers[i], err);
        if (rc < 0) {
            origin_free(origin);
            return rc;
        }
    }
    *out = origin;
    return ERR_OK;
}

static void drop(struct kept_key *kept)
{
    free(kept->pem);
    sign_key_free(kept->key);
    *kept = (struct kept_key){0};
}

void origin_free(struct origin *origin)
{
    if (!origin)
        return;
    for (int i = 0; i < SUITE_COUNT; i++)
        hasher_free(origin->hashers[i]);
    for (size_t i = 0; i < origin->count; i++)
        drop(&origin->keys[i]);
    free(origin);
}

static enum errc keep(struct origin *origin, const char *pem, const struct sign_key **out, struct err *err)
{
    struct kept_key fresh = {.pem = strdup(pem)};
    if (!fresh.pem)
        return err_set(err, ERR_NOMEM, "no memory for a key");
    enum errc rc = sign_key_read_public(pem, &fresh.key, err);
    if (rc < 0) {
        free(fresh.pem);
        return rc;
    }
    size_t at = origin->count < KEYS_MAX ? origin->count++ : origin->next++ % KEYS_MAX;
    drop(&origin->keys[at]);
    origin->keys[at] = fresh;
    *out = fresh.key;
    return ERR_OK;
}

enum errc origin_key(struct origin *origin, const struct node_card *card, const char *universe,
                     const struct sign_key **out, struct err *err)
{
    const char *pem = streq(universe, "real") ? card->key_pem : card->drill_key_pem;
    if (!pem || !*pem)
        return err_set(err, ERR_PERMISSION, "%s has no key for the universe '%s'", card->id, universe);
    for (size_t i = 0; i < origin->count; i++) {
        if (streq(origin->keys[i].pem, pem)) {
            *out = origin->keys[i].key;
            return ERR_OK;
        }
    }
    return keep(origin, pem, out, err);
}

static enum errc check_head(const struct act_proof *proof, const struct node_card *card,
                            const struct act *act, struct err *err)
{
    if (!streq(proof->head.node, act->node))
        return err_set(err, ERR_FORGED, "the act is of %s and its proof is of %s", act->node,
                       proof->head.node);
    if (!streq(proof->head.universe, act->universe))
        return err_set(err, ERR_FORGED, "the act is of the universe '%s' and its proof of '%s'",
                       act->universe, proof->head.universe);
    if (!streq(suite_name(proof->head.suite), card->suite))
        return err_set(err, ERR_FORGED, "%s signs with %s, not with %s", card->id, card->suite,
                       suite_name(proof->head.suite));
    return ERR_OK;
}

enum errc origin_check(struct origin *origin, const struct node_card *card, const struct act *act,
                       const char *proof_text, size_t proof_bytes, struct err *err)
{
    json_t *doc = NULL;
    struct act_proof proof;
    const struct sign_key *key = NULL;
    enum errc rc = doc_parse_object(proof_text, proof_bytes, &doc, err);
    if (rc >= 0)
        rc = proof_act_read(doc, &proof, err);
    if (rc >= 0)
        rc = check_head(&proof, card, act, err);
    if (rc >= 0)
        rc = origin_key(origin, card, act->universe, &key, err);
    if (rc >= 0)
        rc = proof_head_verify(&proof.head, key, err);
    if (rc >= 0)
        rc = proof_act_verify(&proof, act->bytes, act->size_bytes, origin->hashers[proof.head.suite], err);
    json_decref(doc);
    return rc;
}
