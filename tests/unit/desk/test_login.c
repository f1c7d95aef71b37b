#include "desk/login.h"
#include "lib/check.h"
#include "unit/desk/crew.h"

#include <string.h>

static int setup(void **state)
{
    static struct crew crew;
    crew_open(&crew);
    crew_setup(&crew);
    *state = &crew;
    return 0;
}

static int teardown(void **state)
{
    crew_close(*state);
    return 0;
}

static void five_wrong_tries_lock_a_name_for_half_an_hour(void **state)
{
    struct crew *crew = *state;
    struct session_made made;
    for (int64_t i = 0; i < crew->policy.failures_name_max; i++)
        assert_code(crew_log_in(crew, "a-operator", "wrong", NULL, &made), ERR_AUTH);
    assert_code(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), ERR_TOO_MANY);
    assert_int_equal(crew_acts(crew, "access.locked"), 1);
    assert_true(crew_told(crew, crew->admins[0].user));
    assert_ok(crew_log_in(crew, "a-security", CREW_PASSWORD, NULL, &made), &crew->err);
    crew->world.now_ms += crew->policy.lock_ms - 1;
    assert_code(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), ERR_TOO_MANY);
    crew->world.now_ms += 1;
    assert_ok(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), &crew->err);
}

static void a_name_that_nobody_has_is_locked_just_the_same(void **state)
{
    struct crew *crew = *state;
    struct session_made made;
    struct err known;
    for (int64_t i = 0; i < crew->policy.failures_name_max; i++) {
        assert_code(crew_log_in(crew, "a-operator", "wrong", NULL, &made), ERR_AUTH);
        known = crew->err;
        assert_code(crew_log_in(crew, "Secret-in-the-wrong-field", "wrong", NULL, &made), ERR_AUTH);
        assert_string_equal(crew->err.message, known.message);
    }
    assert_code(crew_log_in(crew, "a-operator", "wrong", NULL, &made), ERR_TOO_MANY);
    known = crew->err;
    assert_code(crew_log_in(crew, "Secret-in-the-wrong-field", "wrong", NULL, &made), ERR_TOO_MANY);
    assert_string_equal(crew->err.message, known.message);
    assert_int_equal(crew_acts(crew, "access.locked"), 2);
    assert_false(crew_told(crew, "Secret-in-the-wrong-field"));
}

static void tries_far_apart_lock_nothing_but_are_told_at_the_next_login(void **state)
{
    struct crew *crew = *state;
    struct session_made made;
    struct seat seat;
    for (int64_t i = 0; i < 3 * crew->policy.failures_name_max; i++) {
        assert_code(crew_log_in(crew, "a-operator", "wrong", NULL, &made), ERR_AUTH);
        crew->world.now_ms += crew->policy.failures_window_ms;
    }
    assert_ok(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), &crew->err);
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_int_equal(seat.session.failures, 3 * crew->policy.failures_name_max);
    crew->world.now_ms += 1000;
    assert_ok(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), &crew->err);
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_int_equal(seat.session.failures, 0);
    assert_string_equal(seat.session.before_from, "10.0.0.1");
    assert_int_equal(seat.session.before_ms, crew->world.now_ms - 1000);
}

static void an_address_that_tries_many_names_is_locked(void **state)
{
    struct crew *crew = *state;
    struct session_made made;
    char name[20];
    for (int64_t i = 0; i < crew->policy.failures_address_max; i++) {
        (void)snprintf(name, sizeof name, "name-%d", (int)i);
        assert_code(crew_log_in(crew, name, "wrong", NULL, &made), ERR_AUTH);
    }
    assert_code(crew_log_in(crew, "name-new", "wrong", NULL, &made), ERR_TOO_MANY);
    assert_code(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), ERR_TOO_MANY);
    assert_int_equal(crew_acts(crew, "access.locked"), 1);
}

/* A try counts before it is proven: those that run at once cannot be more than are free. */
static void tries_at_the_same_time_are_counted_before_they_are_proven(void **state)
{
    struct crew *crew = *state;
    struct login login = {.name = "a-operator", .password = "x", .address = "10.0.0.2"};
    bool last = false;
    int64_t wait_ms = 0;
    for (int64_t i = 1; i <= crew->policy.failures_name_max; i++) {
        assert_ok(login_count(crew->desk, &crew->policy, &login, &last, &wait_ms, &crew->err), &crew->err);
        assert_int_equal(last, i == crew->policy.failures_name_max);
    }
    assert_code(login_count(crew->desk, &crew->policy, &login, &last, &wait_ms, &crew->err), ERR_TOO_MANY);
    assert_int_equal(wait_ms, crew->policy.lock_ms);
}

static void a_closed_or_forgotten_account_does_not_open(void **state)
{
    struct crew *crew = *state;
    struct session_made made;
    assert_ok(crew_log_in(crew, "a-auditor", CREW_PASSWORD, NULL, &made), &crew->err);
    crew_act(crew, "user.disabled", crew->admins[2].user, "{\"reason\":\"离职\"}", NULL);
    assert_code(crew_log_in(crew, "a-auditor", CREW_PASSWORD, NULL, &made), ERR_AUTH);
    crew_act(crew, "user.enabled", crew->admins[2].user, "{\"reason\":\"返岗\"}", NULL);
    assert_ok(crew_log_in(crew, "a-auditor", CREW_PASSWORD, NULL, &made), &crew->err);
    crew->world.now_ms += crew->policy.unused_ms + 1;
    assert_code(crew_log_in(crew, "a-auditor", CREW_PASSWORD, NULL, &made), ERR_AUTH);
}

static void an_administrator_lifts_a_lock(void **state)
{
    struct crew *crew = *state;
    const struct people_by by = {"乙", "安全管理员", "误操作"};
    struct session_made made;
    for (int64_t i = 0; i < crew->policy.failures_name_max; i++)
        assert_code(crew_log_in(crew, "a-operator", "wrong", NULL, &made), ERR_AUTH);
    assert_ok(people_unlock(crew->desk, crew->admins[0].user, &by, &crew->err), &crew->err);
    assert_ok(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), &crew->err);
    assert_int_equal(crew_acts(crew, "user.unlocked"), 1);
}

static void tries_at_the_gate_are_written_down_together(void **state)
{
    struct crew *crew = *state;
    char key[HASH_TEXT_SIZE + 8];
    struct attempts tried;
    assert_ok(people_attempts_key("a-operator", key, &crew->err), &crew->err);
    assert_ok(login_tally(crew->desk, key, 7, &crew->err), &crew->err);
    assert_ok(login_tally(crew->desk, key, 5, &crew->err), &crew->err);
    assert_ok(attempts_get(crew->store, key, &tried, &crew->err), &crew->err);
    assert_int_equal(tried.refused, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(five_wrong_tries_lock_a_name_for_half_an_hour, setup, teardown),
        cmocka_unit_test_setup_teardown(a_name_that_nobody_has_is_locked_just_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(tries_far_apart_lock_nothing_but_are_told_at_the_next_login, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_address_that_tries_many_names_is_locked, setup, teardown),
        cmocka_unit_test_setup_teardown(tries_at_the_same_time_are_counted_before_they_are_proven, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_closed_or_forgotten_account_does_not_open, setup, teardown),
        cmocka_unit_test_setup_teardown(an_administrator_lifts_a_lock, setup, teardown),
        cmocka_unit_test_setup_teardown(tries_at_the_gate_are_written_down_together, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
