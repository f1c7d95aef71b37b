/* A single bit turned anywhere in the files of a node at rest: the database, its log, the mark beside them.
 *
 * Either somebody says so (at opening, at reading, at verifying), or every row is what it was. Whatever the
 * store still signs, it signs over what was recorded. FENGSUI_FLIPS sets how many bits; else 600. */
#include "lib/check.h"
#include "lib/record.h"
#include "store/digest.h"
#include "store/verify.h"
#include "store/vfs_mem.h"

#include <stdio.h>
#include <string.h>

enum { ALL = DIGEST_RECORD | DIGEST_PROJECTIONS | DIGEST_WORKING, FLIPS = 600 };

/* Where the node is when the bit turns: its last commits lie in the log, or all in the database file. */
enum stage { STAGE_KILLED, STAGE_CLOSED, STAGE_COUNT };

struct ground {
    struct vfs_mem *disk;
    struct record record;
    uint8_t before[HASH_SIZE];
};

static const char *const BASE[STAGE_COUNT] = {"/killed", "/closed"};
static const char *const BASE_FILES[STAGE_COUNT] = {"/killed/", "/closed/"};
static const char *const FILES[] = {"/node/store.db", "/node/store.db-wal", "/node/store.db-mark"};

static void save_some(struct record *record, int n)
{
    for (int i = 0; i < n; i++) {
        record_begin(record);
        struct subject matter = record_matter(record, "incident", "浙江电信域名解析异常", "五个省受影响");
        assert_ok(subjects_save(record->store, &matter, 0, &record->err), &record->err);
        (void)record_act(record, "incident.reported", RECORD_MATTER, "域名解析异常");
        (void)record_act(record, "incident.followed", RECORD_MATTER, "已恢复");
        record_commit(record);
    }
}

static int prepare(void **state)
{
    static struct ground ground;
    struct err err;
    assert_ok(vfs_mem_new("flips", &ground.disk, &err), &err);
    record_open_on(&ground.record, SUITE_P256_SHA256, "flips");
    save_some(&ground.record, 20);
    assert_ok(store_tidy(ground.record.store, &err), &err);
    save_some(&ground.record, 8);
    assert_ok(store_digest(ground.record.store, ALL, ground.before, &err), &err);
    assert_ok(vfs_mem_copy(ground.disk, "/node/", "/killed/", &err), &err);
    assert_true(vfs_mem_size(ground.disk, "/killed/store.db-wal") > 100000);
    store_close(ground.record.store);
    ground.record.store = NULL;
    assert_ok(vfs_mem_copy(ground.disk, "/node/", "/closed/", &err), &err);
    *state = &ground;
    return 0;
}

static int clear(void **state)
{
    struct ground *ground = *state;
    record_done(&ground->record);
    vfs_mem_free(ground->disk);
    return 0;
}

static enum errc check_head(void *context, const struct tree_head *head, struct err *err)
{
    return proof_head_verify(head, context, err);
}

/* What the node does next: everybody reads it, and it goes on recording. */
enum outcome {
    REFUSED_TO_OPEN,
    FOUND_AT_READING,
    FOUND_AT_SIGNING,
    FOUND_BY_VERIFY,
    HARMLESS,
    OUTCOME_COUNT
};

static enum outcome go_on(struct ground *ground)
{
    struct err err;
    struct store *store = NULL;
    struct record *record = &ground->record;
    uint8_t digest[HASH_SIZE];
    if (store_open(&record->options, &store, &err) < 0)
        return REFUSED_TO_OPEN;
    enum errc rc = store_digest(store, ALL, digest, &err);
    if (rc < 0) {
        store_close(store);
        return FOUND_AT_READING;
    }
    assert_memory_equal(digest, ground->before, HASH_SIZE);
    struct stored_act stored = {.from_node = ""};
    stored.act = (struct act){.id = "0190b9a8-7c3e-7000-8000-00000000ffff",
                              .node = "demo-telecom-zj",
                              .seq = 9999,
                              .kind = "incident.followed",
                              .subject = "m",
                              .root = "m",
                              .bytes = "{}",
                              .size_bytes = 2};
    record->store = store;
    rc = store_begin(store, &err);
    if (rc == ERR_OK)
        rc = acts_append(store, &stored, &err);
    if (rc == ERR_OK)
        rc = record_sign(record, &err);
    store_rollback(store);
    store_close(store);
    record->store = NULL;
    return rc < 0 ? FOUND_AT_SIGNING : HARMLESS;
}

