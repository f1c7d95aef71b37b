#include "domain/act.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

static const char *const TO[] = {"miit", "pca-330000"};

static struct act sample(json_t *body)
{
    return (struct act){.id = "0190b9a8-7c3e-7d2a-9b4f-0123456789ab",
                        .universe = "real",
                        .node = "tel-zj",
                        .seq = 7,
                        .kind = "incident.reported",
                        .subject = "0190b9a8-7c3e-7d2a-9b4f-0123456789ac",
                        .root = "0190b9a8-7c3e-7d2a-9b4f-0123456789ac",
                        .parent = "",
                        .person = "张三",
                        .post = "值班员",
                        .happened_ms = 1242741000000,
                        .recorded_ms = 1242741060000,
                        .pack = "miit-2017-281",
                        .pack_version = "1",
                        .clause = "4.1",
                        .to = (const char **)(uintptr_t)TO,
                        .to_count = 2,
                        .body = body};
}

static void reads_back_what_it_wrote(void **state)
{
    (void)state;
    struct arena arena;
    struct buf buf;
    struct err err;
    struct act back;
    json_t *doc = NULL;
    json_t *body = json_pack("{s:s,s:i}", "title", "六省断网", "n", 6);
    struct act act = sample(body);
    act.opens = true;
    arena_init(&arena, 1 << 20);
    buf_init(&buf, 1 << 20);
    assert_ok(act_write(&act, &buf, &err), &err);
    assert_ok(act_read(buf.data, buf.size_bytes, &arena, &back, &doc, &err), &err);
    assert_string_equal(back.kind, act.kind);
    assert_string_equal(back.clause, "4.1");
    assert_int_equal(back.seq, 7);
    assert_true(back.opens);
    assert_int_equal(back.happened_ms, act.happened_ms);
    assert_int_equal(back.to_count, 2);
    assert_string_equal(back.to[1], "pca-330000");
    assert_true(json_equal(back.body, body));
    json_decref(doc);
    json_decref(body);
    buf_done(&buf);
    arena_done(&arena);
}

static void refuses_acts_that_do_not_fit(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "[]",
        "{}",
        "{\"v\":2}",
        "{\"v\":1,\"id\":\"x\",\"universe\":\"real\",\"node\":\"n\",\"seq\":1,\"kind\":\"k\",\"person\":"
        "\"p\","
        "\"happened\":\"2009-05-19T21:50:00Z\",\"recorded\":\"2009-05-19T21:50:00Z\",\"to\":[],\"body\":{}}",
        "{\"v\":1,\"id\":\"0190b9a8-7c3e-7d2a-9b4f-0123456789ab\",\"universe\":\"real\",\"node\":\"n\","
        "\"seq\":0,"
        "\"kind\":\"k\",\"person\":\"p\",\"happened\":\"2009-05-19T21:50:00Z\","
        "\"recorded\":\"2009-05-19T21:50:00Z\",\"to\":[],\"body\":{}}",
        "{\"v\":1,\"id\":\"0190b9a8-7c3e-7d2a-9b4f-0123456789ab\",\"universe\":\"real\",\"node\":\"n\","
        "\"seq\":1,"
        "\"kind\":\"k\",\"person\":\"p\",\"happened\":\"2009-02-30T21:50:00Z\","
        "\"recorded\":\"2009-05-19T21:50:00Z\",\"to\":[],\"body\":{}}",
        "{\"v\":1,\"id\":\"0190b9a8-7c3e-7d2a-9b4f-0123456789ab\",\"universe\":\"real\",\"node\":\"n\","
        "\"seq\":1,"
        "\"kind\":\"k\",\"person\":\"p\",\"happened\":\"2009-02-20T21:50:00Z\","
        "\"recorded\":\"2009-05-19T21:50:00Z\",\"to\":[1],\"body\":{}}",
        "{\"v\":1,\"id\":\"0190b9a8-7c3e-7d2a-9b4f-0123456789ab\",\"universe\":\"real\",\"node\":\"n\","
        "\"seq\":1,"
        "\"kind\":\"k\",\"person\":\"p\",\"happened\":\"2009-02-20T21:50:00Z\","
        "\"recorded\":\"2009-05-19T21:50:00Z\",\"to\":[],\"body\":{},\"more\":1}",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct arena arena;
        struct act act;
        struct err err;
        json_t *doc = NULL;
        arena_init(&arena, 1 << 20);
        assert_true(act_read(BAD[i], strlen(BAD[i]), &arena, &act, &doc, &err) < 0);
        assert_null(doc);
        arena_done(&arena);
    }
}

