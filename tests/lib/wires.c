#include "lib/wires.h"

#include "lib/check.h"

#include "base/str.h"
#include "desk/setup.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS_MAX = 1000, DUE_MAX = 64 };

void wires_open(struct wires *wires, struct world *world)
{
    struct err err;
    *wires = (struct wires){.world = world};
    for (size_t i = 0; i < world->count; i++)
        assert_ok(link_new(world->nodes[i].desk, NULL, &wires->links[i], &err), &err);
}

void wires_close(struct wires *wires)
{
    for (size_t i = 0; i < wires->world->count; i++)
        link_free(wires->links[i]);
}

static size_t index_of(struct wires *wires, const char *node)
{
    return (size_t)(world_node(wires->world, node) - wires->world->nodes);
}

struct link *wires_link(struct wires *wires, const char *node)
{
    return wires->links[index_of(wires, node)];
}

void wires_restart(struct wires *wires, const char *node)
{
    struct err err;
    size_t at = index_of(wires, node);
    link_free(wires->links[at]);
    assert_ok(link_new(wires->world->nodes[at].desk, NULL, &wires->links[at], &err), &err);
}

static struct pki_identity identity_of(struct wires *wires, const char *node)
{
    struct pki_identity identity = {.kind = PKI_LEAF};
    const struct node_card *card = directory_find(desk_directory(world_node(wires->world, node)->desk), node);
    (void)snprintf(identity.node, sizeof identity.node, "%s", node);
    (void)snprintf(identity.issuer, sizeof identity.issuer, "%s", *card->parent ? card->parent : node);
    return identity;
}

/* What the answering side makes of the request's bytes. */
static enum errc answer(struct wires *wires, const char *from, const char *to, const struct buf *request,
                        struct buf *reply, struct err *err)
{
    struct arena arena;
    struct envelope envelope;
    struct pki_identity caller = identity_of(wires, from);
    arena_init(&arena, 64 << 20);
    enum errc rc = envelope_read(request->data, request->size_bytes, &arena, &envelope, err);
    if (rc >= 0)
        rc = link_answer(wires_link(wires, to), &caller, &envelope, reply, err);
    arena_done(&arena);
    return rc;
}

static enum errc settle(struct wires *wires, const char *from, const char *to, const struct buf *reply,
                        struct err *err)
{
    struct arena arena;
    struct envelope envelope;
    arena_init(&arena, 64 << 20);
    enum errc rc = envelope_read(reply->data, reply->size_bytes, &arena, &envelope, err);
    if (rc >= 0)
        rc = link_settle(wires_link(wires, from), to, &envelope, err);
    arena_done(&arena);
    return rc;
}

enum errc wires_call(struct wires *wires, const char *from, const char *to, enum wire wire)
{
    struct err err = {0};
    struct err why = {0};
    struct buf request;
    struct buf reply;
    struct link *link = wires_link(wires, from);
    buf_init(&request, ENVELOPE_BYTES_MAX);
    buf_init(&reply, ENVELOPE_BYTES_MAX);
    assert_ok(link_request(link, to, &request, &err), &err);
    bool cut = wire == WIRE_CUT || world_node(wires->world, from)->cut || world_node(wires->world, to)->cut;
    enum errc rc = cut ? err_set(&why, ERR_IO, "nobody answers")
                       : answer(wires, from, to, &request, &reply, &why);
    if (rc >= 0 && wire == WIRE_TWICE)
        rc = answer(wires, from, to, &request, &reply, &why);
    if (rc >= 0 && wire == WIRE_REPLY_LOST)
        rc = err_set(&why, ERR_TIMEOUT, "no answer in time");
    if (rc >= 0)
        rc = settle(wires, from, to, &reply, &why);
    if (rc < 0)
        assert_ok(link_failed(link, to, &why, &err), &err);
    buf_done(&request);
    buf_done(&reply);
    return rc;
}

static size_t run_node(struct wires *wires, const char *node)
{
    struct err err;
    const char *due[DUE_MAX];
    size_t count = 0;
    int64_t next_ms = 0;
    assert_ok(link_due(wires_link(wires, node), due, DUE_MAX, &count, &next_ms, &err), &err);
    assert_true(next_ms > wires->world->now_ms);
    for (size_t i = 0; i < count; i++)
        (void)wires_call(wires, node, due[i], WIRE_GOOD);
    return count;
}

size_t wires_run(struct wires *wires)
{
    size_t calls = 0;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        size_t now = 0;
        for (size_t i = 0; i < wires->world->count; i++)
            now += run_node(wires, wires->world->nodes[i].id);
        calls += now;
        wires->world->now_ms += 1;
        if (now == 0)
            return calls;
    }
    fail_msg("the nodes do not come to rest");
    return calls;
}

void wires_url(struct wires *wires, const char *node, const char *url)
{
    struct err err;
    for (size_t i = 0; i < wires->world->count; i++) {
        struct desk *desk = wires->world->nodes[i].desk;
        struct node_card card = *directory_find(desk_directory(desk), node);
        card.url = url;
        assert_ok(desk_install_cards(desk, &card, 1, &err), &err);
    }
}
