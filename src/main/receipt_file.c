#include "main/receipt_file.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/origin.h"
#include "domain/act.h"
#include "store/acts.h"
#include "store/inbox.h"
#include "store/nodes.h"

#include <string.h>

enum { VERSION = 1, RECEIPTS_MAX = 4096 };

/* ---- making ---- */

static enum errc add_receipt(struct store *store, const struct receipt *receipt, struct arena *arena,
                             json_t *list, struct err *err)
{
    struct stored_act stored;
    struct node_card card;
    enum errc rc = acts_get(store, receipt->receipt_act, arena, &stored, err);
    if (rc >= 0)
        rc = nodes_load(store, receipt->node, arena, &card, NULL, err);
    if (rc < 0 || stored.proof_bytes == 0)
        return rc; /* without a proof it is this node's own: nobody else's word */
    json_t *doc = json_pack("{s:o,s:s%,s:s%}", "card", card_write(&card), "act", stored.act.bytes,
                            stored.act.size_bytes, "proof", stored.proof, stored.proof_bytes);
    return json_array_append_new(list, doc) == 0 ? ERR_OK
                                                 : err_set(err, ERR_NOMEM, "no memory for a receipt");
}

enum errc receipt_file_make(struct store *store, const char *act, struct arena *arena, json_t **out,
                            struct err *err)
{
    struct stored_act stored;
    struct receipt *receipts = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum errc rc = acts_get(store, act, arena, &stored, err);
    if (rc >= 0)
        rc = receipts_list(store, act, arena, &receipts, &count, err);
    for (size_t i = 0; rc >= 0 && i < count; i++)
        rc = add_receipt(store, &receipts[i], arena, list, err);
    if (rc >= 0 && json_array_size(list) == 0)
        rc = err_set(err, ERR_NOT_FOUND, "nobody has confirmed the act %s yet", act);
    if (rc < 0) {
        json_decref(list);
        return rc;
    }
    *out = json_pack("{s:s,s:i,s:s%,s:o}", "fengsui", "receipt", "v", VERSION, "act", stored.act.bytes,
                     stored.act.size_bytes, "receipts", list);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the receipt");
}

/* ---- checking ---- */

struct checking {
    struct arena *arena;
    struct origin *origin;
    const char *bytes; /* of the act that was received */
    size_t size_bytes;
    struct act act;
    json_t *receipts; /* of the report */
    json_t *problems;
    struct merkle_claim tree;
};

static void problem(struct checking *c, const char *act, const char *why)
{
    (void)json_array_append_new(c->problems, json_pack("{s:s,s:s}", "act", act, "why", why));
}

static enum errc same_bytes(struct checking *c, enum suite suite, const char *told, struct err *err)
{
    uint8_t hash[HASH_SIZE];
    char text[HASH_TEXT_SIZE];
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(suite, &hasher, err);
    if (rc >= 0)
        rc = hash_once(hasher, c->bytes, c->size_bytes, hash, err);
    hasher_free(hasher);
    if (rc < 0)
        return rc;
    hex_encode(hash, sizeof hash, text);
    return streq(text, told)
               ? ERR_OK
               : err_set(err, ERR_FORGED, "the bytes received were others: the act was altered");
}

static void note_head(struct checking *c, const char *proof_text)
{
    json_t *doc = NULL;
    struct act_proof proof;
    if (c->tree.size == 0 && doc_parse_object(proof_text, strlen(proof_text), &doc, NULL) >= 0 &&
        proof_act_read(doc, &proof, NULL) >= 0)
        c->tree = proof.head.tree;
    json_decref(doc);
}

/* The receipt's act and what it says of ours. */
static enum errc check_entry(struct checking *c, const struct node_card *card, const struct act *receipt,
                             struct err *err)
{
    const char *hash = "";
    const char *state = "";
    json_t *entry = NULL;
    if (!streq(receipt->kind, "receipt.given"))
        return err_set(err, ERR_FORGED, "it is no receipt but %s", receipt->kind);
    json_t *acts = json_object_get(receipt->body, "acts");
    enum errc rc = json_is_object(acts) ? doc_object(acts, c->act.id, DOC_REQUIRED, &entry, err)
                                        : err_set(err, ERR_FORGED, "it names no acts");
    if (rc >= 0)
        rc = doc_text(entry, "hash", DOC_REQUIRED, HASH_TEXT_SIZE, &hash, err);
    if (rc >= 0)
        rc = doc_text(entry, "state", DOC_REQUIRED, 20, &state, err);
    if (rc >= 0)
        rc = same_bytes(c, (enum suite)suite_parse(card->suite), hash, err);
    if (rc < 0)
        return rc;
    json_t *told = json_pack("{s:s,s:O,s:s,s:s}", "node", card->id, "received",
                             json_object_get(receipt->body, "received"), "state", state, "key",
                             card->key_pem);
    return json_array_append_new(c->receipts, told) == 0 ? ERR_OK : err_set(err, ERR_NOMEM, "no memory");
}

