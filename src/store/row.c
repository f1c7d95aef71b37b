#include "store/row.h"

#include <string.h>

enum { LIST_BYTES_MAX = 1 << 20 };

enum errc row_first(struct db *db, const struct db_sql *sql, const struct db_value *values, size_t count,
                    struct db_rows **out, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    enum errc rc = db_query(db, sql, values, count, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    if (rc == ERR_OK && !more)
        rc = err_set(err, ERR_NOT_FOUND, "there is no such record");
    if (rc < 0) {
        db_finish(rows);
        return rc;
    }
    *out = rows;
    return ERR_OK;
}

enum errc row_name(struct db_rows *rows, int at, char out[PROOF_NAME_MAX + 1], struct err *err)
{
    struct db_value value = db_column(rows, at);
    if (!value.bytes || value.size_bytes > PROOF_NAME_MAX)
        return err_set(err, ERR_DAMAGED, "a stored node id has %zu bytes", value.size_bytes);
    memcpy(out, value.bytes, value.size_bytes);
    out[value.size_bytes] = '\0';
    return ERR_OK;
}

enum errc row_hash(struct db_rows *rows, int at, uint8_t out[HASH_SIZE], struct err *err)
{
    struct db_value value = db_column(rows, at);
    if (value.size_bytes != HASH_SIZE)
        return err_set(err, ERR_DAMAGED, "a stored hash has %zu bytes", value.size_bytes);
    memcpy(out, value.bytes, HASH_SIZE);
    return ERR_OK;
}

enum errc row_signature(struct db_rows *rows, int at, struct signature *out, struct err *err)
{
    struct db_value value = db_column(rows, at);
    if (value.size_bytes > SIGN_SIZE_MAX)
        return err_set(err, ERR_DAMAGED, "a stored signature has %zu bytes", value.size_bytes);
    *out = (struct signature){.size_bytes = value.size_bytes};
    if (value.size_bytes > 0)
        memcpy(out->bytes, value.bytes, value.size_bytes);
    return ERR_OK;
}

enum errc row_suite(struct db_rows *rows, int at, enum suite *out, struct err *err)
{
    struct db_value value = db_column(rows, at);
    int suite = suite_parse(value.bytes);
    if (suite < 0)
        return err_set(err, ERR_DAMAGED, "a stored signature suite is unknown");
    *out = (enum suite)suite;
    return ERR_OK;
}

static void drop_doc(void *doc)
{
    json_decref(doc);
}

enum errc row_doc(struct db_rows *rows, int at, struct arena *arena, json_t **out, struct err *err)
{
    struct db_value value = db_column(rows, at);
    json_t *doc = NULL;
    enum errc rc = doc_parse(value.bytes ? value.bytes : "", value.size_bytes, &doc, err);
    if (rc == ERR_SYNTAX)
        return err_set(err, ERR_DAMAGED, "a stored document cannot be read");
    if (rc < 0)
        return rc;
    if (!arena_tie(arena, drop_doc, doc))
        return row_check(arena, err);
    *out = doc;
    return ERR_OK;
}

enum errc row_texts(struct db_rows *rows, int at, struct arena *arena, const char ***out, size_t *out_count,
                    struct err *err)
{
    json_t *doc = NULL;
    enum errc rc = row_doc(rows, at, arena, &doc, err);
    if (rc < 0)
        return rc;
    size_t count = json_array_size(doc);
    const char **texts = arena_array(arena, count + 1, sizeof *texts);
    if (!texts)
        return row_check(arena, err);
    for (size_t i = 0; i < count; i++) {
        texts[i] = json_string_value(json_array_get(doc, i));
        if (!texts[i])
            return err_set(err, ERR_DAMAGED, "a stored list holds something else than texts");
    }
    *out = texts;
    *out_count = count;
    return ERR_OK;
}

const char *row_list(const char *const *texts, size_t count, struct arena *arena)
{
    const char *list = NULL;
    struct buf buf;
    buf_init(&buf, LIST_BYTES_MAX);
    json_t *doc = json_array();
    bool made = doc != NULL;
    for (size_t i = 0; made && i < count; i++)
        made = json_array_append_new(doc, json_string(texts[i])) == 0;
    if (made && doc_write(doc, &buf, NULL) == ERR_OK)
        list = arena_strndup(arena, buf.data, buf.size_bytes);
    else
        arena->exhausted = true;
    json_decref(doc);
    buf_done(&buf);
    return list;
}

enum errc row_check(const struct arena *arena, struct err *err)
{
    if (arena->exhausted)
        return err_set(err, ERR_NOMEM, "the answer needs more than %zu bytes; ask for less",
                       arena->cap_bytes);
    return ERR_OK;
}
