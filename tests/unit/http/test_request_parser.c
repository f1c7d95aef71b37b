#include "http/request_parser.h"
#include "lib/check.h"
#include "lib/http/trace.h"

#include <string.h>

struct malformed {
    const char *name;
    int status;
    const char *bytes;
    size_t size_bytes;
};

static const struct malformed COMMON[] = {
#define MALFORMED(name, status, bytes) {name, status, bytes, sizeof(bytes) - 1},
#include "lib/http/malformed.def"
};

static const struct malformed MORE[] = {
#define MALFORMED_MORE(name, status, bytes) {name, status, bytes, sizeof(bytes) - 1},
#include "lib/http/malformed.def"
};

static const struct wellformed {
    const char *name;
    const char *bytes;
    const char *trace;
} WELL[] = {
#define WELLFORMED(name, bytes, trace) {name, bytes, trace},
#include "lib/http/wellformed.def"
};

/* The story of the bytes is in *out. */
static void trace(const char *bytes, size_t size_bytes, struct buf *out)
{
    buf_reset(out);
    http_trace(bytes, size_bytes, (struct http_split){http_split_none, 0}, out);
    assert_false(out->failed);
}

static size_t count_refused(const struct malformed *rows, size_t count)
{
    struct buf story;
    size_t refused = 0;
    buf_init(&story, 10000);
    for (size_t i = 0; i < count; i++) {
        char want[16];
        (void)snprintf(want, sizeof want, "!%d", rows[i].status);
        trace(rows[i].bytes, rows[i].size_bytes, &story);
        if (strcmp(story.data, want) == 0)
            refused++;
        else
            print_error("%s: want %s, got %s\n", rows[i].name, want, story.data);
    }
    buf_done(&story);
    return refused;
}

static void all_29_common_malformed_requests_are_refused(void **state)
{
    (void)state;
    assert_int_equal(sizeof COMMON / sizeof COMMON[0], 29);
    assert_int_equal(count_refused(COMMON, 29), 29);
}

static void more_malformed_requests_are_refused(void **state)
{
    (void)state;
    size_t count = sizeof MORE / sizeof MORE[0];
    assert_int_equal(count_refused(MORE, count), count);
}

static void wellformed_requests_pass(void **state)
{
    (void)state;
    struct buf story;
    buf_init(&story, 10000);
    for (size_t i = 0; i < sizeof WELL / sizeof WELL[0]; i++) {
        trace(WELL[i].bytes, strlen(WELL[i].bytes), &story);
        assert_string_equal(story.data, WELL[i].trace);
    }
    buf_done(&story);
}

/* "front" + n × "x" + "back" */
static const char *story_of(const char *front, size_t n, const char *back, struct buf *story)
{
    struct buf bytes;
    buf_init(&bytes, 100000);
    buf_adds(&bytes, front);
    for (size_t i = 0; i < n; i++)
        buf_adds(&bytes, "x");
    buf_adds(&bytes, back);
    trace(bytes.data, bytes.size_bytes, story);
    buf_done(&bytes);
    return story->data;
}

static void every_limit_is_kept_to_the_byte(void **state)
{
    (void)state;
    static const char HEAD[] = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    struct buf story;
    buf_init(&story, 10000);
    size_t line = HTTP_TRACE_LINE_MAX - strlen("GET /");
    assert_string_not_equal(story_of("GET /", line, " HTTP/1.1\r\nHost: h\r\n\r\n", &story), "!414");
    assert_string_equal(story_of("GET /", line + 1, " HTTP/1.1\r\nHost: h\r\n\r\n", &story), "!414");
    size_t head = HTTP_TRACE_HEAD_MAX - strlen(HEAD) - strlen("\r\n\r\n");
    assert_string_not_equal(story_of(HEAD, head, "\r\n\r\n", &story), "!431");
    assert_string_equal(story_of(HEAD, head + 1, "\r\n\r\n", &story), "!431");
    buf_done(&story);
}

static void a_head_without_end_is_cut_off(void **state)
{
    (void)state;
    struct buf story;
    buf_init(&story, 10000);
    assert_string_equal(story_of("GET / HTTP/1.1\r\nHost: h\r\n", 2000, "", &story), "!431");
    assert_string_equal(story_of("GET / HTTP/1.1\r\nHost: h\r\nX:", 0, "", &story), "…");
    assert_string_equal(
        story_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", 2000, "", &story),
        "!431");
    assert_string_equal(
        story_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;", 2000, "", &story),
        "!413");
    buf_done(&story);
}

