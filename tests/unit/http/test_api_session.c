/* People at the API: first run, logging in, what a session may, what it is refused. */
#include "http/api_internal.h"
#include "lib/check.h"
#include "unit/http/browser.h"

#include <string.h>

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

#define ASK(method, path, body, want)                                                                        \
    do {                                                                                                     \
        int ask_status = browser_ask(b, method, path, "", body);                                             \
        if (ask_status != (want))                                                                            \
            fail_msg("%s %s: %d\n%s", method, path, ask_status, b->text.data);                               \
    } while (0)

static void the_first_run_makes_three_administrators_once(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    ASK("GET", "/api/v1/setup", NULL, 200);
    assert_true(json_is_true(json_object_get(b->doc, "open")));
    assert_string_equal(browser_said(b, "node"), "tel-zj");
    browser_setup(b);
    assert_int_equal(json_array_size(json_object_get(b->doc, "administrators")), 3);
    ASK("GET", "/api/v1/setup", NULL, 200);
    assert_true(json_is_false(json_object_get(b->doc, "open")));
    ASK("POST", "/api/v1/setup", "{\"code\":\"AAAAA-AAAAA-AAAAA-AAAAA\",\"administrators\":[]}", 422);
    assert_string_equal(browser_said(b, "field"), "body.administrators");
    assert_int_equal(browser_log_in(b, "a-security"), 201);
    assert_string_equal(browser_said(b, "person"), "乙");
    assert_true(json_is_null(json_object_get(b->doc, "last")));
    ASK("GET", "/api/v1/session", NULL, 200);
    assert_string_equal(browser_said(b, "name"), "a-security");
    ASK("GET", "/api/v1/incidents", NULL, 200);
    ASK("GET", "/api/v1/sessions", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(b->doc, "items")), 1);
    ASK("GET", "/api/v1/tokens", NULL, 403);
    ASK("DELETE", "/api/v1/session", NULL, 204);
    assert_string_equal(b->cookie, "");
    ASK("GET", "/api/v1/session", NULL, 401);
}

/* A person with that post, logged in afresh. */
static void hire(struct browser *b, const char *name, const char *role, const char *powers)
{
    char body[500];
    char path[200];
    char user[UUID_TEXT_SIZE];
    char code[64];
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    browser_enrol(b);
    (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"title\":\"丁\"}", name);
    ASK("POST", "/api/v1/users", body, 201);
    (void)snprintf(user, sizeof user, "%s", browser_said(b, "subject"));
    assert_int_equal(browser_log_in(b, "a-security"), 201);
    browser_enrol(b);
    (void)snprintf(body, sizeof body, "{\"title\":\"处长\",\"role\":\"%s\",\"powers\":%s}", role, powers);
    ASK("POST", "/api/v1/posts", body, 201);
    (void)snprintf(body, sizeof body, "{\"posts\":[\"%s\"]}", browser_said(b, "subject"));
    (void)snprintf(path, sizeof path, "/api/v1/users/%s/posts", user);
    ASK("POST", path, body, 201);
    (void)snprintf(path, sizeof path, "/api/v1/users/%s/codes", user);
    ASK("POST", path, "{\"reason\":\"入职\"}", 201);
    (void)snprintf(code, sizeof code, "%s", browser_said(b, "code"));
    (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"code\":\"%s\",\"password\":\"%s\"}", name, code,
                   BROWSER_PASSWORD);
    ASK("POST", "/api/v1/activations", body, 204);
    ASK("POST", "/api/v1/activations", body, 401); /* used up */
    assert_int_equal(browser_log_in(b, name), 201);
}

#define REPORT                                                                                               \
    "{\"title\":\"断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"a\",\"harm\":\"b\","       \
    "\"measures\":\"c\",\"advice\":\"d\",\"region\":\"330000\"}"

static void an_officer_acts_in_the_name_of_the_post(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char path[200];
    browser_setup(b);
    hire(b, "ding", "officer", "[]");
    ASK("POST", "/api/v1/incidents", REPORT, 201);
    (void)snprintf(path, sizeof path, "/api/v1/acts/%s/bytes", browser_said(b, "act"));
    ASK("GET", path, NULL, 200);
    assert_string_equal(browser_said(b, "person"), "丁");
    assert_string_equal(browser_said(b, "post"), "处长");
    ASK("POST", "/api/v1/users", "{\"name\":\"x9\",\"title\":\"x\"}", 403);
    ASK("POST", "/api/v1/posts", "{\"title\":\"x\",\"role\":\"officer\"}", 403);
}

