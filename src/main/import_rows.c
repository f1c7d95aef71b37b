#include "main/import_rows.h"

#include <string.h>

static void drop(void *doc)
{
    json_decref(doc);
}

struct reading {
    struct str text;
    struct arena *arena;
    struct import_rows rows;
    size_t room;
    size_t at;
    int line;
    char separator;
};

static enum errc add(struct reading *reading, int line, json_t *values, const char *fault, struct err *err)
{
    if (values && !arena_tie(reading->arena, drop, values)) {
        json_decref(values);
        return err_set(err, ERR_NOMEM, "no memory for the rows");
    }
    if (reading->rows.count == IMPORT_ROWS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d rows; split the file", IMPORT_ROWS_MAX);
    if (reading->rows.count == reading->room) {
        size_t room = reading->room ? reading->room * 2 : 256;
        struct import_row *longer = arena_array(reading->arena, room, sizeof *longer);
        if (!longer)
            return err_set(err, ERR_NOMEM, "no memory for the rows");
        if (reading->rows.count > 0)
            memcpy(longer, reading->rows.at, reading->rows.count * sizeof *longer);
        reading->rows.at = longer;
        reading->room = room;
    }
    reading->rows.at[reading->rows.count++] = (struct import_row){line, values, fault};
    return ERR_OK;
}

/* ---- JSON ---- */

static enum errc read_array(struct reading *reading, struct err *err)
{
    json_t *doc = NULL;
    size_t i;
    json_t *entry;
    enum errc rc = doc_parse(reading->text.p, reading->text.n, &doc, err);
    json_array_foreach(doc, i, entry)
    {
        bool object = json_is_object(entry);
        if (rc >= 0)
            rc = add(reading, (int)i + 1, object ? json_incref(entry) : NULL,
                     object ? NULL : "an object is expected", err);
    }
    json_decref(doc);
    return rc;
}

static enum errc read_json_line(struct reading *reading, struct str line, struct err *err)
{
    json_t *doc = NULL;
    struct err why = {0};
    if (line.n == 0)
        return ERR_OK;
    if (doc_parse_object(line.p, line.n, &doc, &why) >= 0)
        return add(reading, reading->line, doc, NULL, err);
    return add(reading, reading->line, NULL, arena_strdup(reading->arena, why.message), err);
}

static enum errc read_json_lines(struct reading *reading, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t at = 0; rc >= 0 && at < reading->text.n; reading->line++) {
        const char *p = reading->text.p + at;
        const char *end = memchr(p, '\n', reading->text.n - at);
        size_t n = end ? (size_t)(end - p) : reading->text.n - at;
        at += n + 1;
        n -= n > 0 && p[n - 1] == '\r';
        rc = read_json_line(reading, (struct str){p, n}, err);
    }
    return rc;
}

/* ---- CSV (RFC 4180): cells in quotes may hold separators, line ends and doubled quotes ---- */

struct record {
    struct str cells[IMPORT_COLUMNS_MAX];
    size_t count;
    const char *fault;
};

/* Where the closing quote stands; the end of the text when there is none. */
static size_t closing_quote(const struct reading *reading)
{
    const char *text = reading->text.p;
    size_t at = reading->at + 1;
    while (at < reading->text.n && (text[at] != '"' || (at + 1 < reading->text.n && text[at + 1] == '"')))
        at += text[at] == '"' ? 2 : 1;
    return at < reading->text.n ? at : reading->text.n;
}

static struct str quoted_cell(struct reading *reading, struct record *out)
{
    size_t end = closing_quote(reading);
    char *cell = arena_alloc(reading->arena, end - reading->at + 1);
    size_t n = 0;
    if (!cell || end == reading->text.n)
        out->fault = cell ? "a quote is not closed" : "the row is too long";
    for (reading->at++; cell && reading->at < end; reading->at++) {
        char c = reading->text.p[reading->at];
        reading->at += c == '"'; /* doubled */
        reading->line += c == '\n';
        cell[n++] = c;
    }
    reading->at = end + (end < reading->text.n);
    return (struct str){cell ? cell : "", n};
}

