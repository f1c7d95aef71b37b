#include "store/list.h"
#include "lib/check.h"

#include <string.h>

static void fragments_become_one_numbered_statement(void **state)
{
    (void)state;
    struct list list;
    list_init(&list, "SELECT a FROM t");
    list_where(&list, "a = ?", DB_VALUES(db_of_int(1)));
    list_where_in(&list, "b", DB_VALUES(db_of_text("x"), db_of_text("y")));
    list_where_in(&list, "c", NULL, 0);
    list_where(&list, "(d, e) < (?, ?)", DB_VALUES(db_of_int(2), db_of_int(3)));
    list_add(&list, " LIMIT ?", DB_VALUES(db_of_int(4)));
    assert_string_equal(list.text.data,
                        "SELECT a FROM t WHERE a = $1 AND b IN ($2, $3) AND (d, e) < ($4, $5) LIMIT $6");
    assert_int_equal(list.count, 6);
    assert_int_equal(list.values[5].number, 4);
    assert_false(list.failed);
    list_done(&list);
}

static void values_that_do_not_fit_the_fragment_fail(void **state)
{
    (void)state;
    struct db_value values[LIST_VALUES_MAX + 1] = {{0}};
    struct list list;
    struct err err;
    struct db_rows *rows = NULL;
    list_init(&list, "SELECT 1");
    list_where(&list, "a = ?", NULL, 0);
    assert_true(list.failed);
    assert_code(list_query(&list, NULL, &rows, &err), ERR_LIMIT);
    list_done(&list);
    list_init(&list, "SELECT 1");
    list_where(&list, "a", values, 1);
    assert_true(list.failed);
    list_done(&list);
    list_init(&list, "SELECT 1");
    list_where_in(&list, "a", values, 17);
    assert_true(list.failed);
    list_done(&list);
    list_init(&list, "SELECT 1");
    for (int i = 0; i <= LIST_VALUES_MAX; i++)
        list_where(&list, "a = ?", values, 1);
    assert_true(list.failed);
    list_done(&list);
}

static void a_statement_longer_than_the_cap_fails(void **state)
{
    (void)state;
    struct list list;
    struct err err;
    struct db_rows *rows = NULL;
    list_init(&list, "SELECT 1");
    for (int i = 0; i < LIST_TEXT_MAX; i++)
        list_add(&list, "x", NULL, 0);
    assert_code(list_query(&list, NULL, &rows, &err), ERR_LIMIT);
    list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fragments_become_one_numbered_statement),
        cmocka_unit_test(values_that_do_not_fit_the_fragment_fail),
        cmocka_unit_test(a_statement_longer_than_the_cap_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