/* The control: with no bit turned everything holds. */
static void check_untouched(struct ground *ground, enum stage stage)
{
    struct err err;
    struct verify_report report;
    assert_ok(vfs_mem_copy(ground->disk, BASE_FILES[stage], "/node/", &err), &err);
    assert_ok(store_verify(&ground->record.options, check_head, ground->record.key, &report, &err), &err);
    assert_int_equal(report.acts, 56);
    assert_int_equal(go_on(ground), HARMLESS);
}

static enum outcome flip_one(struct ground *ground, enum stage stage, uint64_t random)
{
    struct err err;
    struct verify_report report;
    int64_t sizes[3], total = 0, at = 0;
    size_t file = 0;
    assert_ok(vfs_mem_copy(ground->disk, BASE_FILES[stage], "/node/", &err), &err);
    for (size_t i = 0; i < 3; i++) {
        sizes[i] = vfs_mem_size(ground->disk, FILES[i]);
        sizes[i] = sizes[i] > 0 ? sizes[i] : 0;
        total += sizes[i];
    }
    at = (int64_t)((random >> 3) % (uint64_t)total);
    while (at >= sizes[file])
        at -= sizes[file++];
    assert_ok(vfs_mem_flip(ground->disk, FILES[file], at, random & 7, &err), &err);
    enum errc rc = store_verify(&ground->record.options, check_head, ground->record.key, &report, &err);
    enum outcome outcome = go_on(ground);
    return outcome == HARMLESS && rc < 0 ? FOUND_BY_VERIFY : outcome;
}

static void every_bit_is_found_or_harmless(void **state)
{
    struct ground *ground = *state;
    const char *wanted = getenv("FENGSUI_FLIPS");
    long flips = wanted ? strtol(wanted, NULL, 10) : FLIPS;
    uint64_t random = 20090519;
    for (enum stage stage = 0; stage < STAGE_COUNT; stage++) {
        long counts[OUTCOME_COUNT] = {0};
        check_untouched(ground, stage);
        for (long i = 0; i < flips / STAGE_COUNT; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            counts[flip_one(ground, stage, random >> 16)]++;
        }
        print_message(
            "%s: %ld bits: %ld refused at opening, %ld at reading, %ld at signing, %ld by verify only, "
            "%ld harmless\n",
            BASE[stage], flips / STAGE_COUNT, counts[REFUSED_TO_OPEN], counts[FOUND_AT_READING],
            counts[FOUND_AT_SIGNING], counts[FOUND_BY_VERIFY], counts[HARMLESS]);
        assert_true(counts[REFUSED_TO_OPEN] + counts[FOUND_AT_READING] > flips / STAGE_COUNT / 2);
    }
}

/* Turned while the node is running: its own memory may hide it for a while, the disk must not win. */
static void a_bit_turned_under_a_running_node_is_never_moved_into_the_database(void **state)
{
    struct ground *ground = *state;
    struct record *record = &ground->record;
    struct err err;
    uint64_t random = 20130825;
    int stopped = 0;
    for (int i = 0; i < 40; i++) {
        uint8_t digest[HASH_SIZE];
        assert_ok(vfs_mem_copy(ground->disk, "/killed/", "/node/", &err), &err);
        assert_ok(store_open(&record->options, &record->store, &err), &err);
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t size = vfs_mem_size(ground->disk, FILES[1]);
        assert_ok(vfs_mem_flip(ground->disk, FILES[1], (int64_t)((random >> 20) % (uint64_t)size),
                               (unsigned)(random >> 61), &err),
                  &err);
        stopped += store_tidy(record->store, &err) < 0; /* moves the log */
        store_close(record->store);
        record->store = NULL;
        if (store_open(&record->options, &record->store, &err) < 0)
            continue;
        if (store_digest(record->store, ALL, digest, &err) == ERR_OK)
            assert_memory_equal(digest, ground->before, HASH_SIZE);
        store_close(record->store);
        record->store = NULL;
    }
    print_message("moving the log stopped %d times of 40\n", stopped);
    assert_true(stopped > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_bit_is_found_or_harmless, prepare, clear),
        cmocka_unit_test_setup_teardown(a_bit_turned_under_a_running_node_is_never_moved_into_the_database,
                                        prepare, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
