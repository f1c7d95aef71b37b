#include "link/envelope.h"

#include "base/civil.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

enum { VERSION = 1, WHY_CHARS = 512, SHORT_CHARS = 64, NUMBERS_BYTES = 64 };

#define ONLY(doc, ...)                                                                                       \
    doc_only((doc), (const char *const[]){__VA_ARGS__},                                                      \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), err)

/* ---- reading ---- */

static enum errc read_name(json_t *doc, const char *field, const char **out, struct err *err)
{
    enum errc rc = doc_text(doc, field, DOC_REQUIRED, PROOF_NAME_MAX, out, err);
    if (rc == ERR_OK && !proof_name_valid(*out))
        rc = err_field(err, ERR_INVALID, field, "letters a-z, digits, '.' and '-' are expected");
    return rc;
}

static enum errc read_targets(json_t *doc, struct arena *arena, struct envelope_item *item, struct err *err)
{
    json_t *list = NULL;
    enum errc rc = doc_array(doc, "for", DOC_REQUIRED, ENVELOPE_TARGETS_MAX, &list, err);
    if (rc < 0)
        return rc;
    item->target_count = json_array_size(list);
    item->targets = arena_array(arena, item->target_count, sizeof *item->targets);
    if (!item->targets)
        return err_set(err, ERR_NOMEM, "no memory for the message");
    for (size_t i = 0; i < item->target_count; i++) {
        item->targets[i] = json_string_value(json_array_get(list, i));
        if (!item->targets[i] || !proof_name_valid(item->targets[i]))
            return err_field(err, ERR_INVALID, "for", "entry %zu is not the id of a node", i + 1);
    }
    if (item->target_count == 0)
        return err_field(err, ERR_INVALID, "for", "an act must be for somebody");
    return ERR_OK;
}

static enum errc read_item(json_t *doc, struct arena *arena, void *out, struct err *err)
{
    struct envelope_item *item = out;
    item->annex = "";
    enum errc rc = ONLY(doc, "n", "act", "annex", "proof", "for");
    if (rc == ERR_OK)
        rc = doc_int(doc, "n", DOC_REQUIRED, 1, INT64_MAX - 1, &item->n, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "act", DOC_REQUIRED, ENVELOPE_ACT_MAX, &item->act, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "annex", DOC_OPTIONAL, ENVELOPE_ANNEX_MAX, &item->annex, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "proof", DOC_REQUIRED, ENVELOPE_PROOF_MAX, &item->proof, err);
    if (rc == ERR_OK)
        rc = read_targets(doc, arena, item, err);
    return rc;
}

static enum errc read_answer(json_t *doc, struct arena *arena, void *out, struct err *err)
{
    struct envelope_answer *answer = out;
    (void)arena;
    answer->act = answer->why = answer->clause = answer->waits = "";
    enum errc rc = ONLY(doc, "n", "act", "state", "why", "clause", "waits");
    if (rc == ERR_OK)
        rc = doc_int(doc, "n", DOC_REQUIRED, 1, INT64_MAX - 1, &answer->n, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "act", DOC_OPTIONAL, SHORT_CHARS, &answer->act, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "state", DOC_REQUIRED, SHORT_CHARS, &answer->state, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "why", DOC_OPTIONAL, WHY_CHARS, &answer->why, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "clause", DOC_OPTIONAL, SHORT_CHARS, &answer->clause, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "waits", DOC_OPTIONAL, SHORT_CHARS, &answer->waits, err);
    return rc;
}

/* A list of objects of one shape. */
struct list_shape {
    const char *field;
    size_t size_bytes; /* of the struct that read() fills */
    enum errc (*read)(json_t *doc, struct arena *arena, void *out, struct err *err);
};

static const struct list_shape ITEMS = {"items", sizeof(struct envelope_item), read_item};
static const struct list_shape ANSWERS = {"answers", sizeof(struct envelope_answer), read_answer};

/* An absent list is an empty one. */
static enum errc read_list(json_t *doc, const struct list_shape *shape, struct arena *arena, void **out,
                           size_t *out_count, struct err *err)
{
    json_t *list = NULL;
    enum errc rc = doc_array(doc, shape->field, DOC_OPTIONAL, ENVELOPE_ITEMS_MAX, &list, err);
    if (rc < 0)
        return rc;
    size_t count = json_array_size(list);
    char *items = arena_array(arena, count, shape->size_bytes);
    if (!items)
        return err_set(err, ERR_NOMEM, "no memory for the message");
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        char at[40];
        json_t *item = json_array_get(list, i);
        (void)snprintf(at, sizeof at, "%s[%zu]", shape->field, i);
        if (!json_is_object(item))
            return err_field(err, ERR_INVALID, at, "an object is expected");
        rc = shape->read(item, arena, items + i * shape->size_bytes, err);
        if (rc < 0)
            err_field_prefix(err, at);
    }
    *out = items;
    *out_count = count;
    return rc;
}

