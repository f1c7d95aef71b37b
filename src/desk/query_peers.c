/* Nodes: whom one knows, whom one talks to, and what became of every act sent. */
#include "desk/cards.h"
#include "desk/query_internal.h"
#include "store/outbox.h"

static enum errc directory(struct asked *asked)
{
    struct node_card *cards = NULL;
    size_t count = 0;
    enum errc rc = nodes_list(asked->reader->store, asked->arena, &cards, &count, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(items, card_write(&cards[i]));
    return told_list(asked, items, NULL);
}

static enum errc directory_node(struct asked *asked)
{
    struct node_card card;
    enum errc rc = nodes_load(asked->reader->store, asked_id(asked, "id"), asked->arena, &card, NULL,
                              asked->err);
    if (rc == ERR_NOT_FOUND)
        return err_field(asked->err, ERR_NOT_FOUND, "id", "there is no such node here");
    return rc < 0 ? rc : told(asked, card_write(&card));
}

/* {"queued":3,"held":1,…} of one peer. */
static json_t *tally(const struct outbox_count *counts, size_t count, const char *peer)
{
    json_t *out = json_object();
    for (int state = 0; state < OUTBOX_STATE_COUNT; state++)
        (void)json_object_set_new(out, outbox_state_name((enum outbox_state)state), json_integer(0));
    for (size_t i = 0; i < count; i++)
        if (streq(counts[i].peer, peer))
            (void)json_object_set_new(out, outbox_state_name(counts[i].state), json_integer(counts[i].count));
    return out;
}

static enum errc show_peer(struct asked *asked, const struct peer *peer, const struct outbox_count *counts,
                           size_t count, json_t **out)
{
    struct node_card card;
    enum errc rc = nodes_load(asked->reader->store, peer->id, asked->arena, &card, NULL, asked->err);
    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    *out = view_peer(peer, rc == ERR_OK ? &card : NULL);
    (void)json_object_set_new(*out, "outbox", tally(counts, count, peer->id));
    return ERR_OK;
}

static enum errc peers(struct asked *asked)
{
    struct peer *rows = NULL;
    struct outbox_count *counts = NULL;
    size_t count = 0;
    size_t tallied = 0;
    enum errc rc = peers_list(asked->reader->store, asked->arena, &rows, &count, asked->err);
    if (rc == ERR_OK)
        rc = outbox_counts(asked->reader->store, asked->arena, &counts, &tallied, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        json_t *one = NULL;
        rc = show_peer(asked, &rows[i], counts, tallied, &one);
        (void)json_array_append_new(items, one);
    }
    if (rc < 0) {
        json_decref(items);
        return rc;
    }
    return told_list(asked, items, NULL);
}

static enum errc load_peer(struct asked *asked, struct peer *out)
{
    enum errc rc = peers_load(asked->reader->store, asked_id(asked, "id"), asked->arena, out, asked->err);
    if (rc == ERR_NOT_FOUND)
        return err_field(asked->err, ERR_NOT_FOUND, "id", "there is no such peer here");
    return rc;
}

static enum errc peer(struct asked *asked)
{
    struct peer row;
    struct outbox_count *counts = NULL;
    size_t tallied = 0;
    json_t *doc = NULL;
    enum errc rc = load_peer(asked, &row);
    if (rc == ERR_OK)
        rc = outbox_counts(asked->reader->store, asked->arena, &counts, &tallied, asked->err);
    if (rc == ERR_OK)
        rc = show_peer(asked, &row, counts, tallied, &doc);
    return rc < 0 ? rc : told(asked, doc);
}

/* Newest first. An act that is held has no number yet, so it stands in no page but the first of `held`. */
static enum errc peer_outbox(struct asked *asked)
{
    enum { CURSOR_SIZE = 24 };
    struct peer row;
    struct outbox_page page;
    struct outbox_filter filter = {0};
    char cursor[CURSOR_SIZE] = "";
    enum errc rc = load_peer(asked, &row);
    if (rc == ERR_OK)
        rc = asked_flags(asked, "state", outbox_state_parse, filter.states);
    if (rc == ERR_OK)
        rc = asked_int(asked, "cursor", 1, INT64_MAX, &filter.before_n);
    if (rc == ERR_OK)
        rc = asked_limit(asked, &filter.limit);
    if (rc < 0)
        return rc;
    filter.peer = row.id;
    rc = outbox_list(asked->reader->store, &filter, asked->arena, &page, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < page.count; i++)
        (void)json_array_append_new(items, view_outbox(&page.items[i]));
    if (page.count == filter.limit && page.items[page.count - 1].n > 1)
        (void)snprintf(cursor, sizeof cursor, "%lld", (long long)page.items[page.count - 1].n);
    return told_list(asked, items, cursor);
}

const struct query_row QUERIES_PEERS[] = {
    {"directory", directory}, {"directory_node", directory_node}, {"peers", peers},
    {"peer", peer},           {"peer_outbox", peer_outbox},       {NULL, NULL},
};