static enum errc check_receipt(struct checking *c, json_t *receipt, struct err *err)
{
    static const char *const NAMES[] = {"card", "act", "proof"};
    struct node_card card;
    struct act act;
    json_t *card_doc = NULL;
    json_t *doc = NULL;
    const char *bytes = NULL;
    const char *proof = NULL;
    enum errc rc;
    if ((rc = doc_only(receipt, NAMES, sizeof NAMES / sizeof NAMES[0], err)) < 0 ||
        (rc = doc_object(receipt, "card", DOC_REQUIRED, &card_doc, err)) < 0 ||
        (rc = doc_text(receipt, "act", DOC_REQUIRED, DOC_BYTES_MAX, &bytes, err)) < 0 ||
        (rc = doc_text(receipt, "proof", DOC_REQUIRED, DOC_BYTES_MAX, &proof, err)) < 0 ||
        (rc = card_read(card_doc, &card, err)) < 0 ||
        (rc = act_read(bytes, json_string_length(json_object_get(receipt, "act")), c->arena, &act, &doc,
                       err)) < 0)
        return rc;
    if (!streq(act.node, card.id))
        rc = err_set(err, ERR_FORGED, "the receipt is of %s and the card of %s", act.node, card.id);
    if (rc >= 0)
        rc = origin_check(c->origin, &card, &act, proof, strlen(proof), err);
    if (rc >= 0)
        rc = check_entry(c, &card, &act, err);
    if (rc >= 0)
        note_head(c, proof);
    json_decref(doc);
    return rc;
}

static enum errc check_all(struct checking *c, json_t *receipts, struct err *err)
{
    size_t i;
    json_t *receipt;
    json_array_foreach(receipts, i, receipt)
    {
        struct err why = {0};
        enum errc rc = json_is_object(receipt)
                           ? check_receipt(c, receipt, &why)
                           : err_set(&why, ERR_INVALID, "receipt %zu is no document", i + 1);
        if (rc == ERR_NOMEM || rc == ERR_CRYPTO)
            return err_set(err, rc, "%s", why.message);
        if (rc < 0)
            problem(c, c->act.id, why.message);
    }
    if (json_array_size(receipts) == 0)
        problem(c, c->act.id, "there is no receipt in the file");
    return ERR_OK;
}

static json_t *report_of(const struct checking *c)
{
    char root[HASH_TEXT_SIZE] = "";
    if (c->tree.size > 0)
        hex_encode(c->tree.root, HASH_SIZE, root);
    return json_pack("{s:b,s:i,s:I,s:s,s:[],s:{s:s,s:s,s:s},s:O,s:O}", "ok",
                     json_array_size(c->problems) == 0, "acts", 1, "tree_size", (json_int_t)c->tree.size,
                     "root", root, "witnesses", "act", "id", c->act.id, "kind", c->act.kind, "node",
                     c->act.node, "receipts", c->receipts, "problems", c->problems);
}

static enum errc read_file(json_t *file, struct checking *c, json_t **out_receipts, json_t **out_doc,
                           struct err *err)
{
    static const char *const NAMES[] = {"fengsui", "v", "act", "receipts"};
    int64_t version = 0;
    enum errc rc;
    if ((rc = doc_only(file, NAMES, sizeof NAMES / sizeof NAMES[0], err)) < 0 ||
        (rc = doc_int(file, "v", DOC_REQUIRED, VERSION, VERSION, &version, err)) < 0 ||
        (rc = doc_text(file, "act", DOC_REQUIRED, DOC_BYTES_MAX, &c->bytes, err)) < 0 ||
        (rc = doc_array(file, "receipts", DOC_REQUIRED, RECEIPTS_MAX, out_receipts, err)) < 0)
        return rc;
    c->size_bytes = json_string_length(json_object_get(file, "act"));
    return act_read(c->bytes, c->size_bytes, c->arena, &c->act, out_doc, err);
}

enum errc receipt_file_verify(json_t *file, struct arena *arena, json_t **out_report, struct err *err)
{
    struct checking c = {.arena = arena, .receipts = json_array(), .problems = json_array()};
    json_t *receipts = NULL;
    json_t *doc = NULL;
    enum errc rc = read_file(file, &c, &receipts, &doc, err);
    if (rc >= 0)
        rc = origin_new(&c.origin, err);
    if (rc >= 0)
        rc = check_all(&c, receipts, err);
    json_t *report = rc >= 0 ? report_of(&c) : NULL;
    if (rc >= 0 && !report)
        rc = err_set(err, ERR_NOMEM, "no memory for the report");
    origin_free(c.origin);
    json_decref(doc);
    json_decref(c.receipts);
    json_decref(c.problems);
    if (rc >= 0)
        *out_report = report;
    return rc;
}
