#include "store/verify.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/blobs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* Six batches of one to three acts: 0 | 1 2 | 3 4 5 | 6 | 7 8 | 9 10 11. */
static void record_twelve(struct record *record, enum suite suite)
{
    record_open(record, suite);
    for (int batch = 0; batch < 6; batch++) {
        record_begin(record);
        for (int i = 0; i <= batch % 3; i++)
            (void)record_act(record, "incident.followed", RECORD_MATTER, "流量 12 Gbps");
        record_commit(record);
    }
}

/* What somebody with access to the files does to a record that is at rest. */
static void tamper(struct record *record, const char *sql)
{
    char path[RECORD_PATH_SIZE + 16];
    sqlite3 *db = NULL;
    store_close(record->store);
    record->store = NULL;
    (void)snprintf(path, sizeof path, "%s/store.db", record->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_true(sqlite3_total_changes(db) > 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static enum errc check_head(void *context, const struct tree_head *head, struct err *err)
{
    return proof_head_verify(head, context, err);
}

static enum errc verify(struct record *record, struct verify_report *report)
{
    return store_verify(&record->options, check_head, record->key, report, &record->err);
}

/* The one finding of that kind. */
static const struct verify_finding *only(const struct verify_report *report, enum finding_kind kind)
{
    const struct verify_finding *finding = NULL;
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].kind == kind) {
            assert_null(finding);
            finding = &report->findings[i];
        }
    if (!finding)
        fail_msg("no finding of kind %d; first: %s", (int)kind, report->findings[0].story);
    return finding;
}

static void an_untouched_record_holds_in_both_suites_open_or_closed(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct record record;
        struct verify_report report;
        struct tree_head last;
        record_twelve(&record, suite);
        assert_ok(ledger_last_head(record.store, &last, &record.err), &record.err);
        for (int closed = 0; closed < 2; closed++) {
            assert_ok(verify(&record, &report), &record.err);
            assert_int_equal(report.acts, 12);
            assert_int_equal(report.heads, 6);
            assert_int_equal(report.tree.size, 12);
            assert_memory_equal(report.tree.root, last.tree.root, HASH_SIZE);
            assert_string_equal(report.node, "demo-telecom-zj");
            assert_int_equal(report.suite, suite);
            assert_int_equal(report.finding_count, 0);
            store_close(record.store);
            record.store = NULL;
        }
        record_done(&record);
    }
}

static void an_altered_byte_names_its_act(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    struct stored_act stored;
    record_twelve(&record, SUITE_SM2_SM3);
    assert_ok(acts_at(record.store, 4, &record.arena, &stored, &record.err), &record.err);
    tamper(&record, "UPDATE acts SET bytes = CAST(replace(CAST(bytes AS TEXT), '12 Gbps', '13 Gbps') AS BLOB)"
                    " WHERE pos = 4");
    assert_code(verify(&record, &report), ERR_DAMAGED);
    const struct verify_finding *finding = only(&report, FINDING_ACT_ALTERED);
    assert_int_equal(finding->pos, 4);
    assert_string_equal(finding->act, stored.act.id);
    assert_string_equal(finding->act_kind, "incident.followed");
    assert_int_equal(finding->recorded_ms, stored.act.recorded_ms);
    assert_non_null(strstr(finding->story, "act number 4, incident.followed of 2009-05-19T21:50:00.00"));
    assert_int_equal(report.tree.size, 12); /* later batches are still told apart */
    assert_true(store_open(&record.options, &record.store, &record.err) == ERR_DAMAGED ||
                acts_at(record.store, 4, &record.arena, &stored, &record.err) == ERR_DAMAGED);
    record_done(&record);
}

static void every_byte_of_an_act_counts(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    struct stored_act stored;
    record_twelve(&record, SUITE_P256_SHA256);
    assert_ok(acts_at(record.store, 7, &record.arena, &stored, &record.err), &record.err);
    size_t size = stored.act.size_bytes;
    for (size_t at = 1; at <= size; at += 7) {
        char sql[200];
        (void)snprintf(
            sql, sizeof sql,
            "UPDATE acts SET bytes = CAST(substr(bytes, 1, %zu) || x'01' || substr(bytes, %zu) AS BLOB)"
            " WHERE pos = 7",
            at - 1, at + 1);
        tamper(&record, sql);
        assert_code(verify(&record, &report), ERR_DAMAGED);
        assert_int_equal(only(&report, FINDING_ACT_ALTERED)->pos, 7);
    }
    record_done(&record);
}

