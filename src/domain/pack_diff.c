#include "domain/pack_diff.h"

#include "base/buf.h"
#include "base/str.h"
#include "domain/calendar.h"
#include "domain/pack_schema.h"

#include <string.h>

/* One comparison of two packs. */
struct diff {
    const struct pack *a;
    const struct pack *b;
    pack_diff_fn visit;
    void *context;
};

enum { ROW_TEXT_MAX = 256 << 10 };

/* A row as lines "deadline.n: 10", by the schema that read it. What is absent has no line. */
static void write_fields(struct buf *out, const char *prefix, const cyaml_schema_field_t *fields,
                         const char *row);

static int64_t read_int(const char *at, size_t size_bytes)
{
    int8_t one = 0;
    int32_t four = 0;
    int64_t eight = 0;
    if (size_bytes == sizeof eight)
        memcpy(&eight, at, sizeof eight);
    else if (size_bytes == sizeof four)
        memcpy(&four, at, sizeof four);
    else
        memcpy(&one, at, sizeof one);
    return size_bytes == sizeof eight ? eight : size_bytes == sizeof four ? four : one;
}

static const char *read_text(const char *at)
{
    const char *text = NULL;
    memcpy(&text, at, sizeof text);
    return text;
}

static const char *word_of(const cyaml_schema_value_t *value, int64_t number)
{
    for (uint32_t i = 0; i < value->enumeration.count; i++)
        if (value->enumeration.strings[i].val == number)
            return value->enumeration.strings[i].str;
    return NULL;
}

/* Every line of a text begins with its key, so that a changed line is told alone. */
static void write_text(struct buf *out, const char *path, const char *text)
{
    for (const char *p = text; p && *p;) {
        size_t n = strcspn(p, "\n");
        buf_addf(out, "%s: %.*s\n", path, (int)n, p);
        p += n + (p[n] == '\n');
    }
}

/* A list of texts or words on one line; of mappings, each with its number. */
static void write_list(struct buf *out, const char *path, const cyaml_schema_value_t *list, const char *rows,
                       uint32_t count)
{
    const cyaml_schema_value_t *entry = list->sequence.entry;
    if (entry->type == CYAML_MAPPING) {
        for (uint32_t i = 0; i < count; i++) {
            char item[120];
            (void)snprintf(item, sizeof item, "%s[%u]", path, i);
            write_fields(out, item, entry->mapping.fields, rows + (size_t)entry->data_size * i);
        }
        return;
    }
    buf_addf(out, "%s:", path);
    for (uint32_t i = 0; i < count; i++) {
        const char *at = rows + (entry->type == CYAML_STRING ? sizeof(char *) : entry->data_size) * i;
        const char *word = entry->type == CYAML_STRING ? read_text(at)
                                                       : word_of(entry, read_int(at, entry->data_size));
        buf_addf(out, "%s %s", i ? "," : "", word ? word : "");
    }
    buf_adds(out, "\n");
}

static void write_value(struct buf *out, const char *path, const cyaml_schema_field_t *field, const char *row)
{
    const cyaml_schema_value_t *value = &field->value;
    const char *at = row + field->data_offset;
    if (value->type == CYAML_STRING) {
        write_text(out, path, read_text(at));
    } else if (value->type == CYAML_SEQUENCE) {
        uint32_t count = (uint32_t)read_int(row + field->count_offset, field->count_size);
        if (count > 0)
            write_list(out, path, value, read_text(at), count);
    } else if (value->type == CYAML_MAPPING) {
        write_fields(out, path, value->mapping.fields, at);
    } else {
        int64_t number = read_int(at, value->data_size);
        const char *word = value->type == CYAML_ENUM ? word_of(value, number) : NULL;
        bool absent = number == 0 && (value->flags & CYAML_FLAG_OPTIONAL);
        if (word && !absent)
            buf_addf(out, "%s: %s\n", path, word);
        else if (!absent)
            buf_addf(out, "%s: %lld\n", path, (long long)number);
    }
}

static void write_fields(struct buf *out, const char *prefix, const cyaml_schema_field_t *fields,
                         const char *row)
{
    for (; fields->key; fields++) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] ? "." : "", fields->key);
        write_value(out, path, fields, row);
    }
}

/* What is compared: the rows of a list, or the description of the pack. */
struct kind {
    const char *list;
    const cyaml_schema_field_t *fields;
};

