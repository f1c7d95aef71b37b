#include "domain/pack_diff.h"

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

static cyaml_config_t config(void)
{
    return (cyaml_config_t){.mem_fn = cyaml_mem, .flags = CYAML_CFG_STYLE_BLOCK};
}

/* A row as text, to be freed by drop; NULL when out of memory. */
static char *write_row(const cyaml_schema_field_t *fields, size_t row_bytes, const void *row)
{
    cyaml_config_t cfg = config();
    cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, char, fields)};
    char *text = NULL;
    size_t size_bytes = 0;
    schema.data_size = (uint32_t)row_bytes;
    if (cyaml_save_data(&text, &size_bytes, &cfg, &schema, row, 0) != CYAML_OK)
        return NULL;
    /* libcyaml's text has no end. */
    char *whole = cyaml_mem(NULL, text, size_bytes + 1);
    if (whole)
        whole[size_bytes] = '\0';
    else
        (void)cyaml_mem(NULL, text, 0);
    return whole;
}

static void drop(char *text)
{
    if (text)
        (void)cyaml_mem(NULL, text, 0);
}

/* What is compared: the rows of a list, or the description of the pack. */
struct kind {
    const char *list;
    const cyaml_schema_field_t *fields;
    size_t row_bytes;
};

/* Two rows of one id; either may be NULL. Nothing is told when they read the same. */
static enum errc compare(const struct diff *diff, const struct kind *kind, const char *id, const void *before,
                         const void *after, struct err *err)
{
    enum errc rc = ERR_OK;
    char *old = before ? write_row(kind->fields, kind->row_bytes, before) : NULL;
    char *new = after ? write_row(kind->fields, kind->row_bytes, after) : NULL;
    if ((before && !old) || (after && !new)) {
        rc = err_set(err, ERR_NOMEM, "out of memory");
    } else if (!streq(old, new)) {
        const struct pack *pack = diff->a ? diff->a : diff->b;
        struct pack_change change = {pack->head->id, kind->list, id, old, new};
        rc = diff->visit(diff->context, &change, err);
    }
    drop(old);
    drop(new);
    return rc;
}

static const void *row_at(const struct pack *pack, enum pack_list list, uint32_t index)
{
    return (const char *)pack_rows(pack, list) + PACK_LISTS[list].row_bytes * index;
}

static enum errc compare_list(const struct diff *diff, enum pack_list list, struct err *err)
{
    const struct pack_list_info *info = &PACK_LISTS[list];
    struct kind kind = {info->key, info->fields, info->row_bytes};
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
    struct kind kind = {"", PACK_HEAD, sizeof(struct pack_head)};
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
