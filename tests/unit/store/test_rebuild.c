#include "store/rebuild.h"
#include "domain/act.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/digest.h"
#include "store/duties.h"
#include "store/meta.h"
#include "store/nodes.h"
#include "store/vfs_mem.h"
#include "store/vfs_sum.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A small fold: the text of an act is the title of its matter and goes onto a list; each opens a duty. */
static enum errc fold(void *context, struct store *store, const struct stored_act *stored, struct err *err)
{
    struct arena arena;
    struct act act = {0};
    json_t *read = NULL;
    struct subject matter = {0};
    int *calls = context;
    (*calls)++;
    arena_init(&arena, 8 << 20);
    enum errc rc = act_read(stored->act.bytes, stored->act.size_bytes, &arena, &act, &read, err);
    if (rc < 0)
        goto out;
    rc = subjects_load(store, act.subject, &arena, &matter, NULL);
    json_t *made = rc == ERR_NOT_FOUND ? json_pack("{s:[]}", "said") : NULL;
    if (rc == ERR_NOT_FOUND)
        matter = (struct subject){.id = act.subject,
                                  .type = "incident",
                                  .root = act.root,
                                  .parent = "",
                                  .state = "reported",
                                  .owner = act.node,
                                  .region = "330000",
                                  .opened_ms = act.recorded_ms,
                                  .doc = made};
    int64_t rev = matter.rev++;
    matter.title = json_string_value(json_object_get(act.body, "text"));
    matter.updated_ms = act.recorded_ms;
    assert_int_equal(json_array_append_new(json_object_get(matter.doc, "said"), json_string(matter.title)),
                     0);
    rc = subjects_save(store, &matter, rev, err);
    json_decref(made);
    struct duty duty = {.id = act.id,
                        .rule = "r",
                        .pack = "p",
                        .clause = "c",
                        .subject = act.subject,
                        .root = act.root,
                        .owner = act.node,
                        .receiver = "",
                        .opened_act = act.id,
                        .opened_ms = act.recorded_ms,
                        .deadline = DEADLINE_PROMPT,
                        .calendar = "",
                        .done_act = "",
                        .receipt_act = ""};
    if (rc == ERR_OK)
        rc = duties_save(store, &duty, err);
out:
    json_decref(read);
    arena_done(&arena);
    return rc;
}

static void record_and_fold(struct record *record, int count)
{
    static const struct node_card ANCHOR = {.id = "miit",
                                            .name = "演示部",
                                            .tier = TIER_MINISTRY,
                                            .region = "000000",
                                            .parent = "",
                                            .suite = "sm2-sm3",
                                            .key_pem = "k",
                                            .drill_key_pem = "",
                                            .url = ""};
    int calls = 0;
    record_begin(record);
    assert_ok(nodes_save(record->store, &ANCHOR, "", &record->err), &record->err);
    assert_ok(meta_set(record->store, "cursor", "42", &record->err), &record->err);
    record_commit(record);
    for (int i = 0; i < count; i++) {
        char matter[RECORD_ID_SIZE], text[64];
        (void)snprintf(matter, sizeof matter, "0190b9a8-7c3e-7000-9000-%012x", i % 5);
        (void)snprintf(text, sizeof text, "浙江电信域名解析异常 %d", i);
        record_begin(record);
        struct stored_act stored = record_act(record, "incident.followed", matter, text);
        assert_ok(fold(&calls, record->store, &stored, &record->err), &record->err);
        record_commit(record);
    }
}

static void digest(struct record *record, unsigned scope, uint8_t out[HASH_SIZE])
{
    assert_ok(store_digest(record->store, scope, out, &record->err), &record->err);
}

static void shut(struct record *record)
{
    store_close(record->store);
    record->store = NULL;
}

static void run(struct record *record, struct rebuild_report *report, enum rebuild_end what)
{
    struct rebuild *rebuild = NULL;
    int calls = 0;
    assert_ok(rebuild_begin(&record->options, &rebuild, &record->err), &record->err);
    assert_ok(rebuild_run(rebuild, fold, &calls, &record->err), &record->err);
    assert_ok(rebuild_compare(rebuild, report, &record->err), &record->err);
    assert_int_equal(calls, report->acts);
    assert_ok(rebuild_end(rebuild, what, &record->err), &record->err);
}

static void rebuilding_gives_identical_tables(void **state)
{
    (void)state;
    struct record record;
    struct rebuild_report report;
    uint8_t before[HASH_SIZE];
    record_open(&record, SUITE_SM2_SM3);
    record_and_fold(&record, 40);
    digest(&record, DIGEST_PROJECTIONS, before);
    shut(&record);
    run(&record, &report, REBUILD_DROP);
    assert_int_equal(report.acts, 40);
    assert_true(report.identical);
    assert_memory_equal(report.before, before, HASH_SIZE);
    assert_memory_equal(report.after, before, HASH_SIZE);
    assert_ok(store_open(&record.options, &record.store, &record.err), &record.err);
    record_done(&record);
}

