#include "domain/act.h"

#include "base/civil.h"
#include "base/env.h"
#include "base/str.h"
#include "domain/fingerprint.h"

#include <string.h>

enum { VERSION = 1, NAME_MAX_CHARS = 200 };

/* A document being written: what does not fit into memory is noted once, and told at the end. */
struct writing {
    json_t *doc;
    bool failed;
};

static void put(struct writing *writing, const char *name, json_t *value)
{
    if (json_object_set_new(writing->doc, name, value) < 0)
        writing->failed = true;
}

static void put_text(struct writing *writing, const char *name, const char *text)
{
    if (text && *text)
        put(writing, name, json_string(text));
}

static void put_time(struct writing *writing, const char *name, int64_t ms)
{
    char text[CIVIL_TIME_SIZE];
    civil_format_time(ms, CIVIL_CHINA_MIN, text);
    put(writing, name, json_string(text));
}

static void put_basis(struct writing *writing, const struct act *act)
{
    struct writing basis = {json_object(), false};
    if (act->clause && *act->clause) {
        put_text(&basis, "pack", act->pack);
        put_text(&basis, "version", act->pack_version);
        put_text(&basis, "clause", act->clause);
        put(writing, "basis", json_incref(basis.doc));
        writing->failed |= basis.failed;
    }
    json_decref(basis.doc);
}

static void put_addressees(struct writing *writing, const struct act *act)
{
    json_t *to = json_array();
    for (size_t i = 0; i < act->to_count; i++)
        if (json_array_append_new(to, json_string(act->to[i])) < 0)
            writing->failed = true;
    put(writing, "to", to);
}

static void put_members(struct writing *writing, const struct act *act)
{
    put(writing, "v", json_integer(VERSION));
    put_text(writing, "id", act->id);
    put_text(writing, "universe", act->universe);
    put_text(writing, "node", act->node);
    put(writing, "seq", json_integer(act->seq));
    put_text(writing, "kind", act->kind);
    put_text(writing, "subject", act->subject);
    if (act->opens)
        put(writing, "opens", json_true());
    put_text(writing, "root", act->root);
    put_text(writing, "parent", act->parent);
    put_text(writing, "person", act->person);
    put_text(writing, "post", act->post);
    put_time(writing, "happened", act->happened_ms);
    put_time(writing, "recorded", act->recorded_ms);
    put_basis(writing, act);
    put_addressees(writing, act);
    put(writing, "body", json_incref(act->body));
    if (act->commits)
        put(writing, "commits", json_incref(act->commits));
}

enum errc act_write(const struct act *act, struct buf *out, struct err *err)
{
    struct writing writing = {json_object(), false};
    size_t before = out->size_bytes;
    put_members(&writing, act);
    enum errc rc = writing.failed ? err_set(err, ERR_NOMEM, "no memory to write an act")
                                  : doc_write(writing.doc, out, err);
    json_decref(writing.doc);
    if (rc >= 0 && out->size_bytes - before > ACT_BYTES_MAX)
        rc = err_set(err, ERR_LIMIT, "the act has %zu bytes, at most %d are taken", out->size_bytes - before,
                     ACT_BYTES_MAX);
    return rc;
}

static enum errc read_time(json_t *doc, const char *name, int64_t *out_ms, struct err *err)
{
    const char *text = NULL;
    enum errc rc = doc_text(doc, name, DOC_REQUIRED, CIVIL_TIME_SIZE + 10, &text, err);
    if (rc < 0)
        return rc;
    rc = civil_parse_time(text, out_ms, err);
    if (rc < 0)
        err_field_prefix(err, name);
    return rc;
}

static enum errc read_basis(json_t *doc, struct act *act, struct err *err)
{
    static const char *const NAMES[] = {"pack", "version", "clause"};
    json_t *basis = NULL;
    act->pack = act->pack_version = act->clause = "";
    enum errc rc = doc_object(doc, "basis", DOC_OPTIONAL, &basis, err);
    if (rc < 0 || !basis)
        return rc;
    if ((rc = doc_only(basis, NAMES, 3, err)) < 0 ||
        (rc = doc_text(basis, "pack", DOC_OPTIONAL, NAME_MAX_CHARS, &act->pack, err)) < 0 ||
        (rc = doc_text(basis, "version", DOC_OPTIONAL, NAME_MAX_CHARS, &act->pack_version, err)) < 0 ||
        (rc = doc_text(basis, "clause", DOC_OPTIONAL, NAME_MAX_CHARS, &act->clause, err)) < 0)
        err_field_prefix(err, "basis");
    return rc;
}

