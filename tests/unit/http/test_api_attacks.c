/* What somebody with bad intentions sends: refused, counted, on the record. */
#include "http/api_internal.h"
#include "lib/check.h"
#include "unit/http/browser.h"

#include <string.h>

enum { TRIES = 10000 };

struct fixture {
    struct world world;
    struct browser browser;
};

static int setup(void **state)
{
    static const struct office_options OPTIONS = {.policy = &BROWSER_POLICY};
    struct fixture *f = calloc(1, sizeof *f);
    world_open(&f->world);
    world_people(&f->world);
    browser_init(&f->browser, office_open(&f->world, "tel-zj", &OPTIONS));
    browser_setup(&f->browser);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    office_close(f->browser.office);
    browser_done(&f->browser);
    world_close(&f->world);
    free(f);
    return 0;
}

static void expect(struct browser *b, const char *method, const char *path, const char *fields,
                   const char *body, int status, const char *field)
{
    int got = browser_ask(b, method, path, fields, body);
    if (got != status || strcmp(browser_said(b, "field"), field) != 0)
        fail_msg("%s %s %s: %d\n%s", method, path, fields, got, b->text.data);
}

static void a_flood_of_logins_is_refused_and_every_one_is_counted(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    int wrong = 0;
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
        int status = browser_ask(b, "POST", "/api/v1/session", "",
                                 "{\"name\":\"a-operator\",\"password\":\"guess\"}");
        wrong += status == 401;
        refused += status == 429;
        assert_true(status == 401 || browser_answered(b, "\r\nRetry-After: 1"));
    }
    assert_int_equal(wrong, BROWSER_POLICY.failures_name_max);
    assert_int_equal(wrong + refused, TRIES);
    expect(b, "POST", "/api/v1/session", "",
           "{\"name\":\"a-operator\",\"password\":\"" BROWSER_PASSWORD "\"}", 429, "");
    assert_int_equal(browser_log_in(b, "a-security"), 201);
    assert_int_equal(browser_ask(b, "GET", "/metrics", "", NULL), 200);
    char line[100];
    (void)snprintf(line, sizeof line, "\nfengsui_logins_refused_total %d\n", refused + 1);
    assert_true(browser_answered(b, line));
    assert_true(browser_answered(b, "\nfengsui_access_unwritten_total 0\n"));
    assert_int_equal(browser_ask(b, "GET", "/api/v1/acts?kind=access.locked", "", NULL), 200);
    assert_int_equal(json_array_size(json_object_get(b->doc, "items")), 1);
}

static void a_session_that_was_put_there_does_not_become_the_persons(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char planted[200];
    static const char FIXED[] = "fengsui-tel-zj="
                                "fss_0000000000000000000000000000000000000000000000000000000000000000";
    (void)snprintf(b->cookie, sizeof b->cookie, "%s", FIXED);
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    assert_string_not_equal(b->cookie, FIXED);
    (void)snprintf(planted, sizeof planted, "%s", b->cookie);
    assert_int_equal(browser_log_in(b, "a-security"), 201); /* on the attacker's own session */
    assert_string_not_equal(b->cookie, planted);
    (void)snprintf(b->cookie, sizeof b->cookie, "%s", planted);
    expect(b, "GET", "/api/v1/session", "", NULL, 401, "");
}

static void a_session_that_ended_is_not_played_again(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char kept[200];
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    (void)snprintf(kept, sizeof kept, "%s", b->cookie);
    assert_int_equal(browser_ask(b, "DELETE", "/api/v1/session", "", NULL), 204);
    (void)snprintf(b->cookie, sizeof b->cookie, "%s", kept);
    expect(b, "GET", "/api/v1/session", "", NULL, 401, "");
    expect(b, "POST", "/api/v1/session/activity", "", NULL, 401, "");
}

static void another_nodes_cookie_and_a_cookie_twice_are_none(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char own[200];
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    (void)snprintf(own, sizeof own, "%s", b->cookie);
    (void)snprintf(b->cookie, sizeof b->cookie, "fengsui-miit=%s", strchr(own, '=') + 1);
    expect(b, "GET", "/api/v1/session", "", NULL, 401, "");
    (void)snprintf(b->cookie, sizeof b->cookie, "%.90s; fengsui-tel-zj=x", own);
    expect(b, "GET", "/api/v1/session", "", NULL, 401, "");
}

static void what_another_sites_page_sends_changes_nothing(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    static const char LOCK[] = "/api/v1/session/lock";
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    expect(b, "POST", LOCK, "X-CSRF-Token: \r\n", NULL, 403, "x-csrf-token");
    expect(b, "POST", LOCK, "X-CSRF-Token: 0000\r\n", NULL, 403, "x-csrf-token");
    expect(b, "POST", LOCK, "Origin: https://evil.example\r\n", NULL, 403, "origin");
    expect(b, "POST", LOCK, "Origin: null\r\n", NULL, 403, "origin");
    expect(b, "POST", LOCK, "Origin: http://h.evil.example\r\n", NULL, 403, "origin");
    expect(b, "POST", LOCK, "Sec-Fetch-Site: cross-site\r\n", NULL, 403, "sec-fetch-site");
    expect(b, "POST", LOCK, "Sec-Fetch-Site: same-site\r\n", NULL, 403, "sec-fetch-site");
    expect(b, "POST", "/api/v1/session", "Origin: https://evil.example\r\n",
           "{\"name\":\"a-security\",\"password\":\"" BROWSER_PASSWORD "\"}", 403, "origin");
    expect(b, "GET", "/api/v1/incidents", "", NULL, 200, "");
    expect(b, "POST", LOCK, "Origin: http://h\r\nSec-Fetch-Site: same-origin\r\n", NULL, 204, "");
}

static void a_line_break_in_a_name_writes_no_field_of_the_answer(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    static const char *const NAMES[] = {"x\\r\\nSet-Cookie: a=b", "x\\nX-Evil: 1", "\\u0085Set-Cookie: a=b"};
    char body[200];
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"x\"}", NAMES[i]);
        expect(b, "POST", "/api/v1/session", "", body, 401, "");
        assert_false(browser_answered(b, "\r\nSet-Cookie: a"));
        assert_false(browser_answered(b, "\nX-Evil"));
    }
}

static void no_token_but_a_walls_goes_in_by_the_door_of_people(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char body[200];
    (void)snprintf(body, sizeof body, "{\"token\":\"%s\"}", office_token(b->office, "officer"));
    expect(b, "POST", "/api/v1/session", "", body, 401, "");
    (void)snprintf(b->cookie, sizeof b->cookie, "fengsui-tel-zj=%s", office_token(b->office, "officer"));
    expect(b, "GET", "/api/v1/incidents", "", NULL, 401, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_flood_of_logins_is_refused_and_every_one_is_counted, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_session_that_was_put_there_does_not_become_the_persons, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_session_that_ended_is_not_played_again, setup, teardown),
        cmocka_unit_test_setup_teardown(another_nodes_cookie_and_a_cookie_twice_are_none, setup, teardown),
        cmocka_unit_test_setup_teardown(what_another_sites_page_sends_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_break_in_a_name_writes_no_field_of_the_answer, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(no_token_but_a_walls_goes_in_by_the_door_of_people, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
