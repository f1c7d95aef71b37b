#include "base/doc.h"

#include "base/str.h"

#include <string.h>

/* jansson limits depth only at its own compile time, so the depth is counted before it reads. */
static enum errc check_depth(const char *text, size_t size_bytes, struct err *err)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < size_bytes; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > DOC_DEPTH_MAX)
                return err_set(err, ERR_LIMIT, "nested deeper than %d levels", DOC_DEPTH_MAX);
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return ERR_OK;
}

/* The key before the value that ends at `at`, for a number that no document can hold. */
static void name_key(const char *text, size_t at, char *out, size_t out_bytes)
{
    while (at > 0 && text[at - 1] != ':')
        at--;
    while (at > 0 && text[at - 1] != '"')
        at--;
    size_t end = at > 0 ? at - 1 : 0;
    size_t begin = end;
    while (begin > 0 && text[begin - 1] != '"')
        begin--;
    (void)snprintf(out, out_bytes, "%.*s", (int)(end - begin), text + begin);
}

enum errc doc_parse(const char *text, size_t size_bytes, json_t **out, struct err *err)
{
    if (size_bytes > DOC_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "%zu bytes of JSON, at most %d are taken", size_bytes, DOC_BYTES_MAX);
    if (!utf8_valid(text, size_bytes))
        return err_set(err, ERR_SYNTAX, "the text is not valid UTF-8");
    if (size_bytes > 0 && memchr(text, '\0', size_bytes))
        return err_set(err, ERR_SYNTAX, "the text contains a NUL byte");
    enum errc rc = check_depth(text, size_bytes, err);
    if (rc < 0)
        return rc;
    json_error_t at;
    json_t *doc = json_loadb(text, size_bytes, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
    if (!doc) {
        rc = err_set(err, ERR_SYNTAX, "not valid JSON at line %d, column %d: %s", at.line, at.column,
                     at.text);
        if (err)
            err->line = at.line;
        if (err && json_error_code(&at) == json_error_numeric_overflow)
            name_key(text, (size_t)at.position, err->field, sizeof err->field);
        return rc;
    }
    *out = doc;
    return ERR_OK;
}

enum errc doc_parse_object(const char *text, size_t size_bytes, json_t **out, struct err *err)
{
    json_t *doc = NULL;
    enum errc rc = doc_parse(text, size_bytes, &doc, err);
    if (rc < 0)
        return rc;
    if (!json_is_object(doc)) {
        json_decref(doc);
        return err_set(err, ERR_INVALID, "a JSON object is expected");
    }
    *out = doc;
    return ERR_OK;
}

static int append(const char *bytes, size_t size_bytes, void *context)
{
    struct buf *buf = context;
    buf_add(buf, bytes, size_bytes);
    return buf->failed ? -1 : 0;
}

enum errc doc_write(const json_t *doc, struct buf *out, struct err *err)
{
    if (json_dump_callback(doc, append, out, JSON_COMPACT | JSON_ENCODE_ANY) < 0 && !out->failed)
        return err_set(err, ERR_NOMEM, "the document could not be written");
    return buf_check(out, err);
}

enum errc doc_only(json_t *object, const char *const *names, size_t count, struct err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (i < count && !streq(key, names[i]))
            i++;
        if (i == count)
            return err_field(err, ERR_INVALID, key, "there is no such field here");
    }
    return ERR_OK;
}

/* The field, or NULL when it is absent or null; then *rc says whether that is allowed. */
static json_t *field(json_t *object, const char *name, enum doc_need need, enum errc *rc, struct err *err)
{
    json_t *value = json_object_get(object, name);
    *rc = ERR_OK;
    if (value && !json_is_null(value))
        return value;
    if (need == DOC_REQUIRED)
        *rc = err_field(err, ERR_INVALID, name, "this field is required");
    return NULL;
}

enum errc doc_text(json_t *object, const char *name, enum doc_need need, size_t chars_max, const char **out,
                   struct err *err)
{
    enum errc rc;
    json_t *value = field(object, name, need, &rc, err);
    if (!value)
        return rc;
    if (!json_is_string(value))
        return err_field(err, ERR_INVALID, name, "a text is expected");
    const char *text = json_string_value(value);
    size_t count = utf8_count(text, json_string_length(value));
    if (count > chars_max)
        return err_field(err, ERR_INVALID, name, "%zu characters, at most %zu are taken", count, chars_max);
    if (need == DOC_REQUIRED && count == 0)
        return err_field(err, ERR_INVALID, name, "this field must not be empty");
    *out = text;
    return ERR_OK;
}

enum errc doc_int(json_t *object, const char *name, enum doc_need need, int64_t min, int64_t max,
                  int64_t *out, struct err *err)
{
    enum errc rc;
    json_t *value = field(object, name, need, &rc, err);
    if (!value)
        return rc;
    if (!json_is_integer(value))
        return err_field(err, ERR_INVALID, name, "a whole number is expected");
    int64_t number = json_integer_value(value);
    if (number < min || number > max)
        return err_field(err, ERR_INVALID, name, "%lld is outside %lld to %lld", (long long)number,
                         (long long)min, (long long)max);
    *out = number;
    return ERR_OK;
}

enum errc doc_bool(json_t *object, const char *name, enum doc_need need, bool *out, struct err *err)
{
    enum errc rc;
    json_t *value = field(object, name, need, &rc, err);
    if (!value)
        return rc;
    if (!json_is_boolean(value))
        return err_field(err, ERR_INVALID, name, "true or false is expected");
    *out = json_is_true(value);
    return ERR_OK;
}

enum errc doc_object(json_t *object, const char *name, enum doc_need need, json_t **out, struct err *err)
{
    enum errc rc;
    json_t *value = field(object, name, need, &rc, err);
    if (!value)
        return rc;
    if (!json_is_object(value))
        return err_field(err, ERR_INVALID, name, "an object is expected");
    *out = value;
    return ERR_OK;
}

enum errc doc_array(json_t *object, const char *name, enum doc_need need, size_t count_max, json_t **out,
                    struct err *err)
{
    enum errc rc;
    json_t *value = field(object, name, need, &rc, err);
    if (!value)
        return rc;
    if (!json_is_array(value))
        return err_field(err, ERR_INVALID, name, "a list is expected");
    if (json_array_size(value) > count_max)
        return err_field(err, ERR_INVALID, name, "%zu entries, at most %zu are taken", json_array_size(value),
                         count_max);
    *out = value;
    return ERR_OK;
}