static enum errc read_lists(json_t *doc, struct arena *arena, struct envelope *out, struct err *err)
{
    void *items = NULL;
    void *answers = NULL;
    enum errc rc = read_list(doc, &ITEMS, arena, &items, &out->item_count, err);
    if (rc == ERR_OK)
        rc = read_list(doc, &ANSWERS, arena, &answers, &out->answer_count, err);
    out->items = items;
    out->answers = answers;
    return rc;
}

static enum errc read_cosigned(json_t *doc, struct envelope *out, struct err *err)
{
    json_t *made = NULL;
    int64_t size = 0;
    enum errc rc = ONLY(doc, "size", "cosignature");
    if (rc == ERR_OK)
        rc = doc_int(doc, "size", DOC_REQUIRED, 1, (int64_t)MERKLE_SIZE_MAX, &size, err);
    if (rc == ERR_OK)
        rc = doc_object(doc, "cosignature", DOC_REQUIRED, &made, err);
    if (rc == ERR_OK)
        rc = proof_cosignature_read(made, &out->cosignature, err);
    out->cosigned_size = (uint64_t)size;
    return rc;
}

static enum errc read_witnessing(json_t *doc, struct envelope *out, struct err *err)
{
    json_t *head = NULL;
    json_t *growth = NULL;
    json_t *cosigned = NULL;
    enum errc rc = doc_object(doc, "head", DOC_OPTIONAL, &head, err);
    if (rc == ERR_OK)
        rc = doc_object(doc, "growth", DOC_OPTIONAL, &growth, err);
    if (rc == ERR_OK)
        rc = doc_object(doc, "cosigned", DOC_OPTIONAL, &cosigned, err);
    if (rc < 0)
        return rc;
    const char *part = "head";
    if (head)
        rc = proof_head_read(head, &out->head, err);
    if (rc == ERR_OK && growth) {
        part = "growth";
        rc = proof_growth_read(growth, &out->growth, err);
    }
    if (rc == ERR_OK && cosigned) {
        part = "cosigned";
        rc = read_cosigned(cosigned, out, err);
    }
    if (rc < 0)
        err_field_prefix(err, part);
    out->has_head = head != NULL;
    out->has_growth = growth != NULL;
    out->has_cosignature = cosigned != NULL;
    return rc;
}

static enum errc read_top(json_t *doc, struct envelope *out, struct err *err)
{
    int64_t version = 0;
    int64_t seen = 0;
    const char *time = NULL;
    enum errc rc = ONLY(doc, "v", "from", "to", "universe", "time", "last", "seen", "items", "answers",
                        "head", "growth", "cosigned");
    if (rc == ERR_OK)
        rc = doc_int(doc, "v", DOC_REQUIRED, VERSION, VERSION, &version, err);
    if (rc == ERR_OK)
        rc = read_name(doc, "from", &out->from, err);
    if (rc == ERR_OK)
        rc = read_name(doc, "to", &out->to, err);
    if (rc == ERR_OK)
        rc = read_name(doc, "universe", &out->universe, err);
    if (rc == ERR_OK)
        rc = doc_text(doc, "time", DOC_REQUIRED, SHORT_CHARS, &time, err);
    if (rc == ERR_OK) {
        rc = civil_parse_time(time, &out->time_ms, err);
        if (rc < 0)
            err_field_prefix(err, "time");
    }
    if (rc == ERR_OK)
        rc = doc_int(doc, "last", DOC_REQUIRED, 0, INT64_MAX - 1, &out->last_n, err);
    if (rc == ERR_OK)
        rc = doc_int(doc, "seen", DOC_REQUIRED, 0, (int64_t)MERKLE_SIZE_MAX, &seen, err);
    out->seen_size = (uint64_t)seen;
    return rc;
}

static void release_doc(void *doc)
{
    json_decref(doc);
}

enum errc envelope_read(const char *text, size_t size_bytes, struct arena *arena, struct envelope *out,
                        struct err *err)
{
    json_t *doc = NULL;
    struct envelope envelope = {0};
    enum errc rc = doc_parse_object(text, size_bytes, &doc, err);
    if (rc < 0)
        return rc;
    if (!arena_tie(arena, release_doc, doc))
        return err_set(err, ERR_NOMEM, "no memory for the message");
    rc = read_top(doc, &envelope, err);
    if (rc == ERR_OK)
        rc = read_lists(doc, arena, &envelope, err);
    if (rc == ERR_OK)
        rc = read_witnessing(doc, &envelope, err);
    if (rc == ERR_OK)
        *out = envelope;
    return rc;
}