static enum errc read_to(json_t *doc, struct arena *arena, struct act *act, struct err *err)
{
    json_t *to = NULL;
    enum errc rc = doc_array(doc, "to", DOC_REQUIRED, ACT_TO_MAX, &to, err);
    if (rc < 0)
        return rc;
    act->to_count = json_array_size(to);
    act->to = arena_array(arena, act->to_count, sizeof *act->to);
    if (!act->to)
        return err_set(err, ERR_NOMEM, "no memory for the addressees");
    for (size_t i = 0; i < act->to_count; i++) {
        const char *id = json_string_value(json_array_get(to, i));
        if (!id || !*id || strlen(id) > NODE_ID_MAX)
            return err_field(err, ERR_INVALID, "to", "entry %zu is not a node's id", i + 1);
        act->to[i] = id;
    }
    return ERR_OK;
}

struct text_member {
    const char *name;
    enum doc_need need;
    const char **out;
};

static enum errc read_texts(json_t *doc, struct act *act, struct err *err)
{
    const struct text_member members[] = {
        {"id", DOC_REQUIRED, &act->id},           {"universe", DOC_REQUIRED, &act->universe},
        {"node", DOC_REQUIRED, &act->node},       {"kind", DOC_REQUIRED, &act->kind},
        {"subject", DOC_OPTIONAL, &act->subject}, {"root", DOC_OPTIONAL, &act->root},
        {"parent", DOC_OPTIONAL, &act->parent},   {"person", DOC_REQUIRED, &act->person},
        {"post", DOC_OPTIONAL, &act->post},
    };
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < sizeof members / sizeof members[0]; i++) {
        *members[i].out = "";
        rc = doc_text(doc, members[i].name, members[i].need, NAME_MAX_CHARS, members[i].out, err);
    }
    return rc;
}

static enum errc read_members(json_t *doc, struct arena *arena, struct act *act, struct err *err)
{
    static const char *const NAMES[] = {"v",        "id",       "universe", "node",   "seq",    "kind",
                                        "subject",  "opens",    "root",     "parent", "person", "post",
                                        "happened", "recorded", "basis",    "to",     "body",   "commits"};
    int64_t version = 0;
    enum errc rc;
    if ((rc = doc_only(doc, NAMES, sizeof NAMES / sizeof NAMES[0], err)) < 0 ||
        (rc = doc_int(doc, "v", DOC_REQUIRED, VERSION, VERSION, &version, err)) < 0 ||
        (rc = doc_int(doc, "seq", DOC_REQUIRED, 1, INT64_MAX, &act->seq, err)) < 0 ||
        (rc = doc_bool(doc, "opens", DOC_OPTIONAL, &act->opens, err)) < 0)
        return rc;
    if ((rc = read_texts(doc, act, err)) < 0)
        return rc;
    const char *ids[] = {act->id, act->subject, act->root, act->parent};
    static const char *const ID_NAMES[] = {"id", "subject", "root", "parent"};
    for (size_t i = 0; i < 4; i++)
        if (*ids[i] && !uuid_valid(ids[i]))
            return err_field(err, ERR_INVALID, ID_NAMES[i], "this is not an identifier (UUID)");
    if ((rc = read_time(doc, "happened", &act->happened_ms, err)) < 0 ||
        (rc = read_time(doc, "recorded", &act->recorded_ms, err)) < 0 ||
        (rc = read_basis(doc, act, err)) < 0 || (rc = read_to(doc, arena, act, err)) < 0 ||
        (rc = doc_object(doc, "body", DOC_REQUIRED, &act->body, err)) < 0)
        return rc;
    return doc_object(doc, "commits", DOC_OPTIONAL, &act->commits, err);
}