static struct str plain_cell(struct reading *reading)
{
    const char *p = reading->text.p + reading->at;
    size_t n = 0;
    size_t left = reading->text.n - reading->at;
    while (n < left && p[n] != reading->separator && p[n] != '\n' && p[n] != '\r')
        n++;
    reading->at += n;
    return (struct str){p, n};
}

/* The separator or line end that stands here; '\\0' when it is something else. */
static char ends_cell(const struct reading *reading)
{
    char c = reading->at < reading->text.n ? reading->text.p[reading->at] : '\n';
    return c == reading->separator || c == '\n' || c == '\r' ? c : '\0';
}

/* The cells up to the end of the record; false behind the last. */
static bool next_record(struct reading *reading, struct record *out)
{
    *out = (struct record){0};
    if (reading->at >= reading->text.n)
        return false;
    for (;;) {
        bool quoted = reading->at < reading->text.n && reading->text.p[reading->at] == '"';
        struct str cell = quoted ? quoted_cell(reading, out) : plain_cell(reading);
        if (out->count < IMPORT_COLUMNS_MAX)
            out->cells[out->count++] = cell;
        else
            out->fault = "too many columns";
        if (ends_cell(reading) == '\0') {
            (void)plain_cell(reading);
            out->fault = "text stands behind a closing quote";
        }
        if (ends_cell(reading) == reading->separator) {
            reading->at++;
            continue;
        }
        reading->at += reading->at < reading->text.n && reading->text.p[reading->at] == '\r';
        reading->at += reading->at < reading->text.n && reading->text.p[reading->at] == '\n';
        return true;
    }
}

static json_t *to_values(struct reading *reading, const struct record *heading, struct record *record)
{
    json_t *values = json_object();
    if (!record->fault && record->count != heading->count)
        record->fault = arena_printf(reading->arena, "%zu cells, and the heading has %zu", record->count,
                                     heading->count);
    for (size_t i = 0; !record->fault && i < record->count; i++) {
        const char *name = arena_strndup(reading->arena, heading->cells[i].p, heading->cells[i].n);
        json_t *value = json_stringn(record->cells[i].p, record->cells[i].n);
        if (!name || !value || json_object_set_new(values, name, value) < 0)
            record->fault = "the text is not valid UTF-8";
    }
    if (!record->fault)
        return values;
    json_decref(values);
    return NULL;
}

static enum errc read_csv(struct reading *reading, struct err *err)
{
    struct record heading;
    struct record record;
    if (reading->text.n >= 3 && memcmp(reading->text.p, "\xEF\xBB\xBF", 3) == 0)
        reading->at = 3;
    if (!next_record(reading, &heading) || heading.fault)
        return err_set(err, ERR_SYNTAX, "the heading, line 1, cannot be read: %s",
                       heading.fault ? heading.fault : "the file is empty");
    reading->line++;
    enum errc rc = ERR_OK;
    int line = reading->line;
    while (rc >= 0 && next_record(reading, &record)) {
        bool empty = record.count == 1 && record.cells[0].n == 0;
        json_t *values = empty ? NULL : to_values(reading, &heading, &record);
        if (!empty)
            rc = add(reading, line, values, record.fault, err);
        line = ++reading->line;
    }
    return rc;
}

enum errc import_rows_read(struct str text, const struct import_map *map, struct arena *arena,
                           struct import_rows *out, struct err *err)
{
    struct reading reading = {.text = text,
                              .arena = arena,
                              .line = 1,
                              .separator = map->separator && *map->separator ? *map->separator : ','};
    size_t at = strspn(text.p, " \t\r\n");
    enum errc rc = map->format == IMPORT_CSV          ? read_csv(&reading, err)
                   : at < text.n && text.p[at] == '[' ? read_array(&reading, err)
                                                      : read_json_lines(&reading, err);
    if (rc >= 0)
        *out = reading.rows;
    return rc;
}