static int left; /* allocations that still succeed */

static void *scarce(size_t size_bytes)
{
    return left-- > 0 ? malloc(size_bytes) : NULL;
}

/* Whole, or an error: never an act without a member that it should have. */
static void an_act_is_written_whole_whatever_memory_there_is(void **state)
{
    (void)state;
    struct err err;
    struct buf whole;
    struct buf some;
    json_t *body = json_pack("{s:s}", "title", "六省断网");
    json_t *commits = json_pack("{s:s}", "contact", "00");
    struct act act = sample(body);
    act.commits = commits;
    buf_init(&whole, 1 << 20);
    assert_ok(act_write(&act, &whole, &err), &err);
    enum errc rc = ERR_NOMEM;
    int tries = 0;
    while (rc < 0) {
        buf_init(&some, 1 << 20);
        left = tries++;
        json_set_alloc_funcs(scarce, free);
        rc = act_write(&act, &some, &err);
        json_set_alloc_funcs(malloc, free);
        if (rc >= 0)
            assert_string_equal(some.data, whole.data);
        buf_done(&some);
    }
    assert_true(tries > 20);
    buf_done(&whole);
    json_decref(commits);
    json_decref(body);
}

static void a_secret_stays_where_it_was_when_memory_is_short(void **state)
{
    (void)state;
    struct field_row fields[] = {{.name = "contact", .type = FIELD_TEXT, .secret = true}};
    struct act_row row = {.kind = "x.made", .fields = fields, .fields_count = 1};
    unsigned char salts[ACT_SALT_BYTES] = {0};
    struct err err;
    json_t *commits = NULL;
    json_t *annex = NULL;
    json_t *body = json_pack("{s:s}", "contact", "张三");
    enum errc rc = ERR_NOMEM;
    for (int tries = 0; rc < 0; tries++) {
        assert_non_null(json_object_get(body, "contact"));
        left = tries;
        json_set_alloc_funcs(scarce, free);
        rc = act_seal_secrets(&row, body, salts, &commits, &annex, &err);
        json_set_alloc_funcs(malloc, free);
    }
    assert_null(json_object_get(body, "contact"));
    assert_non_null(json_object_get(commits, "contact"));
    assert_non_null(json_object_get(annex, "contact"));
    json_decref(commits);
    json_decref(annex);
    json_decref(body);
}

static void secrets_leave_the_body_and_cannot_be_changed(void **state)
{
    (void)state;
    struct field_row fields[] = {{.name = "title", .type = FIELD_TEXT},
                                 {.name = "contact", .type = FIELD_TEXT, .secret = true}};
    struct act_row row = {.kind = "x.made", .fields = fields, .fields_count = 2};
    unsigned char salts[2 * ACT_SALT_BYTES];
    struct err err;
    json_t *commits = NULL;
    json_t *annex = NULL;
    memset(salts, 7, sizeof salts);
    json_t *body = json_pack("{s:s,s:s}", "title", "t", "contact", "张三 13800000000");
    assert_ok(act_seal_secrets(&row, body, salts, &commits, &annex, &err), &err);
    assert_null(json_object_get(body, "contact"));
    struct act act = sample(body);
    act.commits = commits;
    assert_ok(act_check_annex(&act, annex, &err), &err);
    json_t *entry = json_object_get(annex, "contact");
    (void)json_object_set_new(entry, "value", json_string("李四"));
    assert_code(act_check_annex(&act, annex, &err), ERR_FORGED);
    assert_string_equal(err.field, "annex.contact");
    json_decref(body);
    json_decref(commits);
    json_decref(annex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_it_wrote),
        cmocka_unit_test(refuses_acts_that_do_not_fit),
        cmocka_unit_test(an_act_is_written_whole_whatever_memory_there_is),
        cmocka_unit_test(a_secret_stays_where_it_was_when_memory_is_short),
        cmocka_unit_test(secrets_leave_the_body_and_cannot_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
