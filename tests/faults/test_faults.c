/* One recording transaction, as a use case makes it, with one fault at every possible place.
 *
 * For each: a prepared node is copied, opened, and the transaction run with the fault armed. Whatever
 * happens, afterwards the node holds all of it or nothing, all of it when it was acknowledged, also after
 * a power cut; and unless its disk failed for good it takes the next transaction. */
#include "lib/check.h"
#include "domain/act.h"
#include "faults/alloc.h"
#include "lib/record.h"
#include "store/digest.h"
#include "store/duties.h"
#include "store/inbox.h"
#include "store/nodes.h"
#include "store/outbox.h"
#include "store/tokens.h"
#include "store/verify.h"
#include "store/vfs_mem.h"

#include <stdio.h>
#include <string.h>

enum { ALL = DIGEST_RECORD | DIGEST_PROJECTIONS | DIGEST_WORKING, ARENA_BYTES = 4 << 20 };

#define NODE "demo-telecom-zj"
#define MATTER "0190b9a8-7c3e-7000-9000-000000000001"
#define OTHER "0190b9a8-7c3e-7000-9000-000000000002"

struct ground {
    struct vfs_mem *disk;
    struct store_options options;
    uint8_t before[HASH_SIZE];
    uint8_t after[HASH_SIZE];
};

/* ---- the transaction -------------------------------------------------------------------------------- */

/* An act as whoever records it hands it over: written already. */
struct written {
    const char *id;
    const char *kind;
    int64_t seq;
    struct buf bytes;
};

static struct written written[] = {
    {.id = "0190b9a8-7c3e-7000-8000-000000000001", .kind = "incident.reported", .seq = 1},
    {.id = "0190b9a8-7c3e-7000-8000-000000000011", .kind = "incident.assessed", .seq = 2},
    {.id = "0190b9a8-7c3e-7000-8000-000000000012", .kind = "order.issued", .seq = 3},
};

static struct act act_of(const struct written *w)
{
    return (struct act){.id = w->id,
                        .universe = "real",
                        .node = NODE,
                        .seq = w->seq,
                        .kind = w->kind,
                        .subject = MATTER,
                        .root = MATTER,
                        .person = "张三",
                        .happened_ms = 1000,
                        .recorded_ms = 1000,
                        .bytes = w->bytes.data,
                        .size_bytes = w->bytes.size_bytes};
}

static void write_acts(void)
{
    struct err err;
    json_t *body = json_pack("{s:s}", "text", "浙江电信域名解析异常");
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        struct act act = act_of(&written[i]);
        act.body = body;
        buf_init(&written[i].bytes, ACT_BYTES_MAX);
        assert_ok(act_write(&act, &written[i].bytes, &err), &err);
    }
    json_decref(body);
}

static enum errc append(struct store *store, const struct written *w, struct err *err)
{
    struct stored_act stored = {.act = act_of(w), .received_ms = 1000, .from_node = ""};
    int64_t seq = 0;
    enum errc rc = acts_next_seq(store, NODE, &seq, err);
    return rc == ERR_OK ? acts_append(store, &stored, err) : rc;
}

static enum errc save_matters(struct store *store, struct arena *arena, struct err *err)
{
    struct subject matter, made;
    enum errc rc = subjects_load(store, MATTER, arena, &matter, err);
    if (rc < 0)
        return rc;
    int64_t rev = matter.rev++;
    matter.state = "assessed";
    matter.title = "浙江域名解析异常（升级）";
    rc = subjects_save(store, &matter, rev, err);
    made = matter;
    made.id = OTHER;
    made.parent = MATTER;
    made.type = "order";
    made.rev = 1;
    return rc == ERR_OK ? subjects_save(store, &made, 0, err) : rc;
}

