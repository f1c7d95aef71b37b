#include "lib/world.h"

#include "lib/check.h"
#include "lib/shared.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/origin.h"
#include "desk/receive.h"
#include "desk/setup.h"
#include "store/acts.h"
#include "store/duties.h"
#include "store/ledger.h"
#include "store/outbox.h"
#include "store/subjects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH = 64 };
#define START_MS INT64_C(1242741000000)

static int64_t world_now(void *context)
{
    return ((struct world *)context)->now_ms;
}

/* xorshift64*: the same seed, the same world. */
static enum errc world_random(void *context, void *out, size_t size_bytes)
{
    struct world *world = context;
    unsigned char *p = out;
    for (size_t i = 0; i < size_bytes; i++) {
        world->random ^= world->random >> 12;
        world->random ^= world->random << 25;
        world->random ^= world->random >> 27;
        p[i] = (unsigned char)((world->random * UINT64_C(2685821657736338717)) >> 56);
    }
    return ERR_OK;
}

void world_open(struct world *world)
{
    memset(world, 0, sizeof *world);
    world->now_ms = START_MS;
    world->random = 88172645463325252u;
    world->env = (struct env){world, world_now, world_random};
    (void)snprintf(world->dir, sizeof world->dir, "%s/fengsui-world-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(world->dir));
    law_open(&world->law);
}

void world_close(struct world *world)
{
    for (size_t i = 0; i < world->count; i++) {
        desk_close(world->nodes[i].desk);
        store_close(world->nodes[i].store);
        seal_stop(world->nodes[i].seal);
    }
    law_close(&world->law);
    shared_remove(world->dir);
}

struct world_node *world_node(struct world *world, const char *id)
{
    for (size_t i = 0; i < world->count; i++)
        if (streq(world->nodes[i].id, id))
            return &world->nodes[i];
    fail_msg("the world has no node %s", id);
    return NULL;
}

static const struct world_person PEOPLE[] = {
    {"miit", "部应急办", TIER_MINISTRY, "000000", "", "MEO", false},
    {"pca-330000", "浙江省通信管理局", TIER_PROVINCE, "330000", "miit", "PCA", false},
    {"pca-320000", "江苏省通信管理局", TIER_PROVINCE, "320000", "miit", "PCA", false},
    {"tel-zj", "演示电信浙江", TIER_ENTERPRISE, "330000", "pca-330000", "TEL", false},
    {"inet-zj", "演示互联网企业", TIER_ENTERPRISE, "330000", "pca-330000", "INT", true},
    {"tel-js", "演示电信江苏", TIER_ENTERPRISE, "320000", "pca-320000", "TEL", false},
    {"cncert", "演示专业机构", TIER_INSTITUTION, "000000", "miit", "PRO", false},
};

void world_add(struct world *world, const struct world_person *row)
{
    struct world_node *node = &world->nodes[world->count++];
    struct sign_key *real = NULL;
    struct sign_key *drill = NULL;
    struct err err;
    (void)snprintf(node->id, sizeof node->id, "%s", row->id);
    (void)snprintf(node->dir, sizeof node->dir, "%.200s/%s", world->dir, row->id);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &real, &err), &err);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &drill, &err), &err);
    assert_ok(seal_local(row->id, SEAL_BEFORE_COMMIT, real, drill, &node->seal, &err), &err);
    struct store_options options = {.dir = node->dir, .sync = STORE_SYNC_OFF};
    struct store_identity identity = {.node = node->id, .universe = "real", .suite = SUITE_P256_SHA256};
    assert_ok(store_create(&options, &identity, &err), &err);
    assert_ok(store_open(&options, &node->store, &err), &err);
    struct desk_parts parts = {.store = node->store,
                               .catalogue = world->law.catalogue,
                               .packs = world->law.packs,
                               .env = &world->env,
                               .seal = node->seal,
                               .node = node->id};
    assert_ok(desk_open(&parts, &node->desk, &err), &err);
    node->card = (struct node_card){.id = row->id,
                                    .name = row->name,
                                    .tier = row->tier,
                                    .region = row->region,
                                    .parent = row->parent,
                                    .roles = {row->role},
                                    .role_count = 1,
                                    .large = row->large,
                                    .suite = suite_name(SUITE_P256_SHA256),
                                    .key_pem = seal_public(node->seal, SEAL_REAL),
                                    .drill_key_pem = seal_public(node->seal, SEAL_DRILL),
                                    .url = "https://127.0.0.1:1"};
}

void world_introduce(struct world *world)
{
    struct node_card cards[WORLD_NODES_MAX];
    struct err err;
    for (size_t i = 0; i < world->count; i++)
        cards[i] = world->nodes[i].card;
    for (size_t i = 0; i < world->count; i++)
        assert_ok(desk_install_cards(world->nodes[i].desk, cards, world->count, &err), &err);
}

void world_people(struct world *world)
{
    for (size_t i = 0; i < sizeof PEOPLE / sizeof PEOPLE[0]; i++)
        world_add(world, &PEOPLE[i]);
    world_introduce(world);
}

