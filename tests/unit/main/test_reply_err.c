#include "main/reply_err.h"

#include "lib/check.h"

#include <string.h>

static enum errc read_problem(const char *text, int status, struct err *err)
{
    json_t *doc = NULL;
    struct err unread;
    assert_ok(doc_parse_object(text, strlen(text), &doc, &unread), &unread);
    enum errc rc = reply_err(doc, status, err);
    json_decref(doc);
    return rc;
}

static void a_problem_document_is_the_error_again(void **state)
{
    struct err err;
    (void)state;
    enum errc rc = read_problem("{\"type\":\"/problems/conflict\",\"status\":409,\"detail\":\"it is closed\","
                                "\"field\":\"body.level\",\"clause\":\"4.4\",\"line\":7}",
                                409, &err);
    assert_int_equal(rc, ERR_CONFLICT);
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_string_equal(err.message, "it is closed");
    assert_string_equal(err.field, "body.level");
    assert_string_equal(err.clause, "4.4");
    assert_int_equal(err.line, 7);
}

static void a_type_that_nobody_knows_is_judged_by_its_status(void **state)
{
    struct err err;
    (void)state;
    assert_int_equal(read_problem("{\"type\":\"/problems/moon\",\"detail\":\"x\"}", 503, &err), ERR_INTERNAL);
    assert_int_equal(read_problem("{\"type\":\"about:blank\",\"detail\":\"x\"}", 422, &err), ERR_INVALID);
    assert_int_equal(read_problem("{\"detail\":\"x\"}", 400, &err), ERR_INVALID);
}

static void an_answer_that_says_nothing_is_told_with_its_status(void **state)
{
    struct err err;
    (void)state;
    assert_int_equal(reply_err(NULL, 502, &err), ERR_INTERNAL);
    assert_non_null(strstr(err.message, "502"));
    assert_int_equal(read_problem("{}", 404, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "404"));
    assert_string_equal(err.field, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_document_is_the_error_again),
        cmocka_unit_test(a_type_that_nobody_knows_is_judged_by_its_status),
        cmocka_unit_test(an_answer_that_says_nothing_is_told_with_its_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
