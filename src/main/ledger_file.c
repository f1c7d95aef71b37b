#include "main/ledger_file.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/cards.h"
#include "desk/ledger_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

/* ---- writing ---- */

struct writing {
    FILE *out;
    struct hasher *hasher;
    bool with_secrets;
    int64_t acts;
};

/* Takes the document over. */
static enum errc put(struct writing *w, json_t *doc, struct err *err)
{
    struct buf line;
    buf_init(&line, DOC_BYTES_MAX);
    enum errc rc = doc ? doc_write(doc, &line, err)
                       : err_set(err, ERR_NOMEM, "no memory for a line of the export");
    if (rc >= 0 && fprintf(w->out, "%s\n", line.data) < 0)
        rc = err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "the export cannot be written: %s",
                     strerror(errno));
    buf_done(&line);
    json_decref(doc);
    return rc;
}

static enum errc put_anchor(void *context, const struct node_card *card, struct err *err)
{
    return put(context, json_pack("{s:o}", "anchor", card_write(card)), err);
}

static enum errc put_act(void *context, const struct stored_act *stored, struct err *err)
{
    struct writing *w = context;
    uint8_t leaf[HASH_SIZE];
    char text[HASH_TEXT_SIZE];
    enum errc rc = merkle_leaf(w->hasher, stored->act.bytes, stored->act.size_bytes, leaf, err);
    if (rc < 0)
        return rc;
    hex_encode(leaf, sizeof leaf, text);
    json_t *doc = json_pack("{s:I,s:s,s:s%}", "pos", (json_int_t)stored->pos, "leaf", text, "act",
                            stored->act.bytes, stored->act.size_bytes);
    if (doc && stored->proof_bytes > 0)
        (void)json_object_set_new(doc, "proof", json_stringn(stored->proof, stored->proof_bytes));
    if (doc && w->with_secrets && stored->annex_bytes > 0)
        (void)json_object_set_new(doc, "annex", json_stringn(stored->annex, stored->annex_bytes));
    w->acts++;
    return put(w, doc, err);
}

static enum errc put_head(void *context, const struct tree_head *head, struct err *err)
{
    return put(context, json_pack("{s:o}", "head", proof_head_write(head)), err);
}

static enum errc put_witness(void *context, const struct cosignature *cosignature, struct err *err)
{
    return put(context, json_pack("{s:o}", "witness", proof_cosignature_write(cosignature)), err);
}

enum errc ledger_file_write(struct store *store, const struct env *env, bool with_secrets, FILE *out,
                            struct err *err)
{
    const struct store_identity *of = store_identity(store);
    struct writing w = {.out = out, .with_secrets = with_secrets};
    struct ledger_sink sink = {&w, put_anchor, put_act, put_head, put_witness};
    char time[CIVIL_TIME_SIZE];
    civil_format_time(env_now_ms(env), CIVIL_CHINA_MIN, time);
    enum errc rc = hasher_new(of->suite, &w.hasher, err);
    if (rc >= 0)
        rc = put(&w,
                 json_pack("{s:s,s:i,s:s,s:s,s:s,s:s}", "fengsui", "ledger", "v", VERSION, "node", of->node,
                           "universe", of->universe, "suite", suite_name(of->suite), "time", time),
                 err);
    if (rc >= 0)
        rc = ledger_walk(store, &sink, err);
    if (rc >= 0)
        rc = put(&w, json_pack("{s:{s:I}}", "end", "acts", (json_int_t)w.acts), err);
    hasher_free(w.hasher);
    return rc;
}

/* ---- reading ---- */

struct reading {
    const char *name;
    int line;
    struct audit *audit;
    int64_t acts;
    bool ended;
};

static enum errc no_file(const struct reading *r, const char *why, struct err *err)
{
    enum errc rc = err_set(err, ERR_SYNTAX, "%s:%d: %s", r->name, r->line, why);
    if (err)
        err->line = r->line;
    return rc;
}

static enum errc read_first(struct reading *r, json_t *doc, struct err *err)
{
    static const char *const NAMES[] = {"fengsui", "v", "node", "universe", "suite", "time"};
    const char *what = NULL;
    const char *suite = NULL;
    int64_t version = 0;
    struct audit_ledger ledger = {0};
    enum errc rc;
    if ((rc = doc_only(doc, NAMES, sizeof NAMES / sizeof NAMES[0], err)) < 0 ||
        (rc = doc_text(doc, "fengsui", DOC_REQUIRED, 20, &what, err)) < 0 ||
        (rc = doc_int(doc, "v", DOC_REQUIRED, VERSION, VERSION, &version, err)) < 0 ||
        (rc = doc_text(doc, "node", DOC_REQUIRED, PROOF_NAME_MAX, &ledger.node, err)) < 0 ||
        (rc = doc_text(doc, "universe", DOC_REQUIRED, PROOF_NAME_MAX, &ledger.universe, err)) < 0 ||
        (rc = doc_text(doc, "suite", DOC_REQUIRED, 20, &suite, err)) < 0)
        return rc;
    if (!streq(what, "ledger") || suite_parse(suite) < 0)
        return err_set(err, ERR_INVALID, "it is not the beginning of an exported ledger");
    ledger.suite = (enum suite)suite_parse(suite);
    return audit_new(&ledger, &r->audit, err);
}

