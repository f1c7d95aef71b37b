#include "store/nodes.h"

#include "store/store_internal.h"

#include <assert.h>
#include <string.h>

enum { ROLES_BYTES_MAX = 4096, LIST_FIRST = 64 };

enum errc nodes_save(struct store *store, const struct node_card *card, const char *act, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ROLES_BYTES_MAX);
    const char *roles = row_list(card->roles, card->role_count, &arena);
    enum errc rc = row_check(&arena, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(NODE_SAVE),
                    DB_VALUES(db_of_text(card->id), db_of_text(card->name), db_of_text(tier_name(card->tier)),
                              db_of_text(card->region), db_of_text(card->parent), db_of_text(roles),
                              db_of_int(card->large), db_of_text(card->suite), db_of_text(card->key_pem),
                              db_of_text(card->drill_key_pem), db_of_text(card->url),
                              db_of_int(card->revoked_ms), db_of_text(act)),
                    NULL, err);
    arena_done(&arena);
    return rc;
}

static enum errc read_card(struct db_rows *rows, struct arena *arena, struct node_card *out, struct err *err)
{
    const char **roles = NULL;
    size_t count = 0;
    *out = (struct node_card){0};
    out->id = db_text(rows, 0, arena);
    out->name = db_text(rows, 1, arena);
    int tier = tier_parse(db_column(rows, 2).bytes);
    out->region = db_text(rows, 3, arena);
    out->parent = db_text(rows, 4, arena);
    out->large = db_int(rows, 6) != 0;
    out->suite = db_text(rows, 7, arena);
    out->key_pem = db_text(rows, 8, arena);
    out->drill_key_pem = db_text(rows, 9, arena);
    out->url = db_text(rows, 10, arena);
    out->revoked_ms = db_int(rows, 11);
    enum errc rc = row_texts(rows, 5, arena, &roles, &count, err);
    if (rc < 0)
        return rc;
    if (tier < 0 || count > ROLE_MAX)
        return err_set(err, ERR_DAMAGED, "a stored node card has an unknown tier or too many roles");
    out->tier = (enum tier)tier;
    out->role_count = count;
    for (size_t i = 0; i < count; i++)
        out->roles[i] = roles[i];
    return row_check(arena, err);
}

enum errc nodes_load(struct store *store, const char *id, struct arena *arena, struct node_card *out,
                     const char **act, struct err *err)
{
    struct db_rows *rows = NULL;
    struct node_card found;
    enum errc rc = row_first(store->db, SQL(NODE_LOAD), DB_VALUES(db_of_text(id)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "node %s is not known here", id);
    if (rc < 0)
        return rc;
    rc = read_card(rows, arena, &found, err);
    const char *proven_by = db_text(rows, 12, arena);
    db_finish(rows);
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK) {
        *out = found;
        if (act)
            *act = proven_by;
    }
    return rc;
}

/* An array that doubles within the arena; what it leaves behind goes with the arena. */
static void *grown(struct arena *arena, const void *old, size_t count, size_t *room, size_t size_bytes)
{
    if (count < *room)
        return NULL;
    *room = *room > 0 ? 2 * *room : LIST_FIRST;
    void *items = arena_array(arena, *room, size_bytes);
    if (items && count > 0)
        memcpy(items, old, count * size_bytes);
    return items;
}

enum errc nodes_list(struct store *store, struct arena *arena, struct node_card **out, size_t *out_count,
                     struct err *err)
{
    struct db_rows *rows = NULL;
    struct node_card *items = NULL;
    size_t count = 0, room = 0;
    bool more = false;
    enum errc rc = db_query(store->db, SQL(NODE_LIST), NULL, 0, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && count < NODES_MAX) {
        void *larger = grown(arena, items, count, &room, sizeof *items);
        items = larger ? larger : items;
        rc = row_check(arena, err);
        assert(rc < 0 || items); /* an arena that gave nothing is exhausted */
        if (rc == ERR_OK)
            rc = read_card(rows, arena, &items[count++], err);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc == ERR_OK) {
        *out = items;
        *out_count = count;
    }
    return rc;
}