static void an_act_altered_with_its_hash_is_placed_in_its_batch(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    record_twelve(&record, SUITE_P256_SHA256);
    struct hasher *hasher = NULL;
    uint8_t leaf[HASH_SIZE];
    char sql[600], hex[HASH_TEXT_SIZE];
    static const char FORGED[] = "{}";
    assert_ok(hasher_new(SUITE_P256_SHA256, &hasher, &record.err), &record.err);
    assert_ok(merkle_leaf(hasher, FORGED, strlen(FORGED), leaf, &record.err), &record.err);
    for (size_t i = 0; i < HASH_SIZE; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", leaf[i]);
    /* act 8 is the first under hash number 15 */
    (void)snprintf(sql, sizeof sql,
                   "UPDATE acts SET bytes = CAST('%s' AS BLOB) WHERE pos = 8; UPDATE tree SET hash = x'%s' "
                   "WHERE no = 15",
                   FORGED, hex);
    tamper(&record, sql);
    assert_code(verify(&record, &report), ERR_DAMAGED);
    const struct verify_finding *finding = only(&report, FINDING_HEAD);
    assert_non_null(strstr(finding->story, "number 7 to 8"));
    assert_int_equal(report.tree.size, 7);
    hasher_free(hasher);
    record_done(&record);
}

static void other_damage_is_told_for_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum finding_kind kind;
        int64_t pos;
        const char *says;
    } CASES[] = {
        {"UPDATE acts SET kind = 'incident.closed' WHERE pos = 3", FINDING_COLUMN, 3, "column kind"},
        {"UPDATE acts SET recorded_ms = recorded_ms - 60000 WHERE pos = 3", FINDING_COLUMN, 3, "recorded_ms"},
        {"UPDATE acts SET subject = 'm-2' WHERE pos = 0", FINDING_COLUMN, 0, "column subject"},
        {"UPDATE acts SET seq = 900 WHERE pos = 3", FINDING_COLUMN, 3, "column seq"},
        {"DELETE FROM acts WHERE pos = 5", FINDING_ACT_MISSING, 5, "missing"},
        {"DELETE FROM acts WHERE pos = 11", FINDING_ACT_MISSING, 11, "missing"},
        {"DELETE FROM heads WHERE size = 12", FINDING_UNSIGNED, -2, "no signed head"},
        {"UPDATE tree SET hash = zeroblob(32) WHERE no = 3", FINDING_TREE, 2, "as it was signed"},
        {"UPDATE tree SET hash = zeroblob(32) WHERE no = 6", FINDING_TREE, -1, "kept for the ledger"},
        {"DELETE FROM tree WHERE no = 6", FINDING_TREE, -1, "kept for the ledger"},
        {"UPDATE heads SET signature = zeroblob(70) WHERE size = 6", FINDING_SIGNATURE, -1, ""},
        {"UPDATE heads SET time_ms = time_ms + 1 WHERE size = 6", FINDING_SIGNATURE, -1, ""},
        {"UPDATE heads SET root = zeroblob(32) WHERE size = 6", FINDING_HEAD, -1, "number 3 to 5"},
        {"UPDATE acts SET annex = CAST('{\"contact\":{}}' AS BLOB) WHERE pos = 1", FINDING_ANNEX, 1, ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct record record;
        struct verify_report report;
        record_twelve(&record, SUITE_P256_SHA256);
        tamper(&record, CASES[i].sql);
        assert_code(verify(&record, &report), ERR_DAMAGED);
        if (CASES[i].pos == -2) {
            assert_int_equal(report.findings[0].kind, CASES[i].kind);
            record_done(&record);
            continue;
        }
        const struct verify_finding *finding = only(&report, CASES[i].kind);
        assert_int_equal(finding->pos, CASES[i].pos);
        assert_non_null(strstr(finding->story, CASES[i].says));
        record_done(&record);
    }
}

static void a_row_changed_behind_the_stores_back_is_found_though_nothing_signed_changed(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    record_twelve(&record, SUITE_P256_SHA256);
    tamper(&record, "INSERT INTO tokens VALUES ('t', x'00', 'admin', '', '', 0, 0, 0, '', '', 1)");
    assert_code(verify(&record, &report), ERR_DAMAGED);
    (void)only(&report, FINDING_DATABASE);
    assert_int_equal(report.finding_count, 1);
    record_done(&record);
}

static void altered_evidence_is_found(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    struct blob_writer *writer = NULL;
    char hash[HASH_TEXT_SIZE], path[RECORD_PATH_SIZE + 80];
    int64_t size = 0;
    record_open(&record, SUITE_P256_SHA256);
    assert_ok(blobs_start(record.store, 100, &writer, &record.err), &record.err);
    assert_ok(blobs_write(writer, "pcap", 4, &record.err), &record.err);
    assert_ok(blobs_finish(writer, hash, &size, &record.err), &record.err);
    struct blob blob = {.hash = hash, .size_bytes = size, .name = "a", .media = "b", .stored_ms = 1};
    record_begin(&record);
    assert_ok(blobs_record(record.store, &blob, &record.err), &record.err);
    record_commit(&record);
    assert_ok(verify(&record, &report), &record.err);
    assert_int_equal(report.blobs, 1);
    (void)snprintf(path, sizeof path, "%s/blobs/%s", record.dir, hash);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("PCAP", file);
    (void)fclose(file);
    assert_code(verify(&record, &report), ERR_DAMAGED);
    assert_non_null(strstr(only(&report, FINDING_BLOB)->story, hash));
    record_done(&record);
}

static void a_folder_without_a_record_is_an_error_and_no_finding(void **state)
{
    (void)state;
    struct err err;
    struct verify_report report;
    struct store_options options = {.dir = "/nonexistent"};
    enum errc rc = store_verify(&options, NULL, NULL, &report, &err);
    assert_true(rc < 0 && rc != ERR_DAMAGED);
    assert_int_equal(report.finding_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_record_holds_in_both_suites_open_or_closed),
        cmocka_unit_test(an_altered_byte_names_its_act),
        cmocka_unit_test(every_byte_of_an_act_counts),
        cmocka_unit_test(an_act_altered_with_its_hash_is_placed_in_its_batch),
        cmocka_unit_test(other_damage_is_told_for_what_it_is),
        cmocka_unit_test(a_row_changed_behind_the_stores_back_is_found_though_nothing_signed_changed),
        cmocka_unit_test(altered_evidence_is_found),
        cmocka_unit_test(a_folder_without_a_record_is_an_error_and_no_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
