#include "desk/people.h"
#include "lib/check.h"
#include "unit/desk/crew.h"

#include <string.h>

static int setup(void **state)
{
    static struct crew crew;
    crew_open(&crew);
    *state = &crew;
    return 0;
}

static int teardown(void **state)
{
    crew_close(*state);
    return 0;
}

static void the_code_of_the_first_run_is_good_once_and_not_for_long(void **state)
{
    struct crew *crew = *state;
    struct one_time_code code;
    bool first = false;
    assert_ok(people_first_run(crew->store, &first, &crew->err), &crew->err);
    assert_true(first);
    crew_setup(crew);
    assert_ok(people_first_run(crew->store, &first, &crew->err), &crew->err);
    assert_false(first);
    assert_int_equal(crew_acts(crew, "user.added"), 3);
    assert_int_equal(crew_acts(crew, "user.posted"), 3);
    assert_ok(people_setup_code(crew->desk, &crew->policy, &code, &crew->err), &crew->err);
    assert_code(people_setup(crew->desk, &crew->policy, code.text, crew->admins, &crew->err), ERR_CONFLICT);
}

static void a_wrong_or_late_code_makes_nobody(void **state)
{
    struct crew *crew = *state;
    struct one_time_code code;
    struct one_time_code again;
    for (size_t i = 0; i < PEOPLE_ADMINISTRATORS; i++)
        crew->admins[i] = (struct administrator){
            .role = PEOPLE_ADMINISTRATOR_ROLES[i], .name = "aa", .person = "甲"};
    assert_ok(people_setup_code(crew->desk, &crew->policy, &code, &crew->err), &crew->err);
    assert_ok(people_setup_code(crew->desk, &crew->policy, &again, &crew->err), &crew->err);
    assert_code(people_setup(crew->desk, &crew->policy, code.text, crew->admins, &crew->err), ERR_AUTH);
    crew->world.now_ms += crew->policy.setup_ms;
    assert_code(people_setup(crew->desk, &crew->policy, again.text, crew->admins, &crew->err), ERR_AUTH);
    assert_ok(people_setup_code(crew->desk, &crew->policy, &code, &crew->err), &crew->err);
    assert_code(people_setup(crew->desk, &crew->policy, code.text, crew->admins, &crew->err), ERR_CONFLICT);
    assert_string_equal(crew->err.field, "administrators[1].name"); /* all three are called aa */
    crew->admins[2].role = "operator";
    assert_code(people_setup(crew->desk, &crew->policy, code.text, crew->admins, &crew->err), ERR_INVALID);
    assert_int_equal(crew_acts(crew, "user.added"), 0);
}

static void a_new_user_chooses_the_password_with_a_code_and_no_act_tells_a_secret(void **state)
{
    struct crew *crew = *state;
    const struct people_by by = {"乙", "安全管理员", "入职"};
    struct one_time_code code;
    struct account account;
    struct session_made made;
    char user[UUID_TEXT_SIZE];
    char typed[PEOPLE_CODE_SIZE];
    crew_setup(crew);
    crew_act(crew, "user.added", NULL, "{\"name\":\"ding\",\"title\":\"丁\"}", user);
    assert_code(crew_log_in(crew, "ding", "", NULL, &made), ERR_AUTH);
    assert_ok(people_code(crew->desk, &crew->policy, user, &by, &code, &crew->err), &crew->err);
    assert_code(people_code_check(crew->store, "a-operator", code.text, crew->world.now_ms, &crew->arena,
                                  &account, &crew->err),
                ERR_AUTH);
    for (size_t i = 0; i < sizeof typed; i++) /* as somebody types it */
        typed[i] = (char)(code.text[i] == '-'                          ? ' '
                          : code.text[i] >= 'A' && code.text[i] <= 'Z' ? code.text[i] + 32
                                                                       : code.text[i]);
    assert_ok(people_activate(crew->desk, "ding", typed, crew->hash, &crew->err), &crew->err);
    assert_code(people_activate(crew->desk, "ding", typed, crew->hash, &crew->err), ERR_AUTH);
    assert_ok(crew_log_in(crew, "ding", CREW_PASSWORD, NULL, &made), &crew->err);
    assert_int_equal(crew_acts(crew, "user.code_issued"), 1);
    assert_int_equal(crew_acts(crew, "user.rekeyed"), 1);
    assert_false(crew_told(crew, code.text));
    assert_false(crew_told(crew, "argon2"));
    assert_false(crew_told(crew, made.secret));
}

