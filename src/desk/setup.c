#include "desk/setup.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/desk_internal.h"
#include "store/meta.h"
#include "store/nodes.h"

#include <string.h>

enum { ANCHORS_ARENA_BYTES = 64 << 20 };

static void drop(void *doc)
{
    json_decref(doc);
}

/* The cards as a document, tied to the arena; an empty list before the first. */
static enum errc load_anchors(struct store *store, struct arena *arena, json_t **out, struct err *err)
{
    const char *text = NULL;
    json_t *doc = NULL;
    enum errc rc = meta_get(store, "anchors", arena, &text, err);
    if (rc == ERR_NOT_FOUND)
        text = "[]";
    else if (rc < 0)
        return rc;
    rc = doc_parse(text, strlen(text), &doc, err);
    if (rc < 0)
        return err_set(err, ERR_DAMAGED, "the anchors of trust cannot be read from the store");
    if (!arena_tie(arena, drop, doc))
        return err_set(err, ERR_NOMEM, "no memory for the anchors");
    *out = doc;
    return ERR_OK;
}

enum errc desk_anchors(struct store *store, struct arena *arena, struct node_card **out, size_t *out_count,
                       struct err *err)
{
    json_t *doc = NULL;
    enum errc rc = load_anchors(store, arena, &doc, err);
    if (rc < 0)
        return rc;
    size_t count = json_array_size(doc);
    struct node_card *cards = arena_array(arena, count, sizeof *cards);
    if (!cards)
        return err_set(err, ERR_NOMEM, "no memory for the anchors");
    for (size_t i = 0; rc >= 0 && i < count; i++)
        rc = card_read(json_array_get(doc, i), &cards[i], err);
    if (rc < 0)
        return rc;
    *out = cards;
    *out_count = count;
    return ERR_OK;
}

/* Takes the place of an earlier anchor of that node: the same key, perhaps another address. */
static enum errc keep_anchor(json_t *anchors, const struct node_card *card, struct err *err)
{
    size_t i;
    json_t *known;
    json_array_foreach(anchors, i, known)
    {
        if (streq(json_string_value(json_object_get(known, "id")), card->id))
            break;
    }
    if (i < json_array_size(anchors))
        (void)json_array_remove(anchors, i);
    return json_array_append_new(anchors, card_write(card)) == 0
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for a card");
}

static enum errc save_anchors(struct store *store, const json_t *anchors, struct err *err)
{
    struct buf text;
    buf_init(&text, ANCHORS_ARENA_BYTES);
    enum errc rc = doc_write(anchors, &text, err);
    if (rc >= 0)
        rc = meta_set(store, "anchors", text.data, err);
    buf_done(&text);
    return rc;
}

static enum errc install(struct desk *desk, const struct node_card *cards, size_t count, struct arena *arena,
                         struct err *err)
{
    json_t *anchors = NULL;
    enum errc rc = load_anchors(desk->parts.store, arena, &anchors, err);
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        rc = keep_anchor(anchors, &cards[i], err);
        if (rc >= 0)
            rc = nodes_save(desk->parts.store, &cards[i], "", err);
    }
    return rc < 0 ? rc : save_anchors(desk->parts.store, anchors, err);
}

static enum errc check_anchor(struct desk *desk, const struct node_card *card, struct err *err)
{
    const struct node_card *known = directory_find(&desk->dir, card->id);
    if (known && !streq(known->key_pem, card->key_pem))
        return err_field(err, ERR_CONFLICT, "card.key_pem", "%s is known here with another key", card->id);
    return ERR_OK;
}

enum errc desk_install_cards(struct desk *desk, const struct node_card *cards, size_t count, struct err *err)
{
    struct arena arena;
    enum errc rc = begin_batch(desk, err);
    for (size_t i = 0; rc >= 0 && i < count; i++)
        rc = check_anchor(desk, &cards[i], err);
    arena_init(&arena, ANCHORS_ARENA_BYTES);
    if (rc >= 0)
        rc = install(desk, cards, count, &arena, err);
    arena_done(&arena);
    if (rc < 0) {
        abandon_batch(desk);
        return rc;
    }
    desk->nodes_changed = true;
    return commit_batch(desk, err);
}
