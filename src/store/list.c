#include "store/list.h"

#include <string.h>

enum { IN_MAX = 16 };

void list_init(struct list *list, const char *fragment)
{
    *list = (struct list){0};
    buf_init(&list->text, LIST_TEXT_MAX);
    buf_adds(&list->text, fragment);
}

void list_done(struct list *list)
{
    buf_done(&list->text);
}

void list_add(struct list *list, const char *fragment, const struct db_value *values, size_t count)
{
    size_t used = 0;
    for (const char *at = fragment; *at != '\0';) {
        size_t plain = strcspn(at, "?");
        buf_add(&list->text, at, plain);
        at += plain;
        if (*at == '\0')
            break;
        at++;
        if (used == count || list->count == LIST_VALUES_MAX) {
            list->failed = true;
            return;
        }
        list->values[list->count++] = values[used++];
        buf_addf(&list->text, "$%zu", list->count);
    }
    if (used != count)
        list->failed = true;
}

void list_where(struct list *list, const char *fragment, const struct db_value *values, size_t count)
{
    buf_adds(&list->text, list->filtered ? " AND " : " WHERE ");
    list->filtered = true;
    list_add(list, fragment, values, count);
}

void list_where_in(struct list *list, const char *column, const struct db_value *values, size_t count)
{
    if (count == 0)
        return;
    if (count > IN_MAX) {
        list->failed = true;
        return;
    }
    list_where(list, column, NULL, 0);
    list_add(list, " IN (?", values, 1);
    for (size_t i = 1; i < count; i++)
        list_add(list, ", ?", &values[i], 1);
    buf_adds(&list->text, ")");
}

enum errc list_query(struct list *list, struct db *db, struct db_rows **out, struct err *err)
{
    if (list->failed)
        return err_set(err, ERR_LIMIT, "the filter holds more conditions than one query takes");
    enum errc rc = buf_check(&list->text, err);
    if (rc < 0)
        return rc;
    struct db_sql sql = {SQL_BUILT, list->text.data};
    return db_query(db, &sql, list->values, list->count, out, err);
}