static void a_reset_takes_everything_the_account_had(void **state)
{
    struct crew *crew = *state;
    const struct people_by by = {"乙", "安全管理员", "丢失手机"};
    struct one_time_code code;
    struct session_made made;
    struct seat seat;
    crew_setup(crew);
    assert_ok(crew_log_in(crew, "a-auditor", CREW_PASSWORD, NULL, &made), &crew->err);
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_ok(people_code(crew->desk, &crew->policy, crew->admins[2].user, &by, &code, &crew->err),
              &crew->err);
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
    assert_code(crew_log_in(crew, "a-auditor", CREW_PASSWORD, NULL, &made), ERR_AUTH);
    crew->world.now_ms += crew->policy.code_ms;
    assert_code(people_activate(crew->desk, "a-auditor", code.text, crew->hash, &crew->err), ERR_AUTH);
    assert_code(people_code(crew->desk, &crew->policy, "00000000-0000-7000-8000-000000000000", &by, &code,
                            &crew->err),
                ERR_NOT_FOUND);
}

static void login_names_are_small_and_nobodys_twice(void **state)
{
    struct crew *crew = *state;
    static const char *const WRONG[] = {"X",
                                        "Ding",
                                        "丁丁",
                                        "d",
                                        "d ing",
                                        "ding'--",
                                        "a-very-long-login-name-of-33-cha"
                                        "r"};
    struct submission sub;
    char body[200];
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"title\":\"x\"}", WRONG[i]);
        assert_code(crew_try(crew, "user.added", NULL, body, &sub), ERR_INVALID);
    }
    crew_act(crew, "user.added", NULL, "{\"name\":\"ding\",\"title\":\"丁\"}", NULL);
    assert_code(crew_try(crew, "user.added", NULL, "{\"name\":\"ding\",\"title\":\"x\"}", &sub),
                ERR_CONFLICT);
    assert_string_equal(sub.err.field, "body.name");
    assert_int_equal(crew_acts(crew, "user.added"), 1); /* what was refused left nothing */
}

static void administrators_watch_each_other(void **state)
{
    struct crew *crew = *state;
    static const struct {
        const char *first;
        const char *second;
        bool good;
    } PAIRS[] = {{"officer", "officer", true},    {"officer", "viewer", true},
                 {"operator", "viewer", true},    {"operator", "operator", true},
                 {"operator", "security", false}, {"operator", "auditor", false},
                 {"security", "auditor", false},  {"security", "officer", false},
                 {"officer", "auditor", false},   {"officer", "operator", false}};
    struct submission sub;
    char user[UUID_TEXT_SIZE];
    char body[300];
    crew_act(crew, "user.added", NULL, "{\"name\":\"ding\",\"title\":\"丁\"}", user);
    for (size_t i = 0; i < sizeof PAIRS / sizeof PAIRS[0]; i++) {
        char a[UUID_TEXT_SIZE];
        char b[UUID_TEXT_SIZE];
        (void)snprintf(body, sizeof body, "{\"title\":\"x\",\"role\":\"%s\"}", PAIRS[i].first);
        crew_act(crew, "post.set", NULL, body, a);
        (void)snprintf(body, sizeof body, "{\"title\":\"x\",\"role\":\"%s\"}", PAIRS[i].second);
        crew_act(crew, "post.set", NULL, body, b);
        (void)snprintf(body, sizeof body, "{\"posts\":[\"%s\",\"%s\"]}", a, b);
        assert_code(crew_try(crew, "user.posted", user, body, &sub), PAIRS[i].good ? ERR_OK : ERR_INVALID);
        assert_code(crew_try(crew, "post.set", a, "{\"title\":\"x\",\"role\":\"viewer\"}", &sub),
                    strcmp(PAIRS[i].first, "viewer") == 0 ? ERR_OK : ERR_INVALID); /* a post keeps its role */
    }
    assert_code(crew_try(crew, "user.posted", user, "{\"posts\":[\"nosuch\"]}", &sub), ERR_INVALID);
    (void)snprintf(body, sizeof body, "{\"posts\":[\"%s\"]}", user);
    assert_code(crew_try(crew, "user.posted", user, body, &sub), ERR_INVALID);
}

static void users_and_posts_are_a_nodes_own_affair(void **state)
{
    struct crew *crew = *state;
    struct submission sub;
    char user[UUID_TEXT_SIZE];
    crew_act(crew, "user.added", NULL, "{\"name\":\"ding\",\"title\":\"丁\"}", user);
    assert_code(crew_try(crew, "transfer.offered", user, "{\"assignee\":\"miit\",\"reason\":\"x\"}", &sub),
                ERR_PERMISSION);
    assert_int_equal(world_deliver(&crew->world), 0);
    assert_null(world_subject(&crew->world, "pca-330000", user));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_code_of_the_first_run_is_good_once_and_not_for_long, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_wrong_or_late_code_makes_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_user_chooses_the_password_with_a_code_and_no_act_tells_a_secret,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_reset_takes_everything_the_account_had, setup, teardown),
        cmocka_unit_test_setup_teardown(login_names_are_small_and_nobodys_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(administrators_watch_each_other, setup, teardown),
        cmocka_unit_test_setup_teardown(users_and_posts_are_a_nodes_own_affair, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
