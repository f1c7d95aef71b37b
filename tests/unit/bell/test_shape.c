#include "bell/shape.h"

#include "base/doc.h"
#include "lib/check.h"

#include <string.h>

#define NOW_MS INT64_C(1599360473000)

static const struct news NEWS = {.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                 .severity = SEVERITY_URGENT,
                                 .what = "收到\"报告\"",
                                 .number = "12号",
                                 .link = "https://c.example/1",
                                 .at_ms = NOW_MS};

static struct shape_request make(const struct channel *channel, size_t recipient, struct arena *arena)
{
    struct shape_request request = {0};
    struct err err;
    assert_ok(shape_make(channel, &NEWS, recipient, NOW_MS, arena, &request, &err), &err);
    return request;
}

static json_t *body(const struct shape_request *request)
{
    json_t *doc = NULL;
    struct err err;
    assert_ok(doc_parse_object(request->body, strlen(request->body), &doc, &err), &err);
    return doc;
}

static const char *text(json_t *doc, const char *outer, const char *name)
{
    return json_string_value(json_object_get(outer ? json_object_get(doc, outer) : doc, name));
}

static const char *field(const struct shape_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (strncmp(request->fields[i], name, strlen(name)) == 0)
            return request->fields[i] + strlen(name);
    return "";
}

/* The signatures below are published vectors of the services, recomputed with other programs. */
static void dingtalk_is_signed_in_the_query(void **state)
{
    (void)state;
    const struct channel channel = {.kind = CHANNEL_DINGTALK,
                                    .name = "d",
                                    .url = "https://oapi.example/robot/send?access_token=x",
                                    .secret = "SECthis_is_secret"};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct shape_request request = make(&channel, 0, &arena);
    assert_string_equal(request.url, "https://oapi.example/robot/send?access_token=x&timestamp=1599360473000"
                                     "&sign=fLDa39kVxm075%2BCH8V6G0OTuhl62Ptxwx%2FdZvHgqLBo%3D");
    json_t *doc = body(&request);
    assert_string_equal(text(doc, NULL, "msgtype"), "text");
    assert_non_null(strstr(text(doc, "text", "content"), "收到\"报告\" 12号"));
    json_decref(doc);
    arena_done(&arena);
}

static void feishu_is_signed_in_the_body(void **state)
{
    (void)state;
    const struct channel channel = {.kind = CHANNEL_FEISHU,
                                    .name = "f",
                                    .url = "https://open.example/hook/1",
                                    .secret = "SECthis_is_secret"};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct shape_request request = make(&channel, 0, &arena);
    json_t *doc = body(&request);
    assert_string_equal(request.url, channel.url);
    assert_string_equal(text(doc, NULL, "timestamp"), "1599360473");
    assert_string_equal(text(doc, NULL, "sign"), "71Ix6Xc9EFqHIK4jnpHQTB6/mljNruCbXANkA/U6q+c=");
    assert_string_equal(text(doc, NULL, "msg_type"), "text");
    json_decref(doc);
    arena_done(&arena);
}

static void wecom_mentions_and_is_cut_by_bytes(void **state)
{
    (void)state;
    static char what[6000];
    const char *to[] = {"13800000000"};
    const struct channel channel = {
        .kind = CHANNEL_WECOM, .name = "w", .url = "https://qyapi.example/send?key=k", .to = {to, 1}};
    struct news news = NEWS;
    struct shape_request request;
    struct arena arena;
    struct err err;
    for (size_t i = 0; i + 3 < sizeof what; i += 3)
        memcpy(what + i, "烽", 3);
    news.what = what;
    arena_init(&arena, 1 << 20);
    assert_ok(shape_make(&channel, &news, 0, NOW_MS, &arena, &request, &err), &err);
    json_t *doc = body(&request);
    const char *content = text(doc, "text", "content");
    assert_true(strlen(content) <= 2048 && strlen(content) > 2040);
    assert_true(utf8_valid(content, strlen(content)));
    json_t *list = json_object_get(json_object_get(doc, "text"), "mentioned_mobile_list");
    assert_string_equal(json_string_value(json_array_get(list, 0)), "13800000000");
    json_decref(doc);
    arena_done(&arena);
}