enum errc peers_save(struct store *store, const struct peer *peer, struct err *err)
{
    return db_run(store->db, SQL(PEER_SAVE),
                  DB_VALUES(db_of_text(peer->id), db_of_text(peer->url), db_of_text(peer->fingerprint),
                            db_of_text(peer->state), db_of_int(peer->seen_ms), db_of_int(peer->skew_ms),
                            db_of_int(peer->failures), db_of_int(peer->next_ms), db_of_text(peer->reason)),
                  NULL, err);
}

static void read_peer(struct db_rows *rows, struct arena *arena, struct peer *out)
{
    *out = (struct peer){.id = db_text(rows, 0, arena),
                         .url = db_text(rows, 1, arena),
                         .fingerprint = db_text(rows, 2, arena),
                         .state = db_text(rows, 3, arena),
                         .seen_ms = db_int(rows, 4),
                         .skew_ms = db_int(rows, 5),
                         .failures = db_int(rows, 6),
                         .next_ms = db_int(rows, 7),
                         .reason = db_text(rows, 8, arena)};
}

enum errc peers_load(struct store *store, const char *id, struct arena *arena, struct peer *out,
                     struct err *err)
{
    struct db_rows *rows = NULL;
    struct peer found;
    enum errc rc = row_first(store->db, SQL(PEER_LOAD), DB_VALUES(db_of_text(id)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "%s is not a peer of this node", id);
    if (rc < 0)
        return rc;
    read_peer(rows, arena, &found);
    db_finish(rows);
    rc = row_check(arena, err);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc peers_list(struct store *store, struct arena *arena, struct peer **out, size_t *out_count,
                     struct err *err)
{
    struct db_rows *rows = NULL;
    struct peer *items = NULL;
    size_t count = 0, room = 0;
    bool more = false;
    enum errc rc = db_query(store->db, SQL(PEER_LIST), NULL, 0, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && count < PEERS_LIST_MAX) {
        void *larger = grown(arena, items, count, &room, sizeof *items);
        items = larger ? larger : items;
        rc = row_check(arena, err);
        assert(rc < 0 || items);
        if (rc == ERR_OK)
            read_peer(rows, arena, &items[count++]);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK) {
        *out = items;
        *out_count = count;
    }
    return rc;
}

enum errc enrol_add(struct store *store, const struct enrol_code *code, struct err *err)
{
    return db_run(store->db, SQL(ENROL_INSERT),
                  DB_VALUES(db_of_blob(code->hash, HASH_SIZE), db_of_text(code->card),
                            db_of_int(code->created_ms), db_of_int(code->expires_ms)),
                  NULL, err);
}

enum errc enrol_get(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                    struct enrol_code *out, struct err *err)
{
    struct db_rows *rows = NULL;
    struct enrol_code found = {{0}, NULL, 0, 0, 0, NULL};
    enum errc rc = row_first(store->db, SQL(ENROL_GET), DB_VALUES(db_of_blob(hash, HASH_SIZE)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no such enrolment code");
    if (rc < 0)
        return rc;
    memcpy(found.hash, hash, HASH_SIZE);
    found.card = db_text(rows, 0, arena);
    found.created_ms = db_int(rows, 1);
    found.expires_ms = db_int(rows, 2);
    found.used_ms = db_int(rows, 3);
    found.used_by = db_text(rows, 4, arena);
    db_finish(rows);
    rc = row_check(arena, err);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc enrol_use(struct store *store, const uint8_t hash[HASH_SIZE], const char *node, int64_t now_ms,
                    struct err *err)
{
    int64_t changed = 0;
    enum errc rc = db_run(store->db, SQL(ENROL_USE),
                          DB_VALUES(db_of_int(now_ms), db_of_text(node), db_of_blob(hash, HASH_SIZE)),
                          &changed, err);
    if (rc == ERR_OK && changed == 0)
        return err_set(err, ERR_CONFLICT, "this enrolment code was used already, or never given");
    return rc;
}
