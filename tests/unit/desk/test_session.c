#include "desk/session.h"
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

static struct session_made enter(struct crew *crew, struct seat *seat)
{
    struct session_made made;
    assert_ok(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &made), &crew->err);
    assert_ok(crew_seat(crew, made.secret, seat), &crew->err);
    return made;
}

static void a_secret_is_made_anew_and_its_csrf_belongs_to_it(void **state)
{
    struct crew *crew = *state;
    struct seat seat;
    char a[SESSION_CSRF_SIZE];
    char b[SESSION_CSRF_SIZE];
    struct session_made first = enter(crew, &seat);
    struct session_made second = enter(crew, &seat);
    assert_string_not_equal(first.secret, second.secret);
    assert_ok(session_csrf(first.secret, a, &crew->err), &crew->err);
    assert_ok(session_csrf(second.secret, b, &crew->err), &crew->err);
    assert_string_not_equal(a, b);
    static const char *const NOTHING[] = {"", "fss_", "fst_0", "x"};
    for (size_t i = 0; i < 4; i++)
        assert_code(crew_seat(crew, NOTHING[i], &seat), ERR_AUTH);
    first.secret[20] = first.secret[20] == '0' ? '1' : '0';
    assert_code(crew_seat(crew, first.secret, &seat), ERR_AUTH);
}

static void silence_locks_then_ends_and_a_shift_ends_everything(void **state)
{
    struct crew *crew = *state;
    const struct access_policy *policy = &crew->policy;
    struct seat seat;
    struct session_made made = enter(crew, &seat);
    crew->world.now_ms += policy->idle_lock_ms - 1;
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_int_equal(seat.state, SEAT_OPEN);
    crew->world.now_ms += 1;
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_int_equal(seat.state, SEAT_LOCKED);
    crew->world.now_ms += policy->idle_end_ms - policy->idle_lock_ms;
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
    made = enter(crew, &seat);
    for (int64_t gone_ms = 0; gone_ms < policy->session_ms; gone_ms += policy->idle_lock_ms) {
        assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
        assert_ok(session_touch(crew->desk, &seat, &crew->err), &crew->err);
        crew->world.now_ms += policy->idle_lock_ms;
    }
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
}

static void unlocking_gives_a_new_secret_and_the_old_one_is_worth_nothing(void **state)
{
    struct crew *crew = *state;
    struct seat seat;
    struct seat stale;
    char secret[SESSION_SECRET_SIZE];
    struct session_made made = enter(crew, &seat);
    assert_ok(session_lock(crew->desk, &seat, &crew->err), &crew->err);
    assert_ok(crew_seat(crew, made.secret, &stale), &crew->err);
    assert_int_equal(stale.state, SEAT_LOCKED);
    assert_ok(session_unlock(crew->desk, &stale, secret, &crew->err), &crew->err);
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
    assert_ok(crew_seat(crew, secret, &seat), &crew->err);
    assert_int_equal(seat.state, SEAT_OPEN);
    assert_code(session_touch(crew->desk, &stale, &crew->err), ERR_AUTH); /* read before it turned */
}

static void who_lost_the_post_or_the_account_is_out(void **state)
{
    struct crew *crew = *state;
    struct seat seat;
    char body[100];
    struct session_made made = enter(crew, &seat);
    assert_string_equal(seat.post.role->name, "operator");
    (void)snprintf(body, sizeof body, "{\"reason\":\"x\"}");
    crew_act(crew, "post.retired", seat.post.id, body, NULL);
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_string_equal(seat.post.role->name, "viewer");
    crew_act(crew, "user.disabled", seat.session.person, body, NULL);
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
}