static void the_rebuilt_record_takes_the_place_of_the_old_whole(void **state)
{
    (void)state;
    struct record record;
    struct rebuild_report report;
    uint8_t before[HASH_SIZE], after[HASH_SIZE];
    char path[RECORD_PATH_SIZE + 16];
    record_open(&record, SUITE_P256_SHA256);
    record_and_fold(&record, 40);
    digest(&record, DIGEST_RECORD | DIGEST_PROJECTIONS | DIGEST_WORKING, before);
    shut(&record);
    run(&record, &report, REBUILD_PUT_IN_PLACE);
    (void)snprintf(path, sizeof path, "%s/rebuild", record.dir);
    assert_int_equal(access(path, F_OK), -1);
    assert_ok(store_open(&record.options, &record.store, &record.err), &record.err);
    digest(&record, DIGEST_RECORD | DIGEST_PROJECTIONS | DIGEST_WORKING, after);
    assert_memory_equal(before, after, HASH_SIZE);
    record_one(&record, "incident.followed", RECORD_MATTER, "and goes on");
    record_done(&record);
}

/* By somebody who also mends the checksums: what only a rebuild can see. */
static void tamper(struct record *record, const char *sql)
{
    char path[RECORD_PATH_SIZE + 16];
    sqlite3 *db = NULL;
    const char *vfs = NULL;
    assert_ok(vfs_sum_over(NULL, &vfs, &record->err), &record->err);
    (void)snprintf(path, sizeof path, "%s/store.db", record->dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, vfs), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void projections_altered_behind_the_stores_back_are_noticed_and_mended(void **state)
{
    (void)state;
    struct record record;
    struct rebuild_report report;
    struct subject matter;
    record_open(&record, SUITE_P256_SHA256);
    record_and_fold(&record, 10);
    shut(&record);
    tamper(&record, "UPDATE subjects SET title = 'nothing happened' WHERE no = 1");
    run(&record, &report, REBUILD_DROP);
    assert_true(report.readable);
    assert_false(report.identical);
    run(&record, &report, REBUILD_PUT_IN_PLACE);
    run(&record, &report, REBUILD_DROP);
    assert_true(report.identical);
    assert_ok(store_open(&record.options, &record.store, &record.err), &record.err);
    assert_ok(subjects_load(record.store, "0190b9a8-7c3e-7000-9000-000000000000", &record.arena, &matter,
                            &record.err),
              &record.err);
    assert_string_equal(matter.title, "浙江电信域名解析异常 5");
    record_done(&record);
}

static void altered_acts_are_not_folded_into_a_new_truth(void **state)
{
    (void)state;
    struct record record;
    struct rebuild *rebuild = NULL;
    int calls = 0;
    record_open(&record, SUITE_P256_SHA256);
    record_and_fold(&record, 10);
    shut(&record);
    tamper(&record, "UPDATE acts SET bytes = CAST(replace(CAST(bytes AS TEXT), '异常 3', '异常 4') AS BLOB)"
                    " WHERE pos = 3");
    assert_ok(rebuild_begin(&record.options, &rebuild, &record.err), &record.err);
    assert_code(rebuild_run(rebuild, fold, &calls, &record.err), ERR_DAMAGED);
    assert_ok(rebuild_end(rebuild, REBUILD_DROP, &record.err), &record.err);
    record_done(&record);
}

static enum errc fold_badly(void *context, struct store *store, const struct stored_act *stored,
                            struct err *err)
{
    (void)context;
    (void)store;
    return stored->pos == 5 ? err_set(err, ERR_LIMIT, "enough") : ERR_OK;
}

static void one_broken_off_leaves_everything_as_it_was(void **state)
{
    (void)state;
    struct record record;
    struct rebuild *rebuild = NULL;
    struct rebuild_report report;
    record_open(&record, SUITE_P256_SHA256);
    record_and_fold(&record, 10);
    assert_code(rebuild_begin(&record.options, &rebuild, &record.err), ERR_BUSY);
    shut(&record);
    assert_ok(rebuild_begin(&record.options, &rebuild, &record.err), &record.err);
    assert_code(rebuild_run(rebuild, fold_badly, NULL, &record.err), ERR_LIMIT);
    assert_ok(rebuild_end(rebuild, REBUILD_DROP, &record.err), &record.err);
    run(&record, &report, REBUILD_DROP);
    assert_true(report.identical);
    assert_ok(rebuild_end(NULL, REBUILD_DROP, &record.err), &record.err);
    record_done(&record);
}

static void a_disk_in_memory_compares_and_places_nothing(void **state)
{
    (void)state;
    struct record record;
    struct vfs_mem *disk = NULL;
    struct rebuild *rebuild = NULL;
    struct rebuild_report report;
    int calls = 0;
    assert_ok(vfs_mem_new("rebuilds", &disk, &record.err), &record.err);
    record_open_on(&record, SUITE_P256_SHA256, "rebuilds");
    record_and_fold(&record, 10);
    shut(&record);
    run(&record, &report, REBUILD_DROP);
    assert_true(report.identical);
    vfs_mem_remove(disk, "/node/rebuild/");
    assert_ok(rebuild_begin(&record.options, &rebuild, &record.err), &record.err);
    assert_ok(rebuild_run(rebuild, fold, &calls, &record.err), &record.err);
    assert_code(rebuild_end(rebuild, REBUILD_PUT_IN_PLACE, &record.err), ERR_UNSUPPORTED);
    record_done(&record);
    vfs_mem_free(disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rebuilding_gives_identical_tables),
        cmocka_unit_test(the_rebuilt_record_takes_the_place_of_the_old_whole),
        cmocka_unit_test(projections_altered_behind_the_stores_back_are_noticed_and_mended),
        cmocka_unit_test(altered_acts_are_not_folded_into_a_new_truth),
        cmocka_unit_test(one_broken_off_leaves_everything_as_it_was),
        cmocka_unit_test(a_disk_in_memory_compares_and_places_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
