#include "main/node.h"

#include "lib/check.h"
#include "main/file.h"
#include "store/acts.h"
#include "store/ledger.h"
#include "unit/main/node_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROSTER                                                                                               \
    "{\"title\":\"值班\",\"starts\":\"2026-01-01T00:00:00+08:00\",\"ends\":\"2026-01-02T00:00:00+08:00\"," \
    "\"post\":\"值班员\",\"people\":[\"张三\"],\"people_count\":1,\"phone\":\"010\"}"

static void move(struct node_fixture *f, const char *from, const char *to)
{
    assert_int_equal(rename(node_fixture_path(f, from), node_fixture_path(f, to)), 0);
}

static void copy(struct node_fixture *f, const char *from, const char *to)
{
    size_t size = 0;
    char *bytes = shared_read(node_fixture_path(f, from), &size);
    assert_non_null(bytes);
    FILE *out = fopen(node_fixture_path(f, to), "we");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
    free(bytes);
}

static void open_again(struct node_fixture *f, struct node *node)
{
    struct err err;
    assert_ok(node_open(&f->config, &ENV_REAL, &f->arena, node, &err), &err);
}

static void a_ministry_founds_itself_with_a_first_act(void **state)
{
    struct node_fixture f;
    struct node node;
    struct stored_act first;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    open_again(&f, &node);
    assert_non_null(desk_self(node.desk));
    assert_string_equal(desk_self(node.desk)->name, "工业和信息化部");
    assert_ok(acts_at(node.store, 0, &f.arena, &first, &err), &err);
    assert_string_equal(first.act.kind, "node.enrolled");
    assert_true(file_exists(node_fixture_path(&f, "data/link/node.crt")));
    node_close(&node);
    node_fixture_end(&f);
}

static void every_other_node_waits_for_its_enrolment(void **state)
{
    struct node_fixture f;
    struct node node;
    (void)state;
    node_fixture_begin(&f, false);
    open_again(&f, &node);
    assert_null(desk_self(node.desk));
    assert_int_equal(desk_last_pos(node.desk), -1);
    assert_false(file_exists(node_fixture_path(&f, "data/link/node.crt")));
    node_close(&node);
    node_fixture_end(&f);
}

static void acts_outlive_the_program_and_reach_readers(void **state)
{
    struct node_fixture f;
    struct node node;
    struct submission sub;
    struct store *reader = NULL;
    struct stored_act found;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    open_again(&f, &node);
    node_fixture_act(&node, "roster.set", ROSTER, &sub);
    node_close(&node);
    open_again(&f, &node);
    assert_ok(node_open_reader(&node, &reader, &err), &err);
    assert_ok(acts_get(reader, sub.act, &f.arena, &found, &err), &err);
    assert_string_equal(found.act.kind, "roster.set");
    store_close(reader);
    node_close(&node);
    node_fixture_end(&f);
}

static void two_programs_never_have_one_node(void **state)
{
    struct node_fixture f;
    struct node node;
    struct node second;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    open_again(&f, &node);
    assert_code(node_open(&f.config, &ENV_REAL, &f.arena, &second, &err), ERR_BUSY);
    node_close(&node);
    node_fixture_end(&f);
}

static void a_store_that_was_set_back_is_refused(void **state)
{
    struct node_fixture f;
    struct node node;
    struct submission sub;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    copy(&f, "data/real/store.db", "old.db");
    copy(&f, "data/real/store.db-mark", "old.db-mark");
    open_again(&f, &node);
    node_fixture_act(&node, "roster.set", ROSTER, &sub);
    node_close(&node);
    move(&f, "old.db", "data/real/store.db");
    move(&f, "old.db-mark", "data/real/store.db-mark");
    assert_code(node_open(&f.config, &ENV_REAL, &f.arena, &node, &err), ERR_FORGED);
    assert_non_null(strstr(err.message, "set back"));
    node_fixture_end(&f);
}

static void a_signer_that_is_behind_catches_up(void **state)
{
    struct node_fixture f;
    struct node node;
    struct submission sub;
    struct merkle_claim kept;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    copy(&f, "data/seal/journal", "old-journal");
    open_again(&f, &node);
    node_fixture_act(&node, "roster.set", ROSTER, &sub);
    uint64_t size = ledger_size(node.store);
    node_close(&node);
    assert_int_equal(chmod(node_fixture_path(&f, "old-journal"), 0600), 0);
    move(&f, "old-journal", "data/seal/journal");
    open_again(&f, &node);
    assert_ok(seal_kept(node.seal, "miit", "real", &kept, &err), &err);
    assert_int_equal(kept.size, size);
    node_close(&node);
    node_fixture_end(&f);
}

static void keys_and_record_must_belong_together(void **state)
{
    struct node_fixture f;
    struct node_fixture other;
    struct node node;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    node_fixture_begin(&other, true);
    assert_int_equal(unlink(node_fixture_path(&f, "data/seal/real.pem")), 0);
    assert_int_equal(
        rename(node_fixture_path(&other, "data/seal/real.pem"), node_fixture_path(&f, "data/seal/real.pem")),
        0);
    assert_code(node_open(&f.config, &ENV_REAL, &f.arena, &node, &err), ERR_FORGED);
    node_fixture_end(&f);
    node_fixture_end(&other);
}

static void a_record_of_another_node_is_refused(void **state)
{
    struct node_fixture f;
    struct node node;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    f.config.node_id = "pca-330000";
    assert_code(node_open(&f.config, &ENV_REAL, &f.arena, &node, &err), ERR_CONFLICT);
    f.config.node_data = node_fixture_path(&f, "elsewhere");
    assert_code(node_open(&f.config, &ENV_REAL, &f.arena, &node, &err), ERR_NOT_FOUND);
    node_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ministry_founds_itself_with_a_first_act),
        cmocka_unit_test(every_other_node_waits_for_its_enrolment),
        cmocka_unit_test(acts_outlive_the_program_and_reach_readers),
        cmocka_unit_test(two_programs_never_have_one_node),
        cmocka_unit_test(a_store_that_was_set_back_is_refused),
        cmocka_unit_test(a_signer_that_is_behind_catches_up),
        cmocka_unit_test(keys_and_record_must_belong_together),
        cmocka_unit_test(a_record_of_another_node_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