enum errc act_read(const char *bytes, size_t size_bytes, struct arena *arena, struct act *out,
                   json_t **out_doc, struct err *err)
{
    json_t *doc = NULL;
    struct act act = {0};
    if (size_bytes > ACT_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "the act has %zu bytes, at most %d are taken", size_bytes,
                       ACT_BYTES_MAX);
    enum errc rc = doc_parse_object(bytes, size_bytes, &doc, err);
    if (rc < 0)
        return rc;
    rc = read_members(doc, arena, &act, err);
    if (rc < 0) {
        json_decref(doc);
        return rc;
    }
    act.bytes = bytes;
    act.size_bytes = size_bytes;
    *out = act;
    *out_doc = doc;
    return ERR_OK;
}

/* Over salt, field name and the value's compact JSON. */
static enum errc commitment(const unsigned char *salt, const char *field, const json_t *value,
                            char out[FINGERPRINT_TEXT_SIZE], struct err *err)
{
    struct buf buf;
    buf_init(&buf, ACT_BYTES_MAX);
    enum errc rc = doc_write(value, &buf, err);
    struct str parts[] = {
        {(const char *)salt, ACT_SALT_BYTES}, {field, strlen(field)}, {buf.data, buf.size_bytes}};
    if (rc >= 0)
        rc = fingerprint(parts, 3, out, err);
    buf_done(&buf);
    return rc;
}

static enum errc seal_one(const char *name, json_t *value, const unsigned char *salt, struct writing *commits,
                          struct writing *annex, struct err *err)
{
    char text[FINGERPRINT_TEXT_SIZE];
    char salt_text[2 * ACT_SALT_BYTES + 1];
    enum errc rc = commitment(salt, name, value, text, err);
    if (rc < 0)
        return rc;
    hex_encode(salt, ACT_SALT_BYTES, salt_text);
    put(commits, name, json_string(text));
    put(annex, name, json_pack("{s:s,s:O}", "salt", salt_text, "value", value));
    return commits->failed || annex->failed ? err_set(err, ERR_NOMEM, "no memory for the annex of an act")
                                            : ERR_OK;
}

enum errc act_seal_secrets(const struct act_row *row, json_t *body, const unsigned char *salts,
                           json_t **out_commits, json_t **out_annex, struct err *err)
{
    struct writing commits = {json_object(), false};
    struct writing annex = {json_object(), false};
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; rc >= 0 && i < row->fields_count; i++) {
        const char *name = row->fields[i].name;
        json_t *value = row->fields[i].secret ? json_object_get(body, name) : NULL;
        if (!value || json_is_null(value))
            continue;
        rc = seal_one(name, value, salts + (size_t)i * ACT_SALT_BYTES, &commits, &annex, err);
        if (rc >= 0)
            (void)json_object_del(body, name); /* it is there: this cannot fail */
    }
    bool none = rc < 0 || json_object_size(annex.doc) == 0;
    *out_commits = none ? NULL : commits.doc;
    *out_annex = none ? NULL : annex.doc;
    if (none) {
        json_decref(commits.doc);
        json_decref(annex.doc);
    }
    return rc;
}

enum errc act_check_annex(const struct act *act, json_t *annex, struct err *err)
{
    static const char *const NAMES[] = {"salt", "value"};
    const char *field;
    json_t *entry;
    json_object_foreach(annex, field, entry)
    {
        unsigned char salt[ACT_SALT_BYTES];
        char text[FINGERPRINT_TEXT_SIZE];
        const char *salt_text = NULL;
        const char *want = json_string_value(json_object_get(act->commits, field));
        json_t *value = json_object_get(entry, "value");
        enum errc rc = json_is_object(entry) && value
                           ? doc_only(entry, NAMES, 2, err)
                           : err_set(err, ERR_INVALID, "salt and value are expected");
        if (rc >= 0)
            rc = doc_text(entry, "salt", DOC_REQUIRED, sizeof salt * 2, &salt_text, err);
        if (rc >= 0 && !hex_decode(salt_text, strlen(salt_text), salt, sizeof salt))
            rc = err_set(err, ERR_INVALID, "the salt is not %d hexadecimal digits", 2 * ACT_SALT_BYTES);
        if (rc >= 0)
            rc = commitment(salt, field, value, text, err);
        if (rc >= 0 && !streq(text, want))
            rc = err_set(err, ERR_FORGED, "this value is not the one the act commits to");
        if (rc < 0) {
            err_field_prefix(err, field);
            err_field_prefix(err, "annex");
            return rc;
        }
    }
    return ERR_OK;
}
