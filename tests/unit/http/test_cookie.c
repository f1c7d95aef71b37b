#include "http/cookie.h"
#include "http/request_parser.h"
#include "lib/check.h"

#include <string.h>

static const struct row {
    const char *fields;
    bool tls;
    const char *want; /* NULL = none */
} ROWS[] = {
    {"", false, NULL},
    {"Cookie: fengsui-miit=abc\r\n", false, "abc"},
    {"Cookie: a=b; fengsui-miit=abc; c=d\r\n", false, "abc"},
    {"Cookie: a=b\r\nCookie: fengsui-miit=abc\r\n", false, "abc"},
    {"Cookie: fengsui-miit=\r\n", false, NULL},
    {"Cookie: fengsui-miit\r\n", false, NULL},
    {"Cookie: fengsui-miit2=abc\r\n", false, NULL},
    {"Cookie: xfengsui-miit=abc\r\n", false, NULL},
    {"Cookie: FENGSUI-MIIT=abc\r\n", false, NULL},
    {"Cookie: fengsui-miit=abc; fengsui-miit=def\r\n", false, NULL},
    {"Cookie: fengsui-miit=abc\r\nCookie: fengsui-miit=abc\r\n", false, NULL},
    {"Cookie: fengsui-miit=a=b\r\n", false, "a=b"},
    {"Cookie: ;; ;fengsui-miit=abc;\r\n", false, "abc"},
    {"Cookie: fengsui-miit=abc\r\n", true, NULL},
    {"Cookie: __Host-fengsui-miit=abc\r\n", true, "abc"},
    {"Cookie: __Host-fengsui-miit=abc\r\n", false, NULL},
    {"Cookie: __Host-fengsui-miit=abc; fengsui-miit=def\r\n", true, "abc"},
};

static void check(const struct row *row)
{
    static const struct request_limits LIMITS = {100, 1000, 16};
    struct request_parser parser;
    struct arena arena;
    char bytes[1000];
    size_t used = 0;
    arena_init(&arena, 4096);
    (void)snprintf(bytes, sizeof bytes, "GET / HTTP/1.1\r\nHost: h\r\n%s\r\n", row->fields);
    request_parser_init(&parser, &LIMITS);
    assert_int_equal(request_parser_feed(&parser, bytes, strlen(bytes), &used), REQUEST_HEAD);
    const char *found = cookie_find(&parser.request, "miit", row->tls, &arena);
    if (!found != !row->want || (found && strcmp(found, row->want) != 0))
        fail_msg("%s: %s", row->fields, found ? found : "none");
    assert_int_equal(cookie_any(&parser.request), strncmp(row->fields, "Cookie", 6) == 0);
    request_parser_done(&parser);
    arena_done(&arena);
}

static void only_this_nodes_own_cookie_counts_and_only_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        check(&ROWS[i]);
}

static void it_is_kept_from_scripts_from_other_sites_and_from_plain_wires(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 4096);
    assert_string_equal(cookie_set("miit", false, "s", &arena),
                        "fengsui-miit=s; Path=/; HttpOnly; SameSite=Strict");
    assert_string_equal(cookie_set("miit", true, "s", &arena),
                        "__Host-fengsui-miit=s; Path=/; HttpOnly; SameSite=Strict; Secure");
    assert_string_equal(cookie_set("miit", true, NULL, &arena),
                        "__Host-fengsui-miit=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_this_nodes_own_cookie_counts_and_only_once),
        cmocka_unit_test(it_is_kept_from_scripts_from_other_sites_and_from_plain_wires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