static void a_webhook_signs_id_time_and_body(void **state)
{
    (void)state;
    const struct channel channel = {.kind = CHANNEL_WEBHOOK,
                                    .name = "h",
                                    .url = "https://hook.example/",
                                    .secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct shape_request request = make(&channel, 0, &arena);
    assert_string_equal(field(&request, "webhook-id: "), NEWS.id);
    assert_string_equal(field(&request, "webhook-timestamp: "), "1599360473");
    assert_int_equal(strlen(field(&request, "webhook-signature: v1,")), 44);
    json_t *doc = body(&request);
    assert_string_equal(text(doc, NULL, "severity"), "urgent");
    assert_null(text(doc, NULL, "title"));
    json_decref(doc);
    arena_done(&arena);
}

static void a_secret_that_is_none_is_refused(void **state)
{
    (void)state;
    const struct channel channel = {
        .kind = CHANNEL_WEBHOOK, .name = "h", .url = "https://hook.example/", .secret = "whsec_!!"};
    struct shape_request request = {0};
    struct arena arena;
    struct err err;
    arena_init(&arena, 1 << 20);
    assert_code(shape_make(&channel, &NEWS, 0, NOW_MS, &arena, &request, &err), ERR_INVALID);
    arena_done(&arena);
}

static void a_text_message_goes_to_each_telephone_by_template(void **state)
{
    (void)state;
    const char *to[] = {"13800000000", "+86 139"};
    const struct channel channel = {.kind = CHANNEL_SMS,
                                    .name = "s",
                                    .url = "https://sms.example/send?to={phone}",
                                    .to = {to, 2},
                                    .body = "{\"mobile\":\"{phone}\",\"content\":\"【烽燧】{text}\"}",
                                    .header = "Authorization: Bearer x"};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    assert_int_equal(shape_count(&channel), 2);
    struct shape_request request = make(&channel, 1, &arena);
    assert_string_equal(request.url, "https://sms.example/send?to=%2B86%20139");
    assert_string_equal(request.body,
                        "{\"mobile\":\"+86 139\",\"content\":\"【烽燧】[紧急] 收到\\\"报告\\\" 12号\"}");
    assert_string_equal(field(&request, "Authorization: "), "Bearer x");
    arena_done(&arena);
}

static void two_hundred_is_no_success_by_itself(void **state)
{
    (void)state;
    static const struct {
        enum channel_kind kind;
        int status;
        const char *answer;
        const char *success;
        bool good;
    } ROWS[] = {
        {CHANNEL_WECOM, 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", NULL, true},
        {CHANNEL_WECOM, 200, "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}", NULL, false},
        {CHANNEL_WECOM, 200, "<html>", NULL, false},
        {CHANNEL_WECOM, 200, "{\"errcode\":false}", NULL, false},
        {CHANNEL_DINGTALK, 200, "{\"errcode\":310000,\"errmsg\":\"sign not match\"}", NULL, false},
        {CHANNEL_DINGTALK, 200, "{\"errcode\":0}", NULL, true},
        {CHANNEL_FEISHU, 200, "{\"code\":19021,\"msg\":\"sign match fail\"}", NULL, false},
        {CHANNEL_FEISHU, 200, "{\"code\":0}", NULL, true},
        {CHANNEL_FEISHU, 500, "{\"code\":0}", NULL, false},
        {CHANNEL_WEBHOOK, 204, "", NULL, true},
        {CHANNEL_WEBHOOK, 302, "", NULL, false},
        {CHANNEL_SMS, 200, "result=0", "result=0", true},
        {CHANNEL_SMS, 200, "result=5", "result=0", false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct channel channel = {.kind = ROWS[i].kind, .name = "c", .success = ROWS[i].success};
        struct err err = {0};
        enum errc rc = shape_judge(&channel, ROWS[i].status, ROWS[i].answer, strlen(ROWS[i].answer), &err);
        if ((rc == ERR_OK) != ROWS[i].good)
            fail_msg("%s %d %s: %s", channel_kind_name(ROWS[i].kind), ROWS[i].status, ROWS[i].answer,
                     err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dingtalk_is_signed_in_the_query),
        cmocka_unit_test(feishu_is_signed_in_the_body),
        cmocka_unit_test(wecom_mentions_and_is_cut_by_bytes),
        cmocka_unit_test(a_webhook_signs_id_time_and_body),
        cmocka_unit_test(a_secret_that_is_none_is_refused),
        cmocka_unit_test(a_text_message_goes_to_each_telephone_by_template),
        cmocka_unit_test(two_hundred_is_no_success_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
