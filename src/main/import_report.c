#include "main/import_report.h"

#include "base/civil.h"
#include "base/hash.h"
#include "base/str.h"
#include "domain/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX_CHARS = 4000, SOURCE_MAX_CHARS = 200, MARK_BYTES = 8 };

/* ---- times ---- */

struct parts {
    int at[6]; /* year, month, day, hour, minute, second */
    size_t count;
};

/* Numbers parted by anything that is no digit; false when something cannot belong to a time. */
static bool read_parts(const char *text, struct parts *out)
{
    *out = (struct parts){{0, 1, 1, 0, 0, 0}, 0};
    while (*text) {
        char *end = NULL;
        size_t gap = strcspn(text, "0123456789");
        text += gap;
        if (!*text)
            break;
        if (out->count == 6 || gap > strlen("年") + 1)
            return false;
        long number = strtol(text, &end, 10);
        if (number > 9999)
            return false;
        out->at[out->count++] = (int)number;
        text = end;
    }
    return out->count > 0 && out->at[0] >= 1900 && out->at[0] <= 2100;
}

static bool has_clock(const struct parts *parts)
{
    return parts->count > 3;
}

static const char *note_of(const char *text, const struct parts *parts, int day, struct arena *arena)
{
    if (day != parts->at[2])
        return arena_printf(arena, "the date '%.40s' does not exist; put on day %d, kept as written", text,
                            day);
    if (parts->count < 3)
        return arena_printf(arena, "'%.40s' names no day; put on the first, kept as written", text);
    if (!has_clock(parts))
        return arena_printf(arena, "'%.40s' names no hour; put on 00:00, kept as written", text);
    return NULL;
}

enum errc import_time(const char *text, struct arena *arena, const char **out, const char **out_note,
                      struct err *err)
{
    int64_t ms = 0;
    struct parts parts;
    *out_note = NULL;
    if (civil_parse_time(text, &ms, NULL) >= 0) {
        *out = text;
        return ERR_OK;
    }
    if (!read_parts(text, &parts))
        return err_set(err, ERR_INVALID, "'%.60s' is no date that can be read", text);
    int days = civil_month_days(parts.at[0], parts.at[1]);
    bool clock = parts.at[3] < 24 && parts.at[4] < 60 && parts.at[5] < 60;
    if (days == 0 || parts.at[2] < 1 || parts.at[2] > 31 || !clock)
        return err_set(err, ERR_INVALID, "'%.60s' is no date, and none is near", text);
    int day = parts.at[2] > days ? days : parts.at[2];
    *out = arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", parts.at[0], parts.at[1], day,
                        parts.at[3], parts.at[4], parts.at[5]);
    *out_note = note_of(text, &parts, day, arena);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for a time");
}

/* ---- texts ---- */

static const struct {
    const char *mark;
    const char *text;
} ENTITIES[] = {{"&amp;", "&"},   {"&lt;", "<"},  {"&gt;", ">"},
                {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}};

static size_t entity(const char *text, struct buf *out)
{
    for (size_t i = 0; i < sizeof ENTITIES / sizeof ENTITIES[0]; i++)
        if (strncmp(text, ENTITIES[i].mark, strlen(ENTITIES[i].mark)) == 0) {
            buf_adds(out, ENTITIES[i].text);
            return strlen(ENTITIES[i].mark);
        }
    buf_add(out, text, 1);
    return 1;
}

static const char *without_marks(const char *text, struct arena *arena)
{
    struct buf plain;
    buf_init(&plain, DOC_BYTES_MAX);
    while (*text) {
        const char *end = *text == '<' ? strchr(text, '>') : NULL;
        text += end ? (size_t)(end - text) + 1 : entity(text, &plain);
    }
    const char *copy = plain.failed ? NULL
                                    : arena_strndup(arena, plain.data ? plain.data : "", plain.size_bytes);
    buf_done(&plain);
    return copy;
}

/* A cell as text: numbers and truth values of JSON as they are written. */
static const char *cell_text(const json_t *value, struct arena *arena)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        return arena_printf(arena, "%lld", (long long)json_integer_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    return NULL;
}

/* ---- one field ---- */

struct making {
    const struct import_map *map;
    const struct act_row *act;
    const json_t *values;
    struct arena *arena;
    struct import_report *out;
};

static enum errc note(const struct making *making, const char *field, const char *text, struct err *err)
{
    const char *line = text ? arena_printf(making->arena, "%s: %s", field, text) : NULL;
    return line && json_array_append_new(making->out->notes, json_string(line)) == 0
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for a note");
}