static enum errc save_rest(struct store *store, const char *act, struct arena *arena, struct err *err)
{
    static const char *targets[] = {"miit"};
    static const struct duty DUTY = {.id = "d1",
                                     .rule = "004.6.1a",
                                     .pack = "miit-2017-281",
                                     .clause = "6.1",
                                     .subject = MATTER,
                                     .root = MATTER,
                                     .owner = NODE,
                                     .receiver = "miit",
                                     .opened_act = "a",
                                     .opened_ms = 1000,
                                     .due_ms = 5000,
                                     .deadline = DEADLINE_HOURS,
                                     .calendar = "",
                                     .done_act = "",
                                     .receipt_act = ""};
    struct outbox_item item = {.peer = "pca-330000",
                               .act = act,
                               .targets = targets,
                               .target_count = 1,
                               .state = OUTBOX_QUEUED,
                               .queued_ms = 1000};
    struct receipt receipt = {.act = act, .node = "miit", .receipt_act = "r", .state = "accepted"};
    struct idempotency_key key = {.scope = "t", .key = "k"};
    struct kept_answer answer = {201, "{}", 2};
    struct node_card card;
    enum errc rc = duties_save(store, &DUTY, err);
    if (rc == ERR_OK)
        rc = outbox_push(store, &item, err);
    if (rc == ERR_OK)
        rc = receipts_save(store, &receipt, err);
    if (rc == ERR_OK)
        rc = inbox_advance(store, "pca-330000", 1, 1000, err);
    if (rc == ERR_OK)
        rc = nodes_load(store, NODE, arena, &card, NULL, err);
    card.url = "https://127.0.0.1:1";
    if (rc == ERR_OK)
        rc = nodes_save(store, &card, act, err);
    return rc == ERR_OK ? idempotency_save(store, &key, &answer, 1000, err) : rc;
}

/* The signature is the same in every run: the store does not look at it. */
static enum errc seal(struct store *store, struct err *err)
{
    struct tree_head head;
    enum errc rc = ledger_prepare_head(store, 1000, &head, err);
    if (rc < 0)
        return rc;
    head.sig = (struct signature){.size_bytes = 4, .bytes = "seal"};
    return ledger_save_head(store, &head, err);
}

static enum errc record_all(struct store *store, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    enum errc rc = store_begin(store, err);
    if (rc == ERR_OK)
        rc = append(store, &written[1], err);
    if (rc == ERR_OK)
        rc = append(store, &written[2], err);
    if (rc == ERR_OK)
        rc = save_matters(store, &arena, err);
    if (rc == ERR_OK)
        rc = save_rest(store, written[1].id, &arena, err);
    if (rc == ERR_OK)
        rc = seal(store, err);
    if (rc == ERR_OK)
        rc = store_commit(store, err);
    if (rc < 0)
        store_rollback(store);
    arena_done(&arena);
    return rc;
}

/* ---- the ground ------------------------------------------------------------------------------------- */

static struct store *open_node(const struct ground *ground, const char *dir)
{
    struct err err;
    struct store *store = NULL;
    struct store_options options = ground->options;
    options.dir = dir;
    assert_ok(store_open(&options, &store, &err), &err);
    return store;
}

static void digest_of(struct store *store, uint8_t out[HASH_SIZE])
{
    struct err err;
    assert_ok(store_digest(store, ALL, out, &err), &err);
}

/* A node with a matter and a few acts, and how it looks without and with the transaction. */
static int prepare(void **state)
{
    static struct ground ground;
    static const struct store_identity IDENTITY = {NODE, "real", SUITE_P256_SHA256};
    static const struct node_card CARD = {.id = NODE,
                                          .name = "演示",
                                          .tier = TIER_ENTERPRISE,
                                          .region = "330000",
                                          .parent = "pca-330000",
                                          .suite = "p256-sha256",
                                          .key_pem = "",
                                          .drill_key_pem = "",
                                          .url = ""};
    struct err err;
    write_acts();
    ground = (struct ground){.options = {.dir = "/base", .vfs = "faults"}};
    assert_ok(vfs_mem_new("faults", &ground.disk, &err), &err);
    assert_ok(store_create(&ground.options, &IDENTITY, &err), &err);
    struct store *store = open_node(&ground, "/base");
    assert_ok(store_begin(store, &err), &err);
    assert_ok(append(store, &written[0], &err), &err);
    json_t *doc = json_pack("{s:s,s:[s,s]}", "text", "五个省的域名解析异常", "names", "甲", "乙");
    struct subject matter = {.id = MATTER,
                             .type = "incident",
                             .root = MATTER,
                             .parent = "",
                             .state = "reported",
                             .owner = NODE,
                             .region = "330000",
                             .title = "浙江域名解析异常",
                             .rev = 1,
                             .opened_ms = 1,
                             .updated_ms = 1,
                             .doc = doc};
    assert_ok(subjects_save(store, &matter, 0, &err), &err);
    assert_ok(nodes_save(store, &CARD, "", &err), &err);
    assert_ok(seal(store, &err), &err);
    assert_ok(store_commit(store, &err), &err);
    json_decref(doc);
    digest_of(store, ground.before);
    store_close(store);
    assert_ok(vfs_mem_copy(ground.disk, "/base/", "/after/", &err), &err);
    store = open_node(&ground, "/after");
    assert_ok(record_all(store, &err), &err);
    digest_of(store, ground.after);
    store_close(store);
    *state = &ground;
    return 0;
}

