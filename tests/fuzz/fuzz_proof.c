/* Readers of base/proof.h: what is taken can be written, and reads back as the same text. */
#include "base/proof.h"
#include "fuzz.h"

#include <string.h>

static bool sound(enum errc rc)
{
    return rc == ERR_OK || rc == ERR_FORGED;
}

static void same(json_t *once, json_t *twice)
{
    must(once && twice && json_equal(once, twice));
    json_decref(once);
    json_decref(twice);
}

static void check_head(json_t *doc)
{
    struct tree_head head;
    struct tree_head again;
    char text[PROOF_SIGNED_MAX];
    if (proof_head_read(doc, &head, NULL) < 0)
        return;
    must(proof_head_text(&head, text) < PROOF_SIGNED_MAX);
    json_t *written = proof_head_write(&head);
    must(written && proof_head_read(written, &again, NULL) == ERR_OK);
    same(written, proof_head_write(&again));
}

static void check_cosignature(json_t *doc)
{
    struct cosignature made;
    struct cosignature again;
    if (proof_cosignature_read(doc, &made, NULL) < 0)
        return;
    json_t *written = proof_cosignature_write(&made);
    must(written && proof_cosignature_read(written, &again, NULL) == ERR_OK);
    same(written, proof_cosignature_write(&again));
}

static void check_act(json_t *doc, struct hasher *hasher)
{
    struct act_proof proof;
    struct act_proof again;
    if (proof_act_read(doc, &proof, NULL) < 0)
        return;
    if (proof.head.suite == hasher_suite(hasher))
        must(sound(proof_act_verify(&proof, "x", 1, hasher, NULL)));
    json_t *written = proof_act_write(&proof);
    must(written && proof_act_read(written, &again, NULL) == ERR_OK);
    same(written, proof_act_write(&again));
}

static void check_growth(json_t *doc, struct hasher *hasher)
{
    struct growth_proof proof;
    struct growth_proof again;
    if (proof_growth_read(doc, &proof, NULL) < 0)
        return;
    struct merkle_claim older = {.size = proof.from};
    struct merkle_claim newer = {.size = proof.to};
    must(sound(merkle_verify_consistency(hasher, &older, &newer, &proof.path, NULL)));
    json_t *written = proof_growth_write(&proof);
    must(written && proof_growth_read(written, &again, NULL) == ERR_OK);
    same(written, proof_growth_write(&again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hasher *hasher; /* made once: setting up OpenSSL for every input would hide the readers */
    json_t *doc = NULL;
    if (!hasher)
        must(hasher_new(SUITE_P256_SHA256, &hasher, NULL) == ERR_OK);
    if (doc_parse_object((const char *)data, size, &doc, NULL) < 0)
        return 0;
    check_head(doc);
    check_cosignature(doc);
    check_act(doc, hasher);
    check_growth(doc, hasher);
    json_decref(doc);
    return 0;
}