static enum errc no_word(const struct import_field *field, const char *text, struct err *err)
{
    return err_field(err, ERR_INVALID, field->field, "the map has no word for '%.60s'", text);
}

/* NULL in *out: the field is left out. */
static enum errc field_text(const struct making *making, const struct import_field *field, const char **out,
                            struct err *err)
{
    const char *text = field->from ? cell_text(json_object_get(making->values, field->from), making->arena)
                                   : field->text;
    if (!text || !*text)
        text = field->otherwise;
    *out = text;
    for (uint32_t i = 0; text && i < field->words_count; i++) {
        if (streq(field->words[i].from, text)) {
            *out = field->words[i].to;
            return ERR_OK;
        }
    }
    if (text && field->words_count > 0)
        return no_word(field, text, err);
    if (text && field->html)
        *out = text = without_marks(text, making->arena);
    if (text && field->before)
        *out = arena_printf(making->arena, "%s%s", field->before, text);
    return making->arena->exhausted ? err_set(err, ERR_NOMEM, "no memory for a row") : ERR_OK;
}

/* At most so many characters, with a sign that there were more. */
static const char *cut(const char *text, size_t chars_max, struct arena *arena)
{
    size_t size = strlen(text);
    size_t at = 0;
    if (!utf8_valid(text, size) || utf8_count(text, size) <= chars_max)
        return text;
    for (size_t i = 0; i + 1 < chars_max; i++)
        (void)utf8_next(text, size, &at);
    return arena_printf(arena, "%.*s…", (int)at, text);
}

static enum errc put_text(const struct making *making, const struct field_row *row, const char *text,
                          json_t *into, struct err *err)
{
    size_t size = strlen(text);
    size_t max = row->max > 0 ? (size_t)row->max : TEXT_MAX_CHARS;
    enum errc rc = ERR_OK;
    if (!utf8_valid(text, size))
        return err_field(err, ERR_INVALID, row->name, "the text is not valid UTF-8");
    if (utf8_count(text, size) > max) {
        rc = note(making, row->name, arena_printf(making->arena, "cut to %zu characters", max), err);
        text = cut(text, max, making->arena);
    }
    if (rc >= 0 && (!text || json_object_set_new(into, row->name, json_string(text)) < 0))
        rc = err_set(err, ERR_NOMEM, "no memory for a row");
    return rc;
}

static enum errc put_time(const struct making *making, const struct field_row *row, const char *text,
                          struct err *err)
{
    const char *time = NULL;
    const char *said = NULL;
    enum errc rc = import_time(text, making->arena, &time, &said, err);
    if (rc < 0) {
        err_field_prefix(err, row->name);
        return rc;
    }
    (void)json_object_set_new(making->out->body, row->name, json_string(time));
    if (!said)
        return ERR_OK;
    if (streq(row->name, "occurred"))
        (void)json_object_set_new(making->out->body, "occurred_raw", json_stringn(text, strnlen(text, 60)));
    return note(making, row->name, said, err);
}

static enum errc put_list(const struct making *making, const struct field_row *row, const char *text)
{
    json_t *list = json_array();
    (void)making;
    while (*text) {
        size_t n = strcspn(text, ",;|");
        if (n > 0)
            (void)json_array_append_new(list, json_stringn(text, n));
        text += n + (text[n] != '\0');
    }
    return json_object_set_new(making->out->body, row->name, list) == 0 ? ERR_OK : ERR_NOMEM;
}

static enum errc to_number(const char *field, const char *text, json_t **out, struct err *err)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0')
        return err_field(err, ERR_INVALID, field, "'%.60s' is no whole number", text);
    *out = json_integer(number);
    return ERR_OK;
}

static enum errc to_truth(const char *field, const char *text, json_t **out, struct err *err)
{
    bool yes = streq(text, "true") || streq(text, "yes") || streq(text, "1") || streq(text, "是");
    bool no = streq(text, "false") || streq(text, "no") || streq(text, "0") || streq(text, "否");
    if (!yes && !no)
        return err_field(err, ERR_INVALID, field, "'%.60s' is neither yes nor no", text);
    *out = json_boolean(yes);
    return ERR_OK;
}

/* ---- facts ---- */