static int clear(void **state)
{
    struct ground *ground = *state;
    vfs_mem_free(ground->disk);
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++)
        buf_done(&written[i].bytes);
    return 0;
}

/* What a power cut leaves of the node, with some luck or none. */
static void check_after_cut(struct ground *ground, bool acknowledged, uint64_t seed)
{
    struct err err;
    uint8_t digest[HASH_SIZE];
    assert_ok(vfs_mem_copy(ground->disk, "/node/", "/cut/", &err), &err);
    assert_ok(vfs_mem_crash(ground->disk, "/cut/", seed, &err), &err);
    struct store *store = open_node(ground, "/cut");
    digest_of(store, digest);
    bool all = memcmp(digest, ground->after, HASH_SIZE) == 0;
    bool none = memcmp(digest, ground->before, HASH_SIZE) == 0;
    assert_true(acknowledged ? all : all || none);
    store_close(store);
    if (seed != 0)
        return;
    struct store_options options = ground->options;
    struct verify_report report;
    options.dir = "/cut";
    assert_ok(store_verify(&options, NULL, NULL, &report, &err), &err);
}

/* Arms a fault; tells whether it was reached. */
struct fault {
    void (*arm)(struct ground *ground, int64_t at, bool on);
    int64_t (*reached)(void);
};

/* The k-th place; false when there is no such place any more. */
static bool try_fault(struct ground *ground, const struct fault *fault, int64_t at)
{
    struct err err = {0};
    uint8_t digest[HASH_SIZE];
    assert_ok(vfs_mem_copy(ground->disk, "/base/", "/node/", &err), &err);
    struct store *store = open_node(ground, "/node");
    fault->arm(ground, at, true);
    enum errc rc = record_all(store, &err);
    int64_t reached = fault->reached();
    fault->arm(ground, at, false);
    assert_true(rc == ERR_OK || reached > 0); /* nothing else may fail it */
    assert_true(rc == ERR_OK || err.code == rc || rc == ERR_NOMEM);
    check_after_cut(ground, rc == ERR_OK, 0);
    check_after_cut(ground, rc == ERR_OK, 1 + (uint64_t)at);
    if (store_failed(store, &err)) {
        assert_true(record_all(store, &err) == ERR_IO);
    } else if (rc < 0) {
        digest_of(store, digest);
        assert_memory_equal(digest, ground->before, HASH_SIZE);
        assert_ok(record_all(store, &err), &err);
        digest_of(store, digest);
        assert_memory_equal(digest, ground->after, HASH_SIZE);
    }
    store_close(store);
    return reached > 0;
}

/* Every step-th place, and where it ends. */
static int64_t every_place(struct ground *ground, const struct fault *fault, int64_t step)
{
    int64_t at = 1;
    while (try_fault(ground, fault, at))
        at += step;
    return at;
}

/* ---- allocations ------------------------------------------------------------------------------------ */

static void arm_one_alloc(struct ground *ground, int64_t at, bool on)
{
    (void)ground;
    alloc_fail(on ? at : 0, false);
}

static void arm_all_allocs(struct ground *ground, int64_t at, bool on)
{
    (void)ground;
    alloc_fail(on ? at : 0, true);
}

static int64_t allocs_refused(void)
{
    int64_t failed = 0;
    (void)alloc_count(&failed);
    return failed;
}

/* All of them with FENGSUI_FAULTS=all; else every eleventh, each kind at other places. */
static void every_allocation_can_fail(void **state)
{
    static const struct fault ONE = {arm_one_alloc, allocs_refused},
                              ALL_FROM = {arm_all_allocs, allocs_refused};
    const char *wanted = getenv("FENGSUI_FAULTS");
    bool all = wanted && strcmp(wanted, "all") == 0;
    int64_t one = every_place(*state, &ONE, all ? 1 : 11),
            from = every_place(*state, &ALL_FROM, all ? 1 : 17);
    print_message("%s of %lld allocations failed, alone and with all behind it\n", all ? "each" : "some",
                  (long long)one);
    assert_true(one > 1000 && from > 1000);
}