/* Two rows of one id; either may be NULL. Nothing is told when they read the same. */
static enum errc compare(const struct diff *diff, const struct kind *kind, const char *id, const void *before,
                         const void *after, struct err *err)
{
    struct buf old;
    struct buf new;
    buf_init(&old, ROW_TEXT_MAX);
    buf_init(&new, ROW_TEXT_MAX);
    if (before)
        write_fields(&old, "", kind->fields, before);
    if (after)
        write_fields(&new, "", kind->fields, after);
    enum errc rc = buf_check(&old, err);
    if (rc == ERR_OK)
        rc = buf_check(&new, err);
    if (rc == ERR_OK && (!before || !after || !streq(old.data, new.data))) {
        const struct pack *pack = diff->a ? diff->a : diff->b;
        struct pack_change change = {pack->head->id, kind->list, id, before ? old.data : NULL,
                                     after ? new.data : NULL};
        rc = diff->visit(diff->context, &change, err);
    }
    buf_done(&old);
    buf_done(&new);
    return rc;
}

static const void *row_at(const struct pack *pack, enum pack_list list, uint32_t index)
{
    return (const char *)pack_rows(pack, list) + PACK_LISTS[list].row_bytes * index;
}

static enum errc compare_list(const struct diff *diff, enum pack_list list, struct err *err)
{
    const struct pack_list_info *info = &PACK_LISTS[list];
    struct kind kind = {info->key, info->fields};
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; diff->a && i < pack_row_count(diff->a, list) && rc == ERR_OK; i++) {
        const char *id = pack_row_id(diff->a, list, i);
        const void *after = diff->b ? pack_row_find(diff->b, list, id) : NULL;
        rc = compare(diff, &kind, id, row_at(diff->a, list, i), after, err);
    }
    for (uint32_t i = 0; diff->b && i < pack_row_count(diff->b, list) && rc == ERR_OK; i++) {
        const char *id = pack_row_id(diff->b, list, i);
        if (!diff->a || !pack_row_find(diff->a, list, id))
            rc = compare(diff, &kind, id, NULL, row_at(diff->b, list, i), err);
    }
    return rc;
}

static enum errc compare_heads(const struct diff *diff, struct err *err)
{
    struct kind kind = {"", PACK_HEAD};
    return compare(diff, &kind, "", diff->a ? diff->a->head : NULL, diff->b ? diff->b->head : NULL, err);
}

/* Roles that a pack shares with the main one would be told once a pack. */
static bool shared(const struct pack *pack, const struct pack_set *set)
{
    const struct pack *main_pack = pack_set_main(set);
    return pack && main_pack && pack != main_pack && pack->roles == main_pack->roles;
}

static enum errc compare_packs(const struct diff *diff, const struct pack_set *a, const struct pack_set *b,
                               struct err *err)
{
    enum errc rc = compare_heads(diff, err);
    for (int l = 0; l < PACK_LIST_COUNT && rc == ERR_OK; l++)
        if (l != PACK_ROLES || !(shared(diff->a, a) || shared(diff->b, b)))
            rc = compare_list(diff, (enum pack_list)l, err);
    return rc;
}

enum errc pack_diff(const struct pack_set *a, const struct pack_set *b, pack_diff_fn visit, void *context,
                    struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < pack_set_count(a) && rc == ERR_OK; i++) {
        const struct pack *pack = pack_set_at(a, i);
        struct diff diff = {pack, pack_set_find(b, pack->head->id), visit, context};
        rc = compare_packs(&diff, a, b, err);
    }
    for (size_t i = 0; i < pack_set_count(b) && rc == ERR_OK; i++) {
        const struct pack *pack = pack_set_at(b, i);
        struct diff diff = {NULL, pack, visit, context};
        if (!pack_set_find(a, pack->head->id))
            rc = compare_packs(&diff, a, b, err);
    }
    return rc;
}

enum errc pack_diff_days(const struct pack_set *a, const struct pack_set *b, pack_diff_day_fn visit,
                         void *context, struct err *err)
{
    int first[2] = {9999, 9999};
    int last[2] = {0, 0};
    const struct calendar *before = pack_set_calendar(a);
    const struct calendar *after = pack_set_calendar(b);
    enum errc rc = ERR_OK;
    (void)calendar_years(before, &first[0], &last[0]); /* without years nothing differs from the weekdays */
    (void)calendar_years(after, &first[1], &last[1]);
    int from = first[0] < first[1] ? first[0] : first[1];
    int until = last[0] > last[1] ? last[0] : last[1];
    int32_t end = civil_to_days((struct civil_date){until + 1, 1, 1});
    for (int32_t day = civil_to_days((struct civil_date){from - 1, 12, 1}); day < end && rc == ERR_OK;
         day++) {
        bool works = calendar_works(after, day, CALENDAR_LATEST);
        if (works != calendar_works(before, day, CALENDAR_LATEST))
            rc = visit(context, day, works, err);
    }
    return rc;
}