static enum errc read_act(struct reading *r, json_t *doc, struct err *err)
{
    static const char *const NAMES[] = {"pos", "leaf", "act", "proof", "annex"};
    uint8_t leaf[HASH_SIZE];
    const char *hex = NULL;
    struct audit_act act = {0};
    enum errc rc;
    if ((rc = doc_only(doc, NAMES, sizeof NAMES / sizeof NAMES[0], err)) < 0 ||
        (rc = doc_int(doc, "pos", DOC_REQUIRED, 0, INT64_MAX, &act.pos, err)) < 0 ||
        (rc = doc_text(doc, "leaf", DOC_REQUIRED, HASH_TEXT_SIZE, &hex, err)) < 0 ||
        (rc = doc_text(doc, "act", DOC_REQUIRED, DOC_BYTES_MAX, &act.bytes, err)) < 0 ||
        (rc = doc_text(doc, "proof", DOC_OPTIONAL, DOC_BYTES_MAX, &act.proof, err)) < 0 ||
        (rc = doc_text(doc, "annex", DOC_OPTIONAL, DOC_BYTES_MAX, &act.annex, err)) < 0)
        return rc;
    if (!hex_decode(hex, strlen(hex), leaf, sizeof leaf))
        return err_field(err, ERR_INVALID, "leaf", "is not a hash");
    act.leaf = leaf;
    act.size_bytes = json_string_length(json_object_get(doc, "act"));
    act.proof_bytes = json_string_length(json_object_get(doc, "proof"));
    act.annex_bytes = json_string_length(json_object_get(doc, "annex"));
    r->acts++;
    return audit_act(r->audit, &act, err);
}

static enum errc read_anchor(struct reading *r, json_t *value, struct err *err)
{
    struct node_card card;
    enum errc rc = card_read(value, &card, err);
    return rc < 0 ? rc : audit_anchor(r->audit, &card, err);
}

static enum errc read_head(struct reading *r, json_t *value, struct err *err)
{
    struct tree_head head;
    enum errc rc = proof_head_read(value, &head, err);
    return rc < 0 ? rc : audit_head(r->audit, &head, err);
}

static enum errc read_witness(struct reading *r, json_t *value, struct err *err)
{
    struct cosignature cosignature;
    enum errc rc = proof_cosignature_read(value, &cosignature, err);
    return rc < 0 ? rc : audit_witness(r->audit, &cosignature, err);
}

static enum errc read_end(struct reading *r, json_t *value, struct err *err)
{
    int64_t acts = 0;
    enum errc rc = doc_int(value, "acts", DOC_REQUIRED, 0, INT64_MAX, &acts, err);
    r->ended = true;
    if (rc >= 0 && acts != r->acts)
        audit_find(r->audit, -1, NULL, "the file holds another number of acts than its end says");
    return rc;
}

static enum errc read_piece(struct reading *r, json_t *doc, struct err *err)
{
    static const struct {
        const char *name;
        enum errc (*read)(struct reading *r, json_t *value, struct err *err);
    } KINDS[] = {{"anchor", read_anchor}, {"head", read_head}, {"witness", read_witness}, {"end", read_end}};
    if (r->ended)
        return err_set(err, ERR_INVALID, "something stands behind the end");
    if (json_object_get(doc, "act"))
        return read_act(r, doc, err);
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        json_t *value = json_object_get(doc, KINDS[i].name);
        if (value && json_object_size(doc) == 1)
            return KINDS[i].read(r, value, err);
    }
    return err_set(err, ERR_INVALID, "it is no piece of an exported ledger");
}

/* A piece that cannot be read is a finding: what stands around it is still checked. */
static enum errc read_line(struct reading *r, const char *text, size_t size_bytes, struct err *err)
{
    json_t *doc = NULL;
    struct err why = {0};
    bool first = r->line == 1;
    enum errc rc = doc_parse_object(text, size_bytes, &doc, &why);
    if (rc >= 0)
        rc = first ? read_first(r, doc, &why) : read_piece(r, doc, &why);
    json_decref(doc);
    if (rc >= 0)
        return ERR_OK;
    if (first)
        return no_file(r, why.message, err);
    if (rc == ERR_NOMEM || rc == ERR_CRYPTO)
        return err_set(err, rc, "%s", why.message);
    char told[700];
    (void)snprintf(told, sizeof told, "line %d cannot be read: %s%s%s", r->line, why.field,
                   why.field[0] ? ": " : "", why.message);
    audit_find(r->audit, -1, NULL, told);
    return ERR_OK;
}

static enum errc read_lines(struct reading *r, FILE *in, struct err *err)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t n = 0;
    enum errc rc = ERR_OK;
    while (rc >= 0 && (n = getline(&text, &room, in)) > 0) {
        r->line++;
        size_t size = (size_t)n - (text[n - 1] == '\n');
        rc = read_line(r, text, size, err);
    }
    free(text);
    if (rc >= 0 && ferror(in))
        return err_set(err, ERR_IO, "%s cannot be read: %s", r->name, strerror(errno));
    if (rc >= 0 && r->line == 0)
        return no_file(r, "the file is empty", err);
    return rc;
}

enum errc ledger_file_audit(FILE *in, const char *name, json_t **out_report, struct err *err)
{
    struct reading r = {.name = name};
    enum errc rc = read_lines(&r, in, err);
    if (rc >= 0 && !r.ended)
        audit_find(r.audit, -1, NULL, "the file breaks off: its end is missing");
    json_t *report = rc >= 0 ? audit_end(r.audit) : NULL;
    audit_free(r.audit);
    if (rc >= 0 && !report)
        rc = err_set(err, ERR_NOMEM, "no memory for the report");
    if (rc >= 0)
        *out_report = report;
    return rc;
}