enum errc world_act(struct world *world, const char *node, const char *kind, const char *subject,
                    const char *parent, const char *body, struct submission *out)
{
    struct submission mine;
    struct submission *sub = out ? out : &mine;
    struct err err = {0};
    json_t *doc = NULL;
    assert_ok(doc_parse_object(body, strlen(body), &doc, &err), &err);
    world->now_ms += 1000;
    *sub = (struct submission){.kind = kind,
                               .subject = subject,
                               .parent = parent,
                               .person = "张三",
                               .post = "值班员",
                               .body = doc,
                               .expected_rev = -1};
    enum errc rc = desk_submit(world_node(world, node)->desk, sub, &err);
    sub->body = NULL;
    json_decref(doc);
    return rc;
}

static enum errc proof_text(struct store *store, const struct stored_act *stored, struct arena *arena,
                            const char **out, struct err *err)
{
    struct act_proof proof;
    if (stored->proof_bytes > 0) {
        *out = arena_strndup(arena, stored->proof, stored->proof_bytes);
        return ERR_OK;
    }
    enum errc rc = ledger_prove_act(store, stored->pos, LEDGER_FIRST, &proof, err);
    if (rc < 0)
        return rc;
    json_t *doc = proof_act_write(&proof);
    struct buf text;
    buf_init(&text, 1 << 20);
    rc = doc_write(doc, &text, err);
    *out = arena_strndup(arena, text.data, text.size_bytes);
    json_decref(doc);
    buf_done(&text);
    return rc;
}

static size_t deliver_to(struct world *world, struct world_node *from, const char *peer)
{
    struct arena arena;
    struct err err;
    struct outbox_page page = {0};
    struct incoming items[BATCH] = {0};
    int64_t last = 0;
    struct world_node *to = world_node(world, peer);
    arena_init(&arena, 64 << 20);
    assert_ok(outbox_pending(from->store, peer, 0, BATCH, &arena, &page, &err), &err);
    for (size_t i = 0; i < page.count; i++) {
        struct stored_act stored;
        assert_ok(acts_get(from->store, page.items[i].act, &arena, &stored, &err), &err);
        items[i] = (struct incoming){.n = page.items[i].n,
                                     .bytes = stored.act.bytes,
                                     .size_bytes = stored.act.size_bytes,
                                     .annex = arena_strndup(&arena, stored.annex, stored.annex_bytes),
                                     .targets = page.items[i].targets,
                                     .target_count = page.items[i].target_count};
        assert_ok(proof_text(from->store, &stored, &arena, &items[i].proof, &err), &err);
    }
    size_t count = to->cut || from->cut ? 0 : page.count;
    if (count > 0) {
        assert_ok(desk_receive_batch(to->desk, from->id, items, count, &last, &err), &err);
        assert_ok(store_begin(from->store, &err), &err);
        for (size_t i = 0; i < count; i++) {
            struct outbox_item *item = &page.items[i];
            if (items[i].received == RECEIVED_REFUSED)
                print_message("%s refuses %s of %s: [%s] %s\n", to->id, items[i].act, from->id,
                              items[i].err.field, items[i].err.message);
            item->state = items[i].received == RECEIVED_REFUSED ? OUTBOX_REFUSED : OUTBOX_ACKED;
            item->reason = arena_strdup(&arena, items[i].err.message);
            item->clause = arena_strdup(&arena, items[i].err.clause);
            assert_ok(outbox_update(from->store, item, &err), &err);
        }
        assert_ok(store_commit(from->store, &err), &err);
    }
    arena_done(&arena);
    return count;
}

static size_t deliver_from(struct world *world, struct world_node *from)
{
    struct arena arena;
    struct err err;
    const char **peers = NULL;
    size_t count = 0;
    size_t moved = 0;
    arena_init(&arena, 1 << 20);
    assert_ok(outbox_peers(from->store, &arena, &peers, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        moved += deliver_to(world, from, peers[i]);
    arena_done(&arena);
    return moved;
}

size_t world_deliver(struct world *world)
{
    size_t total = 0;
    for (size_t moved = 1; moved > 0; total += moved) {
        moved = 0;
        world->now_ms += 500;
        for (size_t i = 0; i < world->count; i++)
            moved += deliver_from(world, &world->nodes[i]);
        assert_true(total < 100000);
    }
    return total;
}

json_t *world_subject(struct world *world, const char *node, const char *id)
{
    struct arena arena;
    struct subject subject;
    arena_init(&arena, 64 << 20);
    enum errc rc = subjects_load(world_node(world, node)->store, id, &arena, &subject, NULL);
    json_t *out = NULL;
    if (rc >= 0) {
        out = json_deep_copy(subject.doc);
        (void)json_object_update_new(out, json_pack("{s:s,s:s,s:s,s:s,s:s}", ".state", subject.state,
                                                    ".owner", subject.owner, ".title", subject.title,
                                                    ".level", level_name(subject.level), ".colour",
                                                    colour_name(subject.colour)));
    }
    arena_done(&arena);
    return out;
}

size_t world_duties(struct world *world, const char *node, const char *rule, enum duty_state state)
{
    struct arena arena;
    struct err err;
    struct duty_page page = {0};
    struct duty_filter filter = {.rule = rule, .limit = DUTIES_LIMIT_MAX};
    filter.states[state] = true;
    arena_init(&arena, 64 << 20);
    assert_ok(duties_list(world_node(world, node)->store, &filter, &arena, &page, &err), &err);
    size_t count = page.count;
    arena_done(&arena);
    return count;
}