static enum errc fact_value(const char *path, const char *text, json_t **out, struct err *err)
{
    switch (fact_type((enum fact_id)fact_parse(path))) {
    case FACT_IS_BOOL: return to_truth(path, text, out, err);
    case FACT_IS_COUNT: return to_number(path, text, out, err);
    case FACT_IS_WORDS:
    case FACT_IS_REGIONS: *out = json_pack("[s]", text); return ERR_OK;
    case FACT_IS_WORD:
    case FACT_IS_TEXT: break;
    }
    *out = json_string(text);
    return ERR_OK;
}

/* "scope.provinces" makes {"scope": {"provinces": …}}. */
static enum errc put_fact(const struct making *making, const char *path, const char *text, struct err *err)
{
    json_t *value = NULL;
    json_t *at = json_object_get(making->out->body, "facts");
    const char *dot = strchr(path, '.');
    enum errc rc = fact_value(path, text, &value, err);
    if (rc < 0)
        return rc;
    if (!at) {
        at = json_object();
        (void)json_object_set_new(making->out->body, "facts", at);
    }
    const char *group = dot ? arena_strndup(making->arena, path, (size_t)(dot - path)) : NULL;
    if (group && !json_object_get(at, group))
        (void)json_object_set_new(at, group, json_object());
    at = group ? json_object_get(at, group) : at;
    return json_object_set_new(at, dot ? dot + 1 : path, value) == 0
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for a fact");
}

/* ---- the whole ---- */

static enum errc put_field(const struct making *making, const struct import_field *field, struct err *err)
{
    static const char FACTS[] = "facts.";
    const struct field_row *row = act_row_field(making->act, field->field);
    const char *text = NULL;
    json_t *value = NULL;
    enum errc rc = field_text(making, field, &text, err);
    if (rc < 0 || !text || !*text)
        return rc;
    if (!row)
        return put_fact(making, field->field + strlen(FACTS), text, err);
    switch ((int)row->type) {
    case FIELD_TIME: return put_time(making, row, text, err);
    case FIELD_REGIONS:
    case FIELD_TEXTS:
    case FIELD_NODES:
    case FIELD_ENUMS: return put_list(making, row, text);
    case FIELD_INT: rc = to_number(row->name, text, &value, err); break;
    case FIELD_BOOL: rc = to_truth(row->name, text, &value, err); break;
    default: return put_text(making, row, text, making->out->body, err);
    }
    return rc < 0 ? rc : json_object_set_new(making->out->body, row->name, value) == 0 ? ERR_OK : ERR_NOMEM;
}

static enum errc put_source(const struct making *making, struct err *err)
{
    const struct field_row *row = act_row_field(making->act, "source");
    const char *id = cell_text(json_object_get(making->values, making->map->id), making->arena);
    struct hasher *hasher = NULL;
    uint8_t hash[HASH_SIZE];
    char hex[HASH_TEXT_SIZE];
    if (!id || !*id)
        return err_field(err, ERR_INVALID, making->map->id, "the row has no id in this column");
    enum errc rc = hasher_new(SUITE_P256_SHA256, &hasher, err);
    if (rc < 0)
        return rc;
    hash_begin(hasher);
    hash_add(hasher, making->map->source, strlen(making->map->source) + 1);
    hash_add(hasher, id, strlen(id));
    rc = hash_end(hasher, hash, err);
    hasher_free(hasher);
    hex_encode(hash, MARK_BYTES, hex);
    (void)snprintf(making->out->mark, sizeof making->out->mark, "import-%.16s", hex);
    const char *table = cut(making->map->source, SOURCE_MAX_CHARS, making->arena);
    const char *row_id = cut(id, SOURCE_MAX_CHARS, making->arena);
    const char *text = table && row_id
                           ? arena_printf(making->arena, "导入 %s：%s %s", table, row_id, making->out->mark)
                           : NULL;
    if (rc >= 0 && !text)
        rc = err_set(err, ERR_NOMEM, "no memory for a row");
    return rc < 0 ? rc : put_text(making, row, text, making->out->body, err);
}

enum errc import_report_make(const struct import_map *map, const struct act_row *act, const json_t *values,
                             struct arena *arena, struct import_report *out, struct err *err)
{
    struct import_report report = {.body = json_object(), .notes = json_array()};
    struct making making = {map, act, values, arena, &report};
    enum errc rc = report.body && report.notes ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for a row");
    for (uint32_t i = 0; rc >= 0 && i < map->fields_count; i++)
        rc = put_field(&making, &map->fields[i], err);
    if (rc >= 0)
        rc = put_source(&making, err);
    if (rc < 0) {
        json_decref(report.body);
        json_decref(report.notes);
        return rc;
    }
    *out = report;
    return ERR_OK;
}