static void too_many_fields_are_refused(void **state)
{
    (void)state;
    struct buf bytes;
    struct buf story;
    buf_init(&bytes, 10000);
    buf_init(&story, 10000);
    buf_adds(&bytes, "GET / HTTP/1.1\r\nHost: h\r\n");
    for (int i = 1; i < HTTP_TRACE_FIELDS_MAX; i++)
        buf_adds(&bytes, "a: b\r\n");
    size_t full = bytes.size_bytes;
    buf_adds(&bytes, "\r\n");
    trace(bytes.data, bytes.size_bytes, &story);
    assert_int_equal(story.data[story.size_bytes - 1], ';');
    bytes.size_bytes = full;
    buf_adds(&bytes, "a: b\r\n\r\n");
    trace(bytes.data, bytes.size_bytes, &story);
    assert_string_equal(story.data, "!431");
    buf_done(&bytes);
    buf_done(&story);
}

static void the_body_limit_counts_all_chunks(void **state)
{
    (void)state;
    struct buf story;
    struct buf bytes;
    buf_init(&story, 10000);
    buf_init(&bytes, 10000);
    buf_adds(&bytes, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < HTTP_TRACE_BODY_MAX / 10; i++)
        buf_adds(&bytes, "a\r\n0123456789\r\n");
    size_t full = bytes.size_bytes;
    buf_adds(&bytes, "0\r\n\r\n");
    trace(bytes.data, bytes.size_bytes, &story);
    assert_int_equal(story.data[story.size_bytes - 1], ';');
    bytes.size_bytes = full;
    buf_adds(&bytes, "1\r\nx\r\n0\r\n\r\n");
    trace(bytes.data, bytes.size_bytes, &story);
    assert_string_equal(story.data, "!413");
    buf_done(&bytes);
    buf_done(&story);
}

static void an_error_names_the_field_and_the_line(void **state)
{
    (void)state;
    static const struct request_limits LIMITS = {100, 1000, 16};
    static const char BYTES[] = "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: five\r\n\r\n";
    struct request_parser parser;
    struct err err;
    size_t used = 0;
    request_parser_init(&parser, &LIMITS);
    assert_true(request_parser_idle(&parser));
    assert_int_equal(request_parser_feed(&parser, BYTES, sizeof BYTES - 1, &used), REQUEST_BAD);
    assert_int_equal(request_parser_error(&parser, &err), 400);
    assert_string_equal(err.field, "content-length");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.code, ERR_SYNTAX);
    assert_false(request_parser_idle(&parser));
    request_parser_done(&parser);
}

static void fields_are_found_whatever_their_case(void **state)
{
    (void)state;
    static const struct request_limits LIMITS = {100, 1000, 16};
    static const char BYTES[] =
        "GET / HTTP/1.1\r\nHOST: h\r\nIf-Match: \"1\"\r\nX: y\r\niF-mATCH: \"2\"\r\n\r\nrest";
    struct request_parser parser;
    size_t used = 0;
    request_parser_init(&parser, &LIMITS);
    assert_int_equal(request_parser_feed(&parser, BYTES, sizeof BYTES - 1, &used), REQUEST_HEAD);
    assert_int_equal(used, sizeof BYTES - 1 - strlen("rest"));
    assert_int_equal(request_parser_accept(&parser, 0), REQUEST_DONE);
    struct str value;
    size_t at = 0;
    assert_true(http_request_field_next(&parser.request, "if-match", &at, &value) && str_eq(value, "\"1\""));
    assert_true(http_request_field_next(&parser.request, "if-match", &at, &value) && str_eq(value, "\"2\""));
    assert_false(http_request_field_next(&parser.request, "if-match", &at, &value));
    assert_null(http_request_field(&parser.request, "if-none-match").p);
    assert_null(http_request_query(&parser.request).p);
    request_parser_done(&parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_29_common_malformed_requests_are_refused),
        cmocka_unit_test(more_malformed_requests_are_refused),
        cmocka_unit_test(wellformed_requests_pass),
        cmocka_unit_test(every_limit_is_kept_to_the_byte),
        cmocka_unit_test(a_head_without_end_is_cut_off),
        cmocka_unit_test(too_many_fields_are_refused),
        cmocka_unit_test(the_body_limit_counts_all_chunks),
        cmocka_unit_test(an_error_names_the_field_and_the_line),
        cmocka_unit_test(fields_are_found_whatever_their_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
