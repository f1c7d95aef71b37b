#include "http/etag.h"
#include "http/request_parser.h"
#include "lib/check.h"

#include <string.h>

enum outcome { FRESH, NOT_MODIFIED, FAILED, UNREADABLE };

/* Every row against the tag "r7"; there: something is there. */
static const struct row {
    const char *method;
    const char *fields;
    bool there;
    enum outcome want;
} ROWS[] = {
    {"GET", "", true, FRESH},
    {"GET", "If-None-Match: \"r7\"\r\n", true, NOT_MODIFIED},
    {"HEAD", "If-None-Match: \"r7\"\r\n", true, NOT_MODIFIED},
    {"GET", "If-None-Match: W/\"r7\"\r\n", true, NOT_MODIFIED},
    {"GET", "If-None-Match: \"r6\"\r\n", true, FRESH},
    {"GET", "If-None-Match: \"r6\", \"r7\"\r\n", true, NOT_MODIFIED},
    {"GET", "If-None-Match: \"r6\" ,\t\"r5\"\r\n", true, FRESH},
    {"GET", "If-None-Match: \"r6\"\r\nIf-None-Match: \"r7\"\r\n", true, NOT_MODIFIED},
    {"GET", "If-None-Match: *\r\n", true, NOT_MODIFIED},
    {"GET", "If-None-Match: *\r\n", false, FRESH},
    {"POST", "If-None-Match: *\r\n", true, FAILED},
    {"POST", "If-None-Match: *\r\n", false, FRESH},
    {"POST", "If-Match: \"r7\"\r\n", true, FRESH},
    {"POST", "If-Match: \"r6\", \"r7\"\r\n", true, FRESH},
    {"POST", "If-Match: \"r6\"\r\n", true, FAILED},
    {"POST", "If-Match: W/\"r7\"\r\n", true, FAILED},
    {"POST", "If-Match: *\r\n", true, FRESH},
    {"POST", "If-Match: *\r\n", false, FAILED},
    {"POST", "If-Match: \"r7\"\r\n", false, FAILED},
    {"GET", "If-Match: \"r6\"\r\n", true, FAILED},
    {"GET", "If-Match: \"r7\"\r\nIf-None-Match: \"r7\"\r\n", true, NOT_MODIFIED},
    {"POST", "If-Match: r7\r\n", true, UNREADABLE},
    {"POST", "If-Match: \"r7\r\n", true, UNREADABLE},
    {"POST", "If-Match: \"r7\" \"r6\"\r\n", true, UNREADABLE},
    {"POST", "If-Match: w/\"r7\"\r\n", true, UNREADABLE},
    {"POST", "If-Match: \"r 7\"\r\n", true, UNREADABLE},
    {"POST", "If-Match:\r\n", true, UNREADABLE},
    {"GET", "If-None-Match: W/\r\n", true, UNREADABLE},
};

static enum outcome outcome_of(const struct row *row)
{
    static const struct request_limits LIMITS = {100, 1000, 16};
    struct request_parser parser;
    struct err err;
    char etag[ETAG_SIZE];
    char bytes[1000];
    size_t used = 0;
    bool not_modified = false;
    etag_format("r7", etag);
    (void)snprintf(bytes, sizeof bytes, "%s / HTTP/1.1\r\nHost: h\r\n%s\r\n", row->method, row->fields);
    request_parser_init(&parser, &LIMITS);
    assert_int_equal(request_parser_feed(&parser, bytes, strlen(bytes), &used), REQUEST_HEAD);
    enum errc rc = etag_check(&parser.request, row->there ? etag : NULL, &not_modified, &err);
    request_parser_done(&parser);
    if (rc == ERR_OK)
        return not_modified ? NOT_MODIFIED : FRESH;
    assert_true(rc == ERR_PRECONDITION || rc == ERR_SYNTAX);
    return rc == ERR_PRECONDITION ? FAILED : UNREADABLE;
}

static void every_condition_has_its_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (outcome_of(&ROWS[i]) != ROWS[i].want)
            fail_msg("%s %s: %d, not %d", ROWS[i].method, ROWS[i].fields, (int)outcome_of(&ROWS[i]),
                     (int)ROWS[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_condition_has_its_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
