#include "base/proof.h"

#include "base/civil.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

/* ---- names and signed texts ---- */

bool proof_name_valid(const char *name)
{
    size_t n = 0;
    for (; name[n]; n++) {
        char c = name[n];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (n == PROOF_NAME_MAX || !(plain || (n > 0 && (c == '-' || c == '.'))))
            return false;
    }
    return n > 0;
}

size_t proof_head_text(const struct tree_head *head, char out[PROOF_SIGNED_MAX])
{
    char root[HASH_TEXT_SIZE];
    hex_encode(head->tree.root, HASH_SIZE, root);
    int n = snprintf(out, PROOF_SIGNED_MAX, "fengsui tree head v1\n%s\n%s\n%s\n%llu\n%lld\n%s\n", head->node,
                     head->universe, suite_name(head->suite), (unsigned long long)head->tree.size,
                     (long long)head->time_ms, root);
    return (size_t)n;
}

size_t proof_cosignature_text(const struct cosignature *cosignature, const struct tree_head *head,
                              char out[PROOF_SIGNED_MAX])
{
    char text[PROOF_SIGNED_MAX];
    size_t size = proof_head_text(head, text);
    int n = snprintf(out, PROOF_SIGNED_MAX, "fengsui cosignature v1\n%s\n%s\n%lld\n%.*s",
                     cosignature->witness, suite_name(cosignature->suite), (long long)cosignature->time_ms,
                     (int)size, text);
    return (size_t)n;
}

enum errc proof_head_sign(struct tree_head *head, const struct sign_key *key, struct err *err)
{
    char text[PROOF_SIGNED_MAX];
    struct tree_head made = *head;
    made.suite = sign_key_suite(key);
    enum errc rc = sign_bytes(key, text, proof_head_text(&made, text), &made.sig, err);
    if (rc == ERR_OK)
        *head = made;
    return rc;
}

enum errc proof_cosignature_sign(struct cosignature *cosignature, const struct tree_head *head,
                                 const struct sign_key *key, struct err *err)
{
    char text[PROOF_SIGNED_MAX];
    struct cosignature made = *cosignature;
    made.suite = sign_key_suite(key);
    enum errc rc = sign_bytes(key, text, proof_cosignature_text(&made, head, text), &made.sig, err);
    if (rc == ERR_OK)
        *cosignature = made;
    return rc;
}

/* ---- verification ---- */

static enum errc check_suite(enum suite suite, const struct sign_key *key, struct err *err)
{
    if (suite != sign_key_suite(key))
        return err_field(err, ERR_FORGED, "suite", "signed as %s, but the key is for %s", suite_name(suite),
                         suite_name(sign_key_suite(key)));
    return ERR_OK;
}

enum errc proof_head_verify(const struct tree_head *head, const struct sign_key *key, struct err *err)
{
    char text[PROOF_SIGNED_MAX];
    enum errc rc = check_suite(head->suite, key, err);
    if (rc < 0)
        return rc;
    rc = sign_verify(key, text, proof_head_text(head, text), &head->sig, err);
    if (rc == ERR_FORGED)
        return err_field(err, rc, "sig", "the tree head was not signed by %s with its known key", head->node);
    return rc;
}

enum errc proof_cosignature_verify(const struct cosignature *cosignature, const struct tree_head *head,
                                   const struct sign_key *key, struct err *err)
{
    char text[PROOF_SIGNED_MAX];
    enum errc rc = check_suite(cosignature->suite, key, err);
    if (rc < 0)
        return rc;
    rc = sign_verify(key, text, proof_cosignature_text(cosignature, head, text), &cosignature->sig, err);
    if (rc == ERR_FORGED)
        return err_field(err, rc, "sig", "the head of %s was not witnessed by %s with its known key",
                         head->node, cosignature->witness);
    return rc;
}

static enum errc check_hasher(enum suite suite, const struct hasher *hasher, struct err *err)
{
    if (hasher_suite(hasher) != suite)
        return err_set(err, ERR_INTERNAL, "a tree of suite %s needs its own hash", suite_name(suite));
    return ERR_OK;
}

enum errc proof_act_verify(const struct act_proof *proof, const void *bytes, size_t size_bytes,
                           struct hasher *hasher, struct err *err)
{
    uint8_t leaf[HASH_SIZE];
    enum errc rc = check_hasher(proof->head.suite, hasher, err);
    if (rc == ERR_OK)
        rc = merkle_leaf(hasher, bytes, size_bytes, leaf, err);
    if (rc == ERR_OK)
        rc = merkle_verify_inclusion(hasher, leaf, proof->pos, &proof->path, &proof->head.tree, err);
    return rc;
}