static void a_persons_posts_are_taken_one_at_a_time(void **state)
{
    struct crew *crew = *state;
    char user[UUID_TEXT_SIZE];
    char a[UUID_TEXT_SIZE];
    char b[UUID_TEXT_SIZE];
    char body[200];
    char secret[SESSION_SECRET_SIZE];
    const struct people_by by = {"乙", "安全管理员", "入职"};
    struct one_time_code code;
    struct session_made made;
    struct seat seat;
    crew_act(crew, "user.added", NULL, "{\"name\":\"ding\",\"title\":\"丁\"}", user);
    crew_act(crew, "post.set", NULL, "{\"title\":\"值班员\",\"role\":\"officer\"}", a);
    crew_act(
        crew, "post.set", NULL,
        "{\"title\":\"处长\",\"role\":\"officer\",\"region\":\"330100\",\"powers\":[\"warning.publish\"]}",
        b);
    (void)snprintf(body, sizeof body, "{\"posts\":[\"%s\",\"%s\"]}", a, b);
    crew_act(crew, "user.posted", user, body, NULL);
    assert_ok(people_code(crew->desk, &crew->policy, user, &by, &code, &crew->err), &crew->err);
    assert_ok(people_activate(crew->desk, "ding", code.text, crew->hash, &crew->err), &crew->err);
    assert_ok(crew_log_in(crew, "ding", CREW_PASSWORD, NULL, &made), &crew->err);
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_string_equal(seat.post.title, "值班员");
    assert_int_equal(seat.post_count, 2);
    assert_int_equal(seat.power_count, 0);
    assert_code(session_take_post(crew->desk, &seat, crew->admins[0].user, secret, &crew->err), ERR_INVALID);
    assert_ok(session_take_post(crew->desk, &seat, b, secret, &crew->err), &crew->err);
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
    assert_ok(crew_seat(crew, secret, &seat), &crew->err);
    assert_string_equal(seat.post.title, "处长");
    assert_string_equal(seat.region, "330100");
    assert_string_equal(seat.standing.powers[0], "warning.publish");
    assert_false(seat.standing.all_powers);
}

static void code_of(struct crew *crew, const uint8_t seed[OTP_SECRET_BYTES], char out[OTP_CODE_SIZE])
{
    assert_ok(otp_code(seed, otp_step(crew->world.now_ms), out, &crew->err), &crew->err);
}

static void a_code_works_once_and_for_a_while(void **state)
{
    struct crew *crew = *state;
    uint8_t seed[OTP_SECRET_BYTES];
    char code[OTP_CODE_SIZE];
    struct seat seat;
    struct session_made made = enter(crew, &seat);
    assert_code(session_confirm(crew->desk, &seat, "000000", &crew->err), ERR_SECOND_FACTOR);
    assert_string_equal(crew->err.field, "totp");
    assert_ok(session_seed(crew->desk, &crew->policy, &seat, seed, &crew->err), &crew->err);
    assert_code(session_enrol(crew->desk, &seat, "000000", &crew->err), ERR_SECOND_FACTOR);
    code_of(crew, seed, code);
    assert_ok(session_enrol(crew->desk, &seat, code, &crew->err), &crew->err);
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_true(seat.standing.confirmed);
    assert_code(session_confirm(crew->desk, &seat, code, &crew->err), ERR_SECOND_FACTOR); /* replayed */
    crew->world.now_ms += crew->policy.confirm_ms;
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_false(seat.standing.confirmed);
    assert_code(session_confirm(crew->desk, &seat, code, &crew->err), ERR_SECOND_FACTOR); /* too old */
    code_of(crew, seed, code);
    assert_ok(session_confirm(crew->desk, &seat, code, &crew->err), &crew->err);
    assert_code(crew_log_in(crew, "a-operator", CREW_PASSWORD, code, &made), ERR_AUTH); /* by another door */
    crew->world.now_ms += 30000;
    code_of(crew, seed, code);
    assert_ok(crew_log_in(crew, "a-operator", CREW_PASSWORD, code, &made), &crew->err);
    assert_ok(crew_seat(crew, made.secret, &seat), &crew->err);
    assert_true(seat.standing.confirmed);
    assert_false(crew_told(crew, code));
}