/* ---- disk calls ------------------------------------------------------------------------------------- */

static struct {
    int64_t at;
    bool persistent;
    enum vfs_mem_fate fate;
    int64_t count;
    int64_t failed;
} io;

static enum vfs_mem_fate io_hook(void *context, const struct vfs_mem_call *call)
{
    (void)context;
    bool writes = call->op == VFS_MEM_WRITE;
    if (io.fate != VFS_MEM_EIO && !writes)
        return VFS_MEM_PASS; /* only a write finds the disk full */
    io.count++;
    bool fails = io.persistent ? io.count >= io.at : io.count == io.at;
    io.failed += fails;
    return fails ? io.fate : VFS_MEM_PASS;
}

static void arm_io(struct ground *ground, int64_t at, bool on)
{
    io.at = at;
    if (on)
        io.count = io.failed = 0;
    vfs_mem_set_hook(ground->disk, on ? io_hook : NULL, NULL);
}

static int64_t io_failed(void)
{
    return io.failed;
}

static void every_disk_call_can_fail(void **state)
{
    static const struct fault IO = {arm_io, io_failed};
    static const struct {
        enum vfs_mem_fate fate;
        const char *name;
    } FATES[] = {{VFS_MEM_EIO, "EIO"}, {VFS_MEM_ENOSPC, "ENOSPC"}, {VFS_MEM_SHORT, "half a write"}};
    for (size_t i = 0; i < sizeof FATES / sizeof FATES[0]; i++) {
        io.fate = FATES[i].fate;
        io.persistent = false;
        int64_t one = every_place(*state, &IO, 1);
        io.persistent = true;
        int64_t from = every_place(*state, &IO, 1);
        print_message("%s at each of %lld disk calls, alone and with all behind it\n", FATES[i].name,
                      (long long)one - 1);
        assert_true(one > 10 && one == from);
    }
}

static enum vfs_mem_fate full_hook(void *context, const struct vfs_mem_call *call)
{
    (void)context;
    return call->op == VFS_MEM_WRITE ? VFS_MEM_ENOSPC : VFS_MEM_PASS;
}

static void a_full_disk_is_said_and_afterwards_the_store_goes_on(void **state)
{
    struct ground *ground = *state;
    struct err err;
    assert_ok(vfs_mem_copy(ground->disk, "/base/", "/node/", &err), &err);
    struct store *store = open_node(ground, "/node");
    vfs_mem_set_hook(ground->disk, full_hook, NULL);
    assert_code(record_all(store, &err), ERR_FULL);
    assert_false(store_failed(store, NULL));
    assert_code(record_all(store, &err), ERR_FULL);
    vfs_mem_set_hook(ground->disk, NULL, NULL);
    assert_ok(record_all(store, &err), &err);
    store_close(store);
}

static enum vfs_mem_fate sync_hook(void *context, const struct vfs_mem_call *call)
{
    bool *armed = context;
    bool fails = *armed && call->op == VFS_MEM_SYNC;
    *armed = *armed && !fails; /* the next one answers well, as on Linux, and means nothing */
    return fails ? VFS_MEM_EIO : VFS_MEM_PASS;
}

static void after_a_failed_sync_nothing_is_acknowledged_any_more(void **state)
{
    struct ground *ground = *state;
    struct err err, why;
    bool armed = true;
    assert_ok(vfs_mem_copy(ground->disk, "/base/", "/node/", &err), &err);
    struct store *store = open_node(ground, "/node");
    vfs_mem_set_hook(ground->disk, sync_hook, &armed);
    assert_code(record_all(store, &err), ERR_IO);
    assert_false(armed);
    assert_true(store_failed(store, &why));
    assert_code(why.code, ERR_IO);
    for (int i = 0; i < 3; i++)
        assert_code(record_all(store, &err), ERR_IO);
    vfs_mem_set_hook(ground->disk, NULL, NULL);
    store_close(store);
    check_after_cut(ground, false, 0);
}

int main(void)
{
    alloc_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_can_fail, prepare, clear),
        cmocka_unit_test_setup_teardown(every_disk_call_can_fail, prepare, clear),
        cmocka_unit_test_setup_teardown(a_full_disk_is_said_and_afterwards_the_store_goes_on, prepare, clear),
        cmocka_unit_test_setup_teardown(after_a_failed_sync_nothing_is_acknowledged_any_more, prepare, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