static void marked_acts_need_a_code(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    browser_setup(b);
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    ASK("POST", "/api/v1/users", "{\"name\":\"x9\",\"title\":\"x\"}", 403);
    assert_string_equal(browser_said(b, "type"), "/problems/second-factor");
    assert_string_equal(browser_said(b, "field"), "code");
    ASK("POST", "/api/v1/session/confirmation", "{\"code\":\"000000\"}", 403);
    assert_string_equal(browser_said(b, "field"), "totp");
    browser_enrol(b);
    assert_true(json_is_string(json_object_get(b->doc, "confirmed")));
    ASK("POST", "/api/v1/users", "{\"name\":\"x9\",\"title\":\"x\"}", 201);
    ASK("POST", "/api/v1/users", "{\"name\":\"x9\",\"title\":\"y\"}", 409);
    assert_string_equal(browser_said(b, "field"), "body.name");
    ASK("POST", "/api/v1/users", "{\"name\":\"X9\",\"title\":\"y\"}", 422);
}

static void the_law_is_asked_before_the_post(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    static const char BLUE[] =
        "{\"title\":\"x\",\"colour\":\"blue\",\"starts\":\"2020-01-01T00:00:00+08:00\","
        "\"scope\":\"x\",\"harm\":\"x\",\"precautions\":\"x\",\"time_limit\":\"x\","
        "\"issuer\":\"x\",\"hotline\":\"x\"}";
    browser_setup(b);
    hire(b, "ding", "officer", "[]");
    ASK("POST", "/api/v1/warnings", BLUE, 403);
    assert_string_equal(browser_said(b, "type"), "/problems/power");
}

static void wrong_names_and_wrong_passwords_have_one_answer(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char first[300];
    browser_setup(b);
    ASK("POST", "/api/v1/session", "{\"name\":\"a-operator\",\"password\":\"wrong\"}", 401);
    (void)snprintf(first, sizeof first, "%s", browser_said(b, "detail"));
    ASK("POST", "/api/v1/session", "{\"name\":\"nobody\",\"password\":\"wrong\"}", 401);
    assert_string_equal(browser_said(b, "detail"), first);
    assert_string_equal(browser_said(b, "field"), "");
    ASK("POST", "/api/v1/session",
        "{\"name\":\"a-operator\",\"password\":\"" BROWSER_PASSWORD "\",\"code\":\"123456\"}", 401);
    assert_string_equal(browser_said(b, "detail"), first);
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    assert_int_equal(json_integer_value(json_object_get(b->doc, "failures")), 2);
}

static void a_password_is_changed_by_whoever_knows_it(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char before[200];
    browser_setup(b);
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    (void)snprintf(before, sizeof before, "%s", b->cookie);
    ASK("POST", "/api/v1/session/password", "{\"old\":\"wrong\",\"new\":\"Other-Gate_2018\"}", 401);
    assert_string_equal(browser_said(b, "field"), "body.old");
    ASK("POST", "/api/v1/session/password",
        "{\"old\":\"" BROWSER_PASSWORD "\",\"new\":\"" BROWSER_PASSWORD "\"}", 422);
    assert_string_equal(browser_said(b, "field"), "body.new");
    ASK("POST", "/api/v1/session/password", "{\"old\":\"" BROWSER_PASSWORD "\",\"new\":\"Other-Gate_2018\"}",
        200);
    assert_string_not_equal(b->cookie, before);
    ASK("GET", "/api/v1/session", NULL, 200);
    (void)snprintf(b->cookie, sizeof b->cookie, "%s", before);
    ASK("GET", "/api/v1/session", NULL, 401);
    b->cookie[0] = '\0';
    assert_int_equal(browser_log_in(b, "a-operator"), 401);
}

static void a_locked_screen_opens_with_the_password_alone(void **state)
{
    struct browser *b = &((struct fixture *)*state)->browser;
    char before[200];
    browser_setup(b);
    assert_int_equal(browser_log_in(b, "a-operator"), 201);
    (void)snprintf(before, sizeof before, "%s", b->cookie);
    ASK("POST", "/api/v1/session/activity", NULL, 204);
    ASK("POST", "/api/v1/session/lock", NULL, 204);
    ASK("GET", "/api/v1/incidents", NULL, 401);
    assert_string_equal(browser_said(b, "type"), "/problems/locked");
    ASK("GET", "/api/v1/session", NULL, 200);
    assert_true(json_is_true(json_object_get(b->doc, "locked")));
    ASK("POST", "/api/v1/session/activity", NULL, 401);
    ASK("POST", "/api/v1/session/unlock", "{\"password\":\"wrong\"}", 401);
    ASK("POST", "/api/v1/session/unlock", "{\"password\":\"" BROWSER_PASSWORD "\"}", 200);
    assert_string_not_equal(b->cookie, before);
    ASK("GET", "/api/v1/incidents", NULL, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_run_makes_three_administrators_once, setup, teardown),
        cmocka_unit_test_setup_teardown(an_officer_acts_in_the_name_of_the_post, setup, teardown),
        cmocka_unit_test_setup_teardown(marked_acts_need_a_code, setup, teardown),
        cmocka_unit_test_setup_teardown(the_law_is_asked_before_the_post, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_names_and_wrong_passwords_have_one_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(a_password_is_changed_by_whoever_knows_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_locked_screen_opens_with_the_password_alone, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
