#include "http/problem.h"
#include "lib/check.h"

#include <string.h>

static void told(const struct err *err, const json_t *more, const char *want)
{
    struct buf out;
    buf_init(&out, 4096);
    problem_write(err, errc_info(err->code)->http_status, more, &out);
    assert_false(out.failed);
    assert_string_equal(out.data, want);
    buf_done(&out);
}

static void every_known_part_is_told_and_no_other(void **state)
{
    (void)state;
    struct err err;
    (void)err_field(&err, ERR_INVALID, "body.scope", "\"烽\" is no region");
    told(&err, NULL,
         "{\"type\":\"/problems/invalid\",\"title\":\"Invalid\",\"status\":422,\"detail\":\"\\\"烽\\\" is no "
         "region\","
         "\"field\":\"body.scope\",\"hint\":\"correct the named field and send it again\"}");
    (void)err_set(&err, ERR_FULL, "no room");
    err.line = 3;
    told(&err, NULL,
         "{\"type\":\"/problems/storage-full\",\"title\":\"Storage full\",\"status\":507,\"detail\":\"no "
         "room\","
         "\"hint\":\"free disk space; nothing was recorded\",\"line\":3}");
}

static void the_clause_and_what_to_do_instead_are_told(void **state)
{
    (void)state;
    struct err err;
    (void)err_set(&err, ERR_POWER, "only the ministry publishes red");
    (void)snprintf(err.clause, sizeof err.clause, "4.4");
    json_t *more = json_pack("{s:[s]}", "then", "report to the ministry");
    told(&err, more,
         "{\"type\":\"/problems/power\",\"title\":\"Power\",\"status\":403,"
         "\"detail\":\"only the ministry publishes red\",\"clause\":\"4.4\","
         "\"hint\":\"the law gives this power to somebody else; see the clause and 'then'\","
         "\"then\":[\"report to the ministry\"]}");
    json_decref(more);
}

static void a_message_cut_inside_a_character_is_still_utf_8(void **state)
{
    (void)state;
    struct err err;
    struct buf out;
    json_t *doc = NULL;
    buf_init(&out, 4096);
    char many[600] = "x";
    for (size_t i = 1; i + 3 < sizeof many; i += 3)
        memcpy(many + i, "\xE7\x83\xBD", 4);
    (void)err_set(&err, ERR_INVALID, "%s", many);
    problem_write(&err, 422, NULL, &out);
    assert_ok(doc_parse_object(out.data, out.size_bytes, &doc, &err), &err);
    assert_true(strlen(json_string_value(json_object_get(doc, "detail"))) > 500);
    json_decref(doc);
    buf_done(&out);
}

static void a_full_buffer_fails_whole(void **state)
{
    (void)state;
    struct err err;
    struct buf out;
    buf_init(&out, 20);
    (void)err_set(&err, ERR_INVALID, "x");
    problem_write(&err, 422, NULL, &out);
    assert_true(out.failed);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_part_is_told_and_no_other),
        cmocka_unit_test(the_clause_and_what_to_do_instead_are_told),
        cmocka_unit_test(a_message_cut_inside_a_character_is_still_utf_8),
        cmocka_unit_test(a_full_buffer_fails_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