enum errc proof_growth_verify(const struct growth_proof *proof, const struct tree_head *older,
                              const struct tree_head *newer, struct hasher *hasher, struct err *err)
{
    if (!streq(older->node, newer->node) || !streq(older->universe, newer->universe) ||
        older->suite != newer->suite)
        return err_set(err, ERR_FORGED, "the two heads are not of one ledger");
    if (proof->from != older->tree.size || proof->to != newer->tree.size)
        return err_set(err, ERR_FORGED, "the proof is for sizes %llu to %llu, the heads have %llu and %llu",
                       (unsigned long long)proof->from, (unsigned long long)proof->to,
                       (unsigned long long)older->tree.size, (unsigned long long)newer->tree.size);
    enum errc rc = check_hasher(newer->suite, hasher, err);
    if (rc < 0)
        return rc;
    return merkle_verify_consistency(hasher, &older->tree, &newer->tree, &proof->path, err);
}

/* ---- reading ---- */

#define ONLY(doc, ...)                                                                                       \
    doc_only((doc), (const char *const[]){__VA_ARGS__},                                                      \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), err)

static enum errc read_name(json_t *doc, const char *field, char out[PROOF_NAME_MAX + 1], struct err *err)
{
    const char *name = NULL;
    enum errc rc = doc_text(doc, field, DOC_REQUIRED, PROOF_NAME_MAX, &name, err);
    if (rc < 0)
        return rc;
    if (!proof_name_valid(name))
        return err_field(err, ERR_INVALID, field, "letters a-z, digits, '.' and '-' are expected");
    (void)snprintf(out, PROOF_NAME_MAX + 1, "%s", name);
    return ERR_OK;
}

static enum errc read_suite(json_t *doc, enum suite *out, struct err *err)
{
    const char *name = NULL;
    enum errc rc = doc_text(doc, "suite", DOC_REQUIRED, 20, &name, err);
    if (rc < 0)
        return rc;
    int suite = suite_parse(name);
    if (suite < 0)
        return err_field(err, ERR_INVALID, "suite", "p256-sha256 or sm2-sm3 is expected");
    *out = (enum suite)suite;
    return ERR_OK;
}

static enum errc read_size(json_t *doc, const char *field, uint64_t *out, struct err *err)
{
    int64_t size = 0;
    enum errc rc = doc_int(doc, field, DOC_REQUIRED, 0, (int64_t)MERKLE_SIZE_MAX, &size, err);
    if (rc == ERR_OK)
        *out = (uint64_t)size;
    return rc;
}

static enum errc read_time(json_t *doc, int64_t *out_ms, struct err *err)
{
    const char *text = NULL;
    enum errc rc = doc_text(doc, "time", DOC_REQUIRED, 40, &text, err);
    if (rc < 0)
        return rc;
    rc = civil_parse_time(text, out_ms, err);
    if (rc < 0)
        err_field_prefix(err, "time");
    return rc;
}

/* Lower case only: one value has one text. */
static bool decode_hash(const char *text, uint8_t out[HASH_SIZE])
{
    for (const char *c = text; c && *c; c++)
        if (*c >= 'A' && *c <= 'F')
            return false;
    return text && hex_decode(text, strlen(text), out, HASH_SIZE);
}

static enum errc read_hash(json_t *doc, const char *field, uint8_t out[HASH_SIZE], struct err *err)
{
    const char *text = NULL;
    enum errc rc = doc_text(doc, field, DOC_REQUIRED, 2 * HASH_SIZE, &text, err);
    if (rc < 0)
        return rc;
    if (!decode_hash(text, out))
        return err_field(err, ERR_INVALID, field, "%d lower-case hexadecimal digits are expected",
                         2 * HASH_SIZE);
    return ERR_OK;
}

static enum errc read_sig(json_t *doc, struct signature *out, struct err *err)
{
    const char *text = NULL;
    enum errc rc = doc_text(doc, "sig", DOC_REQUIRED, 2 * SIGN_SIZE_MAX, &text, err);
    if (rc < 0)
        return rc;
    struct arena arena;
    size_t size = 0;
    arena_init(&arena, 4 * SIGN_SIZE_MAX);
    const void *bytes = base64_decode(&arena, text, strlen(text), &size);
    if (bytes && size > 0 && size <= SIGN_SIZE_MAX) {
        *out = (struct signature){.size_bytes = size};
        memcpy(out->bytes, bytes, size);
    } else {
        rc = err_field(err, ERR_INVALID, "sig", "a signature in base64 is expected");
    }
    arena_done(&arena);
    return rc;
}

static enum errc read_path(json_t *doc, struct merkle_proof *out, struct err *err)
{
    json_t *list = NULL;
    enum errc rc = doc_array(doc, "path", DOC_REQUIRED, MERKLE_PROOF_MAX, &list, err);
    if (rc < 0)
        return rc;
    out->count = json_array_size(list);
    for (size_t i = 0; i < out->count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!decode_hash(text, out->hash[i])) {
            char field[24];
            (void)snprintf(field, sizeof field, "path[%zu]", i);
            return err_field(err, ERR_INVALID, field, "%d lower-case hexadecimal digits are expected",
                             2 * HASH_SIZE);
        }
    }
    return ERR_OK;
}

