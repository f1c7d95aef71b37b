#include "main/node_backup.h"

#include "lib/check.h"
#include "main/file.h"
#include "main/verify.h"
#include "store/acts.h"
#include "unit/main/node_fixture.h"

#include <string.h>
#include <unistd.h>

#define REPORT                                                                                               \
    "{\"title\":\"断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":"        \
    "\"无法上网\","                                                                                      \
    "\"measures\":\"扩容\",\"advice\":\"无\"}"

static struct node_fixture FIXTURE;

static int set_up(void **state)
{
    (void)state;
    node_fixture_begin(&FIXTURE, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    node_fixture_end(&FIXTURE);
    return 0;
}

static void report(int times)
{
    struct err err;
    struct node node;
    struct submission sub;
    assert_ok(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &node, &err), &err);
    for (int i = 0; i < times; i++)
        node_fixture_act(&node, "incident.reported", REPORT, &sub);
    node_close(&node);
}

/* The last act of the node as it is now; "" when it cannot be opened. */
static int64_t count_acts(struct stored_act *out_last)
{
    struct err err;
    struct node node;
    assert_ok(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &node, &err), &err);
    int64_t count = acts_count(node.store);
    assert_ok(acts_at(node.store, count - 1, &FIXTURE.arena, out_last, &err), &err);
    node_close(&node);
    return count;
}

static const char *back_up(const char *name)
{
    struct err err;
    json_t *found = NULL;
    const char *dir = node_fixture_path(&FIXTURE, name);
    assert_ok(node_backup(&FIXTURE.config, dir, &FIXTURE.arena, &found, &err), &err);
    assert_true(json_is_true(json_object_get(found, "ok")));
    json_decref(found);
    return dir;
}

static enum errc restore(const struct node_restore *wish, struct node_restored *out, struct err *err)
{
    return node_restore(&FIXTURE.config, &ENV_REAL, wish, &FIXTURE.arena, out, err);
}

static void a_backup_holds_the_record_and_no_key(void **state)
{
    (void)state;
    struct err err;
    json_t *found = NULL;
    report(2);
    const char *dir = back_up("backup");
    assert_true(file_exists(node_fixture_path(&FIXTURE, "backup/real/store.db")));
    assert_false(file_exists(node_fixture_path(&FIXTURE, "backup/seal")));
    assert_code(node_backup(&FIXTURE.config, dir, &FIXTURE.arena, &found, &err), ERR_CONFLICT);
}

static void a_backup_is_made_while_the_node_has_its_record_open(void **state)
{
    (void)state;
    struct err err;
    struct node node;
    assert_ok(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &node, &err), &err);
    (void)back_up("backup");
    node_close(&node);
}

static void what_is_there_is_never_overwritten(void **state)
{
    (void)state;
    struct err err;
    struct node_restored done;
    struct node_restore wish = {.backup = back_up("backup")};
    assert_code(restore(&wish, &done, &err), ERR_CONFLICT);
    wish.replace = true;
    assert_ok(restore(&wish, &done, &err), &err);
    assert_non_null(done.aside);
    assert_true(file_exists(arena_printf(&FIXTURE.arena, "%s/real/store.db", done.aside)));
}

static void a_running_node_is_not_restored(void **state)
{
    (void)state;
    struct err err;
    struct node node;
    struct node_restored done;
    struct node_restore wish = {.backup = back_up("backup"), .replace = true};
    assert_ok(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &node, &err), &err);
    assert_code(restore(&wish, &done, &err), ERR_BUSY);
    node_close(&node);
}

static void an_older_backup_is_refused_unless_the_loss_is_owned(void **state)
{
    (void)state;
    struct err err;
    struct node_restored done;
    struct stored_act last;
    report(1);
    struct node_restore wish = {.backup = back_up("backup"), .replace = true};
    report(3);
    assert_code(restore(&wish, &done, &err), ERR_FORGED);
    assert_non_null(strstr(err.message, "gives up 3 acts"));
    wish.set_back = true;
    assert_code(restore(&wish, &done, &err), ERR_USAGE);
    assert_int_equal(count_acts(&last), 5); /* the ministry's own card, one report, three more */
}

static void a_record_that_is_set_back_says_so_in_its_first_act(void **state)
{
    (void)state;
    struct err err;
    struct node_restored done;
    struct stored_act last;
    json_t *found = NULL;
    report(1);
    struct node_restore wish = {.backup = back_up("backup"),
                                .replace = true,
                                .set_back = true,
                                .reason = "磁盘损坏",
                                .person = "王五",
                                .post = "系统管理员"};
    report(3);
    assert_ok(restore(&wish, &done, &err), &err);
    assert_int_equal(done.acts, 2);
    assert_int_equal(done.given_up, 3);
    assert_int_equal(count_acts(&last), 3);
    assert_string_equal(last.act.kind, "node.restored");
    assert_int_equal(last.act.seq, 6); /* no number is used twice: 5 were signed */
    assert_non_null(strstr(last.act.bytes, "磁盘损坏"));
    report(1);
    assert_ok(verify_path(FIXTURE.config.node_data, &FIXTURE.arena, &found, &err), &err);
    assert_true(json_is_true(json_object_get(found, "ok")));
    json_decref(found);
}

static void a_damaged_backup_changes_nothing(void **state)
{
    (void)state;
    struct err err;
    struct node_restored done;
    struct stored_act last;
    struct node_restore wish = {.backup = back_up("backup"), .replace = true};
    const char *path = node_fixture_path(&FIXTURE, "backup/real/store.db");
    assert_int_equal(truncate(path, 8192), 0);
    assert_true(restore(&wish, &done, &err) < 0);
    assert_int_equal(count_acts(&last), 1);
}

static void a_backup_of_another_node_is_refused(void **state)
{
    (void)state;
    struct err err;
    struct node_restored done;
    struct node_restore wish = {.backup = back_up("backup"), .replace = true};
    struct config other = FIXTURE.config;
    other.node_id = "tel-zj";
    assert_code(node_restore(&other, &ENV_REAL, &wish, &FIXTURE.arena, &done, &err), ERR_CONFLICT);
}

static void without_the_keys_nothing_is_restored(void **state)
{
    (void)state;
    struct err err;
    struct node_restored done;
    struct node_restore wish = {.backup = back_up("backup")};
    struct config elsewhere = FIXTURE.config;
    elsewhere.node_data = node_fixture_path(&FIXTURE, "elsewhere");
    assert_code(node_restore(&elsewhere, &ENV_REAL, &wish, &FIXTURE.arena, &done, &err), ERR_NOT_FOUND);
    assert_non_null(strstr(err.message, "no keys"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_backup_holds_the_record_and_no_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backup_is_made_while_the_node_has_its_record_open, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_there_is_never_overwritten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_running_node_is_not_restored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_older_backup_is_refused_unless_the_loss_is_owned, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_record_that_is_set_back_says_so_in_its_first_act, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_backup_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backup_of_another_node_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_the_keys_nothing_is_restored, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
