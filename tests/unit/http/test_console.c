#include "http/console.h"
#include "http/request_parser.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const char PAGE[] = "<!doctype html>the page";
static const char SCRIPT[] = "let it = 1";
enum { GZIP_WINDOW = 15 + 16, PACKED_BYTES = 200, ARENA_BYTES = 64 << 10, BODY_BYTES = 64 << 10 };

/* A request, and the answer of a console of two files: a page, as gzip and brotli; a script, as gzip. */
struct fixture {
    char page[PACKED_BYTES];
    char script[PACKED_BYTES];
    struct console_file files[2];
    struct console_set set;
    struct request_parser parser;
    struct http_exchange exchange;
};

static size_t pack(const char *text, char out[PACKED_BYTES])
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text,
                       .avail_in = (uInt)strlen(text),
                       .next_out = (Bytef *)out,
                       .avail_out = PACKED_BYTES};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t size = PACKED_BYTES - stream.avail_out;
    (void)deflateEnd(&stream);
    return size;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->files[0] = (struct console_file){"assets/a-1.js", "text/javascript",       "5c", true,
                                        f->script,       pack(SCRIPT, f->script), "",   0};
    f->files[1] = (struct console_file){"index.html", "text/html",         "9a",     false,
                                        f->page,      pack(PAGE, f->page), "BROTLI", 6};
    f->set = (struct console_set){f->files, 2};
    *state = f;
    return 0;
}

static void reset(struct fixture *f)
{
    buf_done(&f->exchange.reply.body);
    if (f->exchange.request) {
        arena_done(&f->exchange.arena);
        request_parser_done(&f->parser);
    }
    f->exchange = (struct http_exchange){0};
}

static int teardown(void **state)
{
    reset(*state);
    free(*state);
    return 0;
}

/* The file that a request gets, NULL when it is not the console's; its answer stands in the exchange. */
static const struct console_file *ask(struct fixture *f, const char *method, const char *path,
                                      const char *fields)
{
    static const struct request_limits LIMITS = {200, 1000, 16};
    char bytes[1000];
    size_t used = 0;
    struct err err;
    reset(f);
    (void)snprintf(bytes, sizeof bytes, "%s %s HTTP/1.1\r\nHost: h\r\n%s\r\n", method, path, fields);
    request_parser_init(&f->parser, &LIMITS);
    assert_int_equal(request_parser_feed(&f->parser, bytes, strlen(bytes), &used), REQUEST_HEAD);
    f->exchange.request = &f->parser.request;
    arena_init(&f->exchange.arena, ARENA_BYTES);
    buf_init(&f->exchange.reply.body, BODY_BYTES);
    const struct console_file *file = console_find(&f->set, f->exchange.request);
    if (file)
        assert_ok(console_answer(&f->exchange, file, &err), &err);
    return file;
}

static const char *field(const struct fixture *f, const char *name)
{
    for (size_t i = 0; i < f->exchange.reply.field_count; i++)
        if (strcmp(f->exchange.reply.fields[i].name, name) == 0)
            return f->exchange.reply.fields[i].value;
    return "";
}

#define WANTS_PAGE "Accept: text/html,application/xhtml+xml\r\n"

static void a_browser_gets_the_page_at_every_place_without_a_file(void **state)
{
    struct fixture *f = *state;
    assert_ptr_equal(ask(f, "GET", "/", ""), &f->files[1]);
    assert_ptr_equal(ask(f, "GET", "/desk?lang=en", WANTS_PAGE), &f->files[1]);
    assert_ptr_equal(ask(f, "HEAD", "/matters/01a1", WANTS_PAGE), &f->files[1]);
    assert_string_equal(field(f, "Cache-Control"), "no-cache");
}

static void what_asks_for_data_or_a_missing_file_or_changes_something_gets_no_page(void **state)
{
    struct fixture *f = *state;
    assert_null(ask(f, "GET", "/desk", "Accept: application/json\r\n"));
    assert_null(ask(f, "GET", "/desk", ""));
    assert_null(ask(f, "GET", "/assets/gone-1.js", WANTS_PAGE));
    assert_null(ask(f, "GET", "/assets/a-1.js.map", WANTS_PAGE));
    assert_null(ask(f, "POST", "/desk", WANTS_PAGE));
}

