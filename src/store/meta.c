#include "store/meta.h"

#include "store/store_internal.h"

#include <inttypes.h>

enum { NUMBER_TEXT_SIZE = 24 };

enum errc meta_get(struct store *store, const char *name, struct arena *arena, const char **out,
                   struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = row_first(store->db, SQL(META_GET), DB_VALUES(db_of_text(name)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "the store holds no value \"%s\"", name);
    if (rc < 0)
        return rc;
    const char *value = db_text(rows, 0, arena);
    db_finish(rows);
    rc = row_check(arena, err);
    if (rc == ERR_OK)
        *out = value;
    return rc;
}

enum errc meta_set(struct store *store, const char *name, const char *value, struct err *err)
{
    return db_run(store->db, SQL(META_SET), DB_VALUES(db_of_text(name), db_of_text(value)), NULL, err);
}

enum errc meta_get_int(struct store *store, const char *name, int64_t *out, struct err *err)
{
    struct arena arena;
    const char *text = NULL;
    arena_init(&arena, 4096);
    enum errc rc = meta_get(store, name, &arena, &text, err);
    if (rc == ERR_NOT_FOUND) {
        *out = 0;
        rc = ERR_OK;
    } else if (rc == ERR_OK) {
        char *end = NULL;
        int64_t value = strtoll(text, &end, 10);
        if (end == text || *end != '\0')
            rc = err_set(err, ERR_DAMAGED, "the stored value \"%s\" is not a number", name);
        else
            *out = value;
    }
    arena_done(&arena);
    return rc;
}

enum errc meta_set_int(struct store *store, const char *name, int64_t value, struct err *err)
{
    char text[NUMBER_TEXT_SIZE];
    (void)snprintf(text, sizeof text, "%" PRId64, value);
    return meta_set(store, name, text, err);
}
