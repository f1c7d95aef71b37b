#include "desk/answer.h"

#include "base/civil.h"
#include "store/tokens.h"

#include <string.h>

enum { ANSWER_BYTES_MAX = 4096, STATUS_MADE = 201 };

json_t *answer_write(const struct submission *sub)
{
    char recorded[CIVIL_TIME_SIZE];
    civil_format_time(sub->recorded_ms, CIVIL_CHINA_MIN, recorded);
    return json_pack("{s:s,s:s,s:s,s:I,s:I,s:s}", "act", sub->act, "subject", sub->made, "root", sub->root,
                     "rev", (json_int_t)sub->rev, "pos", (json_int_t)sub->pos, "recorded", recorded);
}

static struct idempotency_key key_of(const struct submission *sub)
{
    struct idempotency_key key = {.scope = sub->scope, .key = sub->key};
    memcpy(key.request_hash, sub->request_hash, sizeof key.request_hash);
    return key;
}

static void copy_id(char out[UUID_TEXT_SIZE], const char *text)
{
    if (uuid_valid(text))
        memcpy(out, text, UUID_TEXT_SIZE);
}

static enum errc read_back(const struct kept_answer *kept, struct submission *sub, struct err *err)
{
    json_t *doc = NULL;
    enum errc rc = doc_parse_object(kept->bytes, kept->size_bytes, &doc, err);
    if (rc < 0)
        return rc;
    copy_id(sub->act, json_string_value(json_object_get(doc, "act")));
    copy_id(sub->made, json_string_value(json_object_get(doc, "subject")));
    copy_id(sub->root, json_string_value(json_object_get(doc, "root")));
    sub->rev = json_integer_value(json_object_get(doc, "rev"));
    sub->pos = json_integer_value(json_object_get(doc, "pos"));
    sub->repeated = true;
    rc = civil_parse_time(json_string_value(json_object_get(doc, "recorded")), &sub->recorded_ms, err);
    json_decref(doc);
    return rc;
}

enum errc answer_recall(struct desk *desk, struct submission *sub, struct arena *arena, bool *out_known,
                        struct err *err)
{
    struct kept_answer kept;
    *out_known = false;
    if (!sub->key || !*sub->key)
        return ERR_OK;
    struct idempotency_key key = key_of(sub);
    enum errc rc = idempotency_get(desk_parts(desk)->store, &key, arena, &kept, err);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc >= 0)
        rc = read_back(&kept, sub, err);
    *out_known = rc >= 0;
    return rc;
}

enum errc answer_keep(struct desk *desk, const struct submission *sub, struct err *err)
{
    if (!sub->key || !*sub->key)
        return ERR_OK;
    struct buf text;
    json_t *doc = answer_write(sub);
    buf_init(&text, ANSWER_BYTES_MAX);
    enum errc rc = doc_write(doc, &text, err);
    struct kept_answer kept = {.status = STATUS_MADE, .bytes = text.data, .size_bytes = text.size_bytes};
    struct idempotency_key key = key_of(sub);
    if (rc >= 0)
        rc = idempotency_save(desk_parts(desk)->store, &key, &kept, sub->recorded_ms, err);
    json_decref(doc);
    buf_done(&text);
    return rc;
}
