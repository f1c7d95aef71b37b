#include "base/doc.h"
#include "lib/check.h"

#include <string.h>

static enum errc parse(const char *text, json_t **out, struct err *err)
{
    return doc_parse(text, strlen(text), out, err);
}

static void refuses_what_rfc_8259_refuses_and_more(void **state)
{
    (void)state;
    static const char *const BAD[] = {"",    "{",      "{\"a\":1,\"a\":2}", "[1,]",  "\"\\u0000\"",
                                      "nan", "01",     "\"\xFF\"",          "[1] x", "\xEF\xBB\xBF{}",
                                      "'a'", "// x\n1"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        json_t *doc = NULL;
        struct err err;
        assert_code(parse(BAD[i], &doc, &err), ERR_SYNTAX);
        assert_null(doc);
    }
}

static void limits_depth(void **state)
{
    (void)state;
    char text[2 * DOC_DEPTH_MAX + 3];
    memset(text, '[', DOC_DEPTH_MAX + 1);
    memset(text + DOC_DEPTH_MAX + 1, ']', DOC_DEPTH_MAX + 1);
    text[2 * DOC_DEPTH_MAX + 2] = '\0';
    json_t *doc = NULL;
    struct err err;
    assert_code(parse(text, &doc, &err), ERR_LIMIT);
    text[2 * DOC_DEPTH_MAX + 1] = '\0';
    assert_ok(parse(text + 1, &doc, &err), &err);
    json_decref(doc);
    assert_ok(parse("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"", &doc, &err), &err);
    json_decref(doc);
}

static void getters_name_the_field(void **state)
{
    (void)state;
    json_t *doc = NULL;
    struct err err;
    assert_ok(parse("{\"n\":5,\"f\":1.5,\"t\":\"烽燧\",\"z\":null}", &doc, &err), &err);
    int64_t n = 0;
    const char *text = NULL;
    assert_ok(doc_int(doc, "n", DOC_REQUIRED, 0, 10, &n, &err), &err);
    assert_int_equal(n, 5);
    assert_code(doc_int(doc, "f", DOC_REQUIRED, 0, 10, &n, &err), ERR_INVALID);
    assert_string_equal(err.field, "f");
    assert_code(doc_int(doc, "n", DOC_REQUIRED, 0, 4, &n, &err), ERR_INVALID);
    assert_code(doc_text(doc, "z", DOC_REQUIRED, 9, &text, &err), ERR_INVALID);
    assert_ok(doc_text(doc, "z", DOC_OPTIONAL, 9, &text, &err), &err);
    assert_null(text);
    assert_code(doc_text(doc, "t", DOC_REQUIRED, 1, &text, &err), ERR_INVALID);
    assert_ok(doc_text(doc, "t", DOC_REQUIRED, 2, &text, &err), &err);
    static const char *const NAMES[] = {"n", "f", "t"};
    assert_code(doc_only(doc, NAMES, 3, &err), ERR_INVALID);
    assert_string_equal(err.field, "z");
    json_decref(doc);
}

static void writes_what_it_read(void **state)
{
    (void)state;
    json_t *doc = NULL;
    struct err err;
    struct buf buf;
    buf_init(&buf, 1000);
    assert_ok(parse(" { \"b\" : [ 1 , true , null ] , \"a\" : \"烽\" } ", &doc, &err), &err);
    assert_ok(doc_write(doc, &buf, &err), &err);
    assert_string_equal(buf.data, "{\"b\":[1,true,null],\"a\":\"烽\"}");
    json_decref(doc);
    buf_done(&buf);
}

static void names_the_field_of_a_number_too_large(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"{\"a\": 1, \"users\" : 99999999999999999999}",
                                        "{\"a\": {\"users\":[1, -99999999999999999999]}}",
                                        "{\"users\":1e999}"};
    struct err err;
    json_t *doc = NULL;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        assert_code(doc_parse(TEXTS[i], strlen(TEXTS[i]), &doc, &err), ERR_SYNTAX);
        assert_string_equal(err.field, "users");
    }
    assert_code(doc_parse("99999999999999999999", 20, &doc, &err), ERR_SYNTAX);
    assert_string_equal(err.field, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_field_of_a_number_too_large),
        cmocka_unit_test(refuses_what_rfc_8259_refuses_and_more),
        cmocka_unit_test(limits_depth),
        cmocka_unit_test(getters_name_the_field),
        cmocka_unit_test(writes_what_it_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
