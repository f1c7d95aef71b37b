#include "main/serve_demo.h"

#include "lib/check.h"

#include <string.h>

static int64_t noon_ms(void *context)
{
    (void)context;
    return 1000;
}

static enum errc sevens(void *context, void *out, size_t size_bytes)
{
    (void)context;
    memset(out, 7, size_bytes);
    return ERR_OK;
}

static const struct env NOON = {NULL, noon_ms, sevens};

static enum errc set(struct serve_demo *demo, const char *body, json_t **out, struct err *err)
{
    json_t *doc = NULL;
    assert_ok(doc_parse_object(body, strlen(body), &doc, err), err);
    enum errc rc = serve_demo_set(demo, doc, out, err);
    json_decref(doc);
    return rc;
}

static void the_clock_is_set_forward_and_never_back(void **state)
{
    struct serve_demo demo;
    struct err err;
    json_t *told = NULL;
    (void)state;
    assert_ok(serve_demo_init(&demo, &NOON, true, &err), &err);
    assert_int_equal(env_now_ms(&demo.env), 1000);
    assert_ok(set(&demo, "{\"clock_offset_ms\":500}", &told, &err), &err);
    assert_int_equal(json_integer_value(json_object_get(told, "clock_offset_ms")), 500);
    json_decref(told);
    assert_int_equal(env_now_ms(&demo.env), 1500);
    assert_int_equal(set(&demo, "{\"clock_offset_ms\":499}", &told, &err), ERR_INVALID);
    assert_string_equal(err.field, "clock_offset_ms");
    assert_int_equal(env_now_ms(&demo.env), 1500);
    uint8_t byte = 0;
    assert_ok(env_random(&demo.env, &byte, 1, &err), &err);
    assert_int_equal(byte, 7);
    serve_demo_done(&demo);
}

static void links_are_cut_and_healed(void **state)
{
    struct serve_demo demo;
    struct err err;
    json_t *told = NULL;
    (void)state;
    assert_ok(serve_demo_init(&demo, &NOON, true, &err), &err);
    assert_ok(set(&demo, "{\"cut\":[\"miit\",\"tel-zj\"]}", &told, &err), &err);
    json_decref(told);
    assert_true(serve_demo_is_cut(&demo, "miit"));
    assert_true(serve_demo_is_cut(&demo, "tel-zj"));
    assert_false(serve_demo_is_cut(&demo, "pca-330000"));
    assert_ok(set(&demo, "{\"clock_offset_ms\":1}", &told, &err), &err);
    assert_int_equal(json_array_size(json_object_get(told, "cut")), 2);
    json_decref(told);
    assert_ok(set(&demo, "{\"cut\":[]}", &told, &err), &err);
    json_decref(told);
    assert_false(serve_demo_is_cut(&demo, "miit"));
    serve_demo_done(&demo);
}

static void what_is_wrong_changes_nothing(void **state)
{
    static const struct {
        const char *body;
        const char *field;
    } BAD[] = {
        {"{\"clock_offset_ms\":-1}", "clock_offset_ms"},
        {"{\"cut\":[1]}", "cut"},
        {"{\"cut\":[\"a b\"]}", "cut"},
        {"{\"clock_offset_ms\":5,\"cut\":[\"\"]}", "cut"},
        {"{\"stop\":true}", "stop"},
    };
    struct serve_demo demo;
    struct err err;
    json_t *told = NULL;
    (void)state;
    assert_ok(serve_demo_init(&demo, &NOON, true, &err), &err);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_true(set(&demo, BAD[i].body, &told, &err) < 0);
        assert_string_equal(err.field, BAD[i].field);
    }
    assert_int_equal(env_now_ms(&demo.env), 1000);
    serve_demo_done(&demo);
}

static void a_node_that_is_no_demonstration_refuses(void **state)
{
    struct serve_demo demo;
    struct err err;
    json_t *told = NULL;
    (void)state;
    assert_ok(serve_demo_init(&demo, &NOON, false, &err), &err);
    assert_int_equal(set(&demo, "{\"clock_offset_ms\":5}", &told, &err), ERR_UNSUPPORTED);
    assert_int_equal(env_now_ms(&demo.env), 1000);
    assert_false(serve_demo_is_cut(&demo, "miit"));
    serve_demo_done(&demo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_is_set_forward_and_never_back),
        cmocka_unit_test(links_are_cut_and_healed),
        cmocka_unit_test(what_is_wrong_changes_nothing),
        cmocka_unit_test(a_node_that_is_no_demonstration_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