static void another_authenticator_needs_the_one_in_force(void **state)
{
    struct crew *crew = *state;
    uint8_t seed[OTP_SECRET_BYTES];
    char code[OTP_CODE_SIZE];
    struct seat seat;
    (void)enter(crew, &seat);
    assert_ok(session_seed(crew->desk, &crew->policy, &seat, seed, &crew->err), &crew->err);
    code_of(crew, seed, code);
    assert_ok(session_enrol(crew->desk, &seat, code, &crew->err), &crew->err);
    crew->world.now_ms += crew->policy.confirm_ms;
    assert_code(session_seed(crew->desk, &crew->policy, &seat, seed, &crew->err), ERR_SECOND_FACTOR);
    code_of(crew, seed, code);
    assert_ok(session_confirm(crew->desk, &seat, code, &crew->err), &crew->err);
    assert_ok(session_seed(crew->desk, &crew->policy, &seat, seed, &crew->err), &crew->err);
}

static void another_password_ends_the_persons_other_sessions(void **state)
{
    struct crew *crew = *state;
    struct seat seat;
    char hash[PASSWORD_TEXT_SIZE];
    char secret[SESSION_SECRET_SIZE];
    struct session_made other = enter(crew, &seat);
    struct session_made made = enter(crew, &seat);
    assert_ok(password_hash("Other-Gate_2018", &crew->policy.cost, &crew->world.env, hash, &crew->err),
              &crew->err);
    assert_ok(session_rekey(crew->desk, &seat, hash, secret, &crew->err), &crew->err);
    assert_code(crew_seat(crew, other.secret, &seat), ERR_AUTH);
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
    assert_ok(crew_seat(crew, secret, &seat), &crew->err);
    assert_int_equal(seat.account.former_count, 1);
    assert_string_equal(seat.account.former[0], crew->hash);
    crew->world.now_ms += crew->policy.password_ms;
    struct session_made late;
    assert_code(crew_log_in(crew, "a-operator", CREW_PASSWORD, NULL, &late), ERR_AUTH);
}

static void an_old_password_must_be_changed(void **state)
{
    struct crew *crew = *state;
    struct seat seat;
    crew->policy.unused_ms = 2 * crew->policy.password_ms;
    crew->world.now_ms += crew->policy.password_ms;
    (void)enter(crew, &seat);
    assert_int_equal(seat.state, SEAT_MUST_CHANGE);
}

static void whoever_leaves_has_left(void **state)
{
    struct crew *crew = *state;
    struct seat seat;
    struct session_made made = enter(crew, &seat);
    assert_ok(session_leave(crew->desk, seat.session.id, "logout", &crew->err), &crew->err);
    assert_code(crew_seat(crew, made.secret, &seat), ERR_AUTH);
    assert_code(session_leave(crew->desk, made.id, "logout", &crew->err), ERR_NOT_FOUND);
    assert_int_equal(crew_acts(crew, "user.left"), 1);
    assert_int_equal(crew_acts(crew, "user.entered"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_secret_is_made_anew_and_its_csrf_belongs_to_it, setup, teardown),
        cmocka_unit_test_setup_teardown(silence_locks_then_ends_and_a_shift_ends_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(unlocking_gives_a_new_secret_and_the_old_one_is_worth_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(who_lost_the_post_or_the_account_is_out, setup, teardown),
        cmocka_unit_test_setup_teardown(a_persons_posts_are_taken_one_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(a_code_works_once_and_for_a_while, setup, teardown),
        cmocka_unit_test_setup_teardown(another_authenticator_needs_the_one_in_force, setup, teardown),
        cmocka_unit_test_setup_teardown(another_password_ends_the_persons_other_sessions, setup, teardown),
        cmocka_unit_test_setup_teardown(an_old_password_must_be_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(whoever_leaves_has_left, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
