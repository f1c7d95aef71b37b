#include "store/subjects.h"

#include "store/store_internal.h"
#include "store/subjects_row.h"
#include "store/terms.h"

#include <inttypes.h>
#include <string.h>

enum { DOC_SIZE_MAX = DOC_BYTES_MAX };

enum errc subjects_read_row(struct db_rows *rows, bool with_doc, struct arena *arena, struct subject *out,
                            struct err *err)
{
    *out = (struct subject){0};
    out->id = db_text(rows, 1, arena);
    out->type = db_text(rows, 2, arena);
    out->root = db_text(rows, 3, arena);
    out->parent = db_text(rows, 4, arena);
    out->state = db_text(rows, 5, arena);
    out->owner = db_text(rows, 6, arena);
    out->region = db_text(rows, 7, arena);
    out->level = (enum level)db_int(rows, 8);
    out->colour = (enum colour)db_int(rows, 9);
    out->title = db_text(rows, 10, arena);
    out->rev = db_int(rows, 11);
    out->opened_ms = db_int(rows, 12);
    out->updated_ms = db_int(rows, 13);
    enum errc rc = with_doc ? row_doc(rows, 14, arena, &out->doc, err) : ERR_OK;
    return rc == ERR_OK ? row_check(arena, err) : rc;
}

enum errc subjects_load(struct store *store, const char *id, struct arena *arena, struct subject *out,
                        struct err *err)
{
    struct db_rows *rows = NULL;
    struct subject found;
    enum errc rc = row_first(store->db, SQL(SUBJECT_LOAD), DB_VALUES(db_of_text(id)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no matter %s here", id);
    if (rc < 0)
        return rc;
    rc = subjects_read_row(rows, true, arena, &found, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

/* ---- saving --------------------------------------------------------------------------------------- */

/* What stands in the row now. */
struct kept {
    int64_t no; /* 0 = there is none */
    int64_t rev;
    int64_t terms_hash;
    struct buf terms; /* filled only when they must leave the index */
};

static enum errc add_terms(struct buf *terms, const char *title, const json_t *doc, struct err *err)
{
    buf_adds(terms, ""); /* so that there is a text, if an empty one */
    terms_add(terms, title, strlen(title));
    terms_add_doc(terms, doc);
    return terms->failed ? err_set(err, ERR_NOMEM, "out of memory") : ERR_OK;
}

/* The index keeps no text, so what leaves it must be told: it is made again from the old row. */
static enum errc load_kept(struct store *store, const char *id, int64_t new_hash, struct kept *kept,
                           struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = row_first(store->db, SQL(SUBJECT_KEY), DB_VALUES(db_of_text(id)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc < 0)
        return rc;
    kept->no = db_int(rows, 0);
    kept->rev = db_int(rows, 1);
    kept->terms_hash = db_int(rows, 2);
    if (kept->terms_hash != new_hash) {
        struct arena arena;
        json_t *doc = NULL;
        arena_init(&arena, DOC_SIZE_MAX);
        const char *title = db_text(rows, 3, &arena);
        rc = row_doc(rows, 4, &arena, &doc, err);
        if (rc == ERR_OK)
            rc = row_check(&arena, err);
        if (rc == ERR_OK)
            rc = add_terms(&kept->terms, title, doc, err);
        arena_done(&arena);
    }
    db_finish(rows);
    return rc;
}

static enum errc insert(struct store *store, const struct subject *s, const struct db_value *doc,
                        const struct buf *terms, struct err *err)
{
    int64_t last = 0;
    enum errc rc = db_number(store->db, SQL(SUBJECT_LAST_NO), NULL, 0, &last, err);
    if (rc < 0)
        return rc;
    rc = db_run(store->db, SQL(SUBJECT_INSERT),
                DB_VALUES(db_of_int(last + 1), db_of_text(s->id), db_of_text(s->type), db_of_text(s->root),
                          db_of_text(s->parent), db_of_text(s->state), db_of_text(s->owner),
                          db_of_text(s->region), db_of_int((int64_t)s->level), db_of_int((int64_t)s->colour),
                          db_of_text(s->title), db_of_int(s->rev), db_of_int(s->opened_ms),
                          db_of_int(s->updated_ms), db_of_int(terms_hash(terms))),
                NULL, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(SUBJECT_DOC_INSERT), DB_VALUES(db_of_int(last + 1), *doc), NULL, err);
    return rc < 0 ? rc : search_queue_add(&store->search, store->db, last + 1, NULL, terms, err);
}

static enum errc update(struct store *store, const struct subject *s, const struct db_value *doc,
                        const struct buf *terms, const struct kept *kept, struct err *err)
{
    int64_t hash = terms_hash(terms);
    enum errc rc = db_run(store->db, SQL(SUBJECT_UPDATE),
                          DB_VALUES(db_of_text(s->type), db_of_text(s->root), db_of_text(s->parent),
                                    db_of_text(s->state), db_of_text(s->owner), db_of_text(s->region),
                                    db_of_int((int64_t)s->level), db_of_int((int64_t)s->colour),
                                    db_of_text(s->title), db_of_int(s->rev), db_of_int(s->opened_ms),
                                    db_of_int(s->updated_ms), db_of_int(hash), db_of_int(kept->no)),
                          NULL, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(SUBJECT_DOC_UPDATE), DB_VALUES(*doc, db_of_int(kept->no)), NULL, err);
    return rc < 0 || hash == kept->terms_hash
               ? rc
               : search_queue_add(&store->search, store->db, kept->no, &kept->terms, terms, err);
}

static enum errc check_rev(const struct subject *subject, const struct kept *kept, int64_t expected_rev,
                           struct err *err)
{
    int64_t rev = kept->no > 0 ? kept->rev : 0;
    if (rev == expected_rev && (kept->no > 0) == (expected_rev > 0))
        return ERR_OK;
    if (kept->no == 0)
        return err_set(err, ERR_CONFLICT, "matter %s is not there", subject->id);
    if (expected_rev == 0)
        return err_set(err, ERR_CONFLICT, "matter %s is there already", subject->id);
    return err_set(err, ERR_CONFLICT, "matter %s is at revision %" PRId64 ", not %" PRId64, subject->id, rev,
                   expected_rev);
}

enum errc subjects_save(struct store *store, const struct subject *subject, int64_t expected_rev,
                        struct err *err)
{
    struct buf text, terms;
    struct kept kept = {0};
    buf_init(&text, DOC_SIZE_MAX);
    buf_init(&terms, TERMS_CAP_BYTES);
    buf_init(&kept.terms, TERMS_CAP_BYTES);
    enum errc rc = subject->doc ? doc_write(subject->doc, &text, err) : ERR_OK;
    if (!subject->doc)
        buf_adds(&text, "{}");
    if (rc == ERR_OK)
        rc = add_terms(&terms, subject->title ? subject->title : "", subject->doc, err);
    if (rc == ERR_OK)
        rc = load_kept(store, subject->id, terms_hash(&terms), &kept, err);
    if (rc == ERR_OK)
        rc = check_rev(subject, &kept, expected_rev, err);
    struct db_value doc = {DB_TEXT, 0, text.data, text.size_bytes};
    if (rc == ERR_OK)
        rc = kept.no > 0 ? update(store, subject, &doc, &terms, &kept, err)
                         : insert(store, subject, &doc, &terms, err);
    buf_done(&kept.terms);
    buf_done(&terms);
    buf_done(&text);
    return rc;
}