/* ---- writing ---- */

/* Empty texts are left out. */
static bool set_text(json_t *doc, const char *field, const char *text)
{
    return !text || !*text || json_object_set_new(doc, field, json_string(text)) == 0;
}

/* The writers below give NULL when memory is exhausted or a text is not UTF-8: nothing is ever left out. */
static json_t *whole_or_nothing(json_t *doc, bool whole)
{
    if (whole)
        return doc;
    json_decref(doc);
    return NULL;
}

static json_t *write_item(const struct envelope_item *item)
{
    bool whole = true;
    json_t *targets = json_array();
    for (size_t i = 0; i < item->target_count && whole; i++)
        whole = json_array_append_new(targets, json_string(item->targets[i])) == 0;
    json_t *doc = json_pack("{s:I, s:s, s:s, s:o}", "n", (json_int_t)item->n, "act", item->act, "proof",
                            item->proof, "for", targets);
    return whole_or_nothing(doc, whole && set_text(doc, "annex", item->annex));
}

static json_t *write_answer(const struct envelope_answer *answer)
{
    json_t *doc = json_pack("{s:I, s:s}", "n", (json_int_t)answer->n, "state", answer->state);
    return whole_or_nothing(doc, set_text(doc, "act", answer->act) && set_text(doc, "why", answer->why) &&
                                     set_text(doc, "clause", answer->clause) &&
                                     set_text(doc, "waits", answer->waits));
}

static json_t *write_items(const struct envelope *envelope)
{
    json_t *list = json_array();
    bool whole = true;
    for (size_t i = 0; i < envelope->item_count && whole; i++)
        whole = json_array_append_new(list, write_item(&envelope->items[i])) == 0;
    return whole_or_nothing(list, whole);
}

static json_t *write_answers(const struct envelope *envelope)
{
    json_t *list = json_array();
    bool whole = true;
    for (size_t i = 0; i < envelope->answer_count && whole; i++)
        whole = json_array_append_new(list, write_answer(&envelope->answers[i])) == 0;
    return whole_or_nothing(list, whole);
}

static bool set_witnessing(json_t *doc, const struct envelope *envelope)
{
    if (envelope->has_head && json_object_set_new(doc, "head", proof_head_write(&envelope->head)) < 0)
        return false;
    if (envelope->has_growth && json_object_set_new(doc, "growth", proof_growth_write(&envelope->growth)) < 0)
        return false;
    if (!envelope->has_cosignature)
        return true;
    return json_object_set_new(doc, "cosigned",
                               json_pack("{s:I, s:o}", "size", (json_int_t)envelope->cosigned_size,
                                         "cosignature", proof_cosignature_write(&envelope->cosignature))) ==
           0;
}

enum errc envelope_write(const struct envelope *envelope, struct buf *out, struct err *err)
{
    char time[CIVIL_TIME_SIZE];
    civil_format_time(envelope->time_ms, CIVIL_CHINA_MIN, time);
    json_t *doc = json_pack("{s:i, s:s, s:s, s:s, s:s, s:I, s:I, s:o, s:o}", "v", VERSION, "from",
                            envelope->from, "to", envelope->to, "universe", envelope->universe, "time", time,
                            "last", (json_int_t)envelope->last_n, "seen", (json_int_t)envelope->seen_size,
                            "items", write_items(envelope), "answers", write_answers(envelope));
    bool whole = doc && set_witnessing(doc, envelope);
    enum errc rc = whole ? doc_write(doc, out, err)
                         : err_set(err, ERR_NOMEM, "the message cannot be written");
    json_decref(doc);
    return rc;
}

/* A JSON text inside a string: every quote and backslash doubles. */
static size_t quoted_bytes(const char *text)
{
    size_t size = 2;
    for (; *text; text++)
        size += *text == '"' || *text == '\\' ? 2 : (unsigned char)*text < 0x20 ? 6 : 1;
    return size;
}

size_t envelope_item_bytes(const struct envelope_item *item)
{
    size_t size = NUMBERS_BYTES + quoted_bytes(item->act) + quoted_bytes(item->annex) +
                  quoted_bytes(item->proof);
    for (size_t i = 0; i < item->target_count; i++)
        size += quoted_bytes(item->targets[i]) + 1;
    return size;
}