static void a_file_with_its_hash_in_its_name_lasts_for_ever(void **state)
{
    struct fixture *f = *state;
    assert_ptr_equal(ask(f, "GET", "/assets/a-1.js", "Accept-Encoding: gzip\r\n"), &f->files[0]);
    assert_string_equal(field(f, "Cache-Control"), "public, max-age=31536000, immutable");
    assert_string_equal(field(f, "ETag"), "\"5c-gzip\"");
}

static void each_client_gets_a_form_that_it_takes(void **state)
{
    static const struct {
        const char *fields;
        const char *coding;
    } ROWS[] = {
        {"Accept-Encoding: gzip, deflate, br\r\n", "br"},
        {"Accept-Encoding: BR;q=0.2, gzip\r\n", "br"},
        {"Accept-Encoding: br;q=0, gzip\r\n", "gzip"},
        {"Accept-Encoding: br; q=0.000, gzip;q=1\r\n", "gzip"},
        {"Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n", "br"},
        {"Accept-Encoding: brotli, xgzip\r\n", ""},
        {"Accept-Encoding: gzip;q=0\r\n", ""},
        {"", ""},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        assert_non_null(ask(f, "GET", "/", ROWS[i].fields));
        assert_string_equal(field(f, "Content-Encoding"), ROWS[i].coding);
        assert_string_equal(field(f, "Vary"), "Accept-Encoding");
    }
}

static void whoever_takes_no_packed_form_gets_the_file_unpacked(void **state)
{
    struct fixture *f = *state;
    assert_non_null(ask(f, "GET", "/assets/a-1.js", "Accept-Encoding: br\r\n"));
    assert_string_equal(f->exchange.reply.body.data, SCRIPT);
    assert_string_equal(field(f, "ETag"), "\"5c-identity\"");
}

static void a_torn_file_is_a_fault_and_no_half_answer(void **state)
{
    struct fixture *f = *state;
    struct err err;
    assert_non_null(ask(f, "GET", "/assets/a-1.js", ""));
    f->files[0].gzip_bytes -= 9;
    assert_code(console_answer(&f->exchange, &f->files[0], &err), ERR_INTERNAL);
}

static void what_a_client_has_already_is_not_sent_again(void **state)
{
    struct fixture *f = *state;
    assert_non_null(ask(f, "GET", "/", "Accept-Encoding: br\r\nIf-None-Match: \"9a-br\"\r\n"));
    assert_int_equal(f->exchange.reply.status, 304);
    assert_non_null(ask(f, "GET", "/", "Accept-Encoding: gzip\r\nIf-None-Match: \"9a-br\"\r\n"));
    assert_int_equal(f->exchange.reply.status, 200);
}

static void every_answer_forbids_what_is_not_of_this_node(void **state)
{
    struct fixture *f = *state;
    assert_non_null(ask(f, "GET", "/", ""));
    const char *policy = field(f, "Content-Security-Policy");
    assert_non_null(strstr(policy, "default-src 'none'; script-src 'self'; style-src 'self'"));
    assert_null(strstr(policy, "unsafe"));
    assert_null(strstr(policy, "http"));
}

int main(void)
{
#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_FILES(a_browser_gets_the_page_at_every_place_without_a_file),
        WITH_FILES(what_asks_for_data_or_a_missing_file_or_changes_something_gets_no_page),
        WITH_FILES(a_file_with_its_hash_in_its_name_lasts_for_ever),
        WITH_FILES(each_client_gets_a_form_that_it_takes),
        WITH_FILES(whoever_takes_no_packed_form_gets_the_file_unpacked),
        WITH_FILES(a_torn_file_is_a_fault_and_no_half_answer),
        WITH_FILES(what_a_client_has_already_is_not_sent_again),
        WITH_FILES(every_answer_forbids_what_is_not_of_this_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