enum errc proof_head_read(json_t *doc, struct tree_head *out, struct err *err)
{
    struct tree_head head = {0};
    enum errc rc = ONLY(doc, "node", "universe", "suite", "size", "root", "time", "sig");
    if (rc == ERR_OK)
        rc = read_name(doc, "node", head.node, err);
    if (rc == ERR_OK)
        rc = read_name(doc, "universe", head.universe, err);
    if (rc == ERR_OK)
        rc = read_suite(doc, &head.suite, err);
    if (rc == ERR_OK)
        rc = read_size(doc, "size", &head.tree.size, err);
    if (rc == ERR_OK)
        rc = read_hash(doc, "root", head.tree.root, err);
    if (rc == ERR_OK)
        rc = read_time(doc, &head.time_ms, err);
    if (rc == ERR_OK)
        rc = read_sig(doc, &head.sig, err);
    if (rc == ERR_OK)
        *out = head;
    return rc;
}

enum errc proof_cosignature_read(json_t *doc, struct cosignature *out, struct err *err)
{
    struct cosignature made = {0};
    enum errc rc = ONLY(doc, "witness", "suite", "time", "sig");
    if (rc == ERR_OK)
        rc = read_name(doc, "witness", made.witness, err);
    if (rc == ERR_OK)
        rc = read_suite(doc, &made.suite, err);
    if (rc == ERR_OK)
        rc = read_time(doc, &made.time_ms, err);
    if (rc == ERR_OK)
        rc = read_sig(doc, &made.sig, err);
    if (rc == ERR_OK)
        *out = made;
    return rc;
}

enum errc proof_act_read(json_t *doc, struct act_proof *out, struct err *err)
{
    struct act_proof proof = {0};
    json_t *head = NULL;
    enum errc rc = ONLY(doc, "head", "pos", "path");
    if (rc == ERR_OK)
        rc = doc_object(doc, "head", DOC_REQUIRED, &head, err);
    if (rc == ERR_OK) {
        rc = proof_head_read(head, &proof.head, err);
        if (rc < 0)
            err_field_prefix(err, "head");
    }
    if (rc == ERR_OK)
        rc = read_size(doc, "pos", &proof.pos, err);
    if (rc == ERR_OK)
        rc = read_path(doc, &proof.path, err);
    if (rc == ERR_OK)
        *out = proof;
    return rc;
}

enum errc proof_growth_read(json_t *doc, struct growth_proof *out, struct err *err)
{
    struct growth_proof proof = {0};
    enum errc rc = ONLY(doc, "from", "to", "path");
    if (rc == ERR_OK)
        rc = read_size(doc, "from", &proof.from, err);
    if (rc == ERR_OK)
        rc = read_size(doc, "to", &proof.to, err);
    if (rc == ERR_OK)
        rc = read_path(doc, &proof.path, err);
    if (rc == ERR_OK)
        *out = proof;
    return rc;
}

/* ---- writing ---- */

static json_t *hash_text(const uint8_t hash[HASH_SIZE])
{
    char text[HASH_TEXT_SIZE];
    hex_encode(hash, HASH_SIZE, text);
    return json_string(text);
}

static json_t *time_text(int64_t ms)
{
    char text[CIVIL_TIME_SIZE];
    civil_format_time(ms, CIVIL_CHINA_MIN, text);
    return json_string(text);
}

static json_t *sig_text(const struct signature *sig)
{
    struct arena arena;
    arena_init(&arena, 4 * SIGN_SIZE_MAX);
    const char *text = base64_encode(&arena, sig->bytes, sig->size_bytes);
    json_t *value = text ? json_string(text) : NULL;
    arena_done(&arena);
    return value;
}

static json_t *path_list(const struct merkle_proof *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < path->count; i++) {
        if (json_array_append_new(list, hash_text(path->hash[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* json_pack takes over its "o" members, and gives NULL when one of them is NULL. */
json_t *proof_head_write(const struct tree_head *head)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o}", "node", head->node, "universe", head->universe,
                     "suite", suite_name(head->suite), "size", (json_int_t)head->tree.size, "root",
                     hash_text(head->tree.root), "time", time_text(head->time_ms), "sig",
                     sig_text(&head->sig));
}

json_t *proof_cosignature_write(const struct cosignature *cosignature)
{
    return json_pack("{s:s, s:s, s:o, s:o}", "witness", cosignature->witness, "suite",
                     suite_name(cosignature->suite), "time", time_text(cosignature->time_ms), "sig",
                     sig_text(&cosignature->sig));
}

json_t *proof_act_write(const struct act_proof *proof)
{
    return json_pack("{s:o, s:I, s:o}", "head", proof_head_write(&proof->head), "pos", (json_int_t)proof->pos,
                     "path", path_list(&proof->path));
}

json_t *proof_growth_write(const struct growth_proof *proof)
{
    return json_pack("{s:I, s:I, s:o}", "from", (json_int_t)proof->from, "to", (json_int_t)proof->to, "path",
                     path_list(&proof->path));
}
