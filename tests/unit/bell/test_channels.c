#include "bell/channels.h"

#include "lib/check.h"

#include <string.h>

#define MAIL                                                                                                    \
    "  - {name: mail, kind: mail, url: 'smtps://mail.example:465', from: a@b.example, to: [c@d.example],"       \
    " user: a, password: geheim, posts: [值班员], least: warning, quiet: '22:00-07:00', escalate_to: robot," \
    " escalate_after: 10}\n"
#define ROBOT                                                                                                \
    "  - {name: robot, kind: dingtalk, url: 'https://robot.example/send?access_token=x', secret: SEC}\n"

static enum errc load(const char *rows, struct channels **out, struct err *err)
{
    char text[4000];
    (void)snprintf(text, sizeof text, "channels:\n%s", rows);
    return channels_load("channels.yaml", text, strlen(text), out, err);
}

static void channels_are_read_with_everything_they_say(void **state)
{
    (void)state;
    struct channels *channels = NULL;
    struct err err;
    assert_ok(load(MAIL ROBOT, &channels, &err), &err);
    assert_int_equal(channels_count(channels), 2);
    const struct channel *mail = channels_find(channels, "mail");
    assert_ptr_equal(mail, channels_at(channels, 0));
    assert_int_equal(mail->kind, CHANNEL_MAIL);
    assert_int_equal(mail->least, SEVERITY_WARNING);
    assert_int_equal(mail->to.count, 1);
    assert_string_equal(mail->escalate_to, "robot");
    assert_int_equal(mail->escalate_after, 10);
    assert_false(mail->detailed);
    assert_int_equal(channels_find(channels, "robot")->least, SEVERITY_INFO);
    assert_null(channels_find(channels, "nobody"));
    assert_null(channels_at(channels, 2));
    channels_free(channels);
    channels_free(NULL);
}

static void every_fault_is_named_with_its_channel(void **state)
{
    (void)state;
    static const struct {
        const char *rows;
        const char *why;
    } ROWS[] = {
        {"  - {name: m, kind: mail, url: 'http://x', from: a@b, to: [c@d]}\n", "url"},
        {"  - {name: m, kind: mail, url: 'smtp://x', from: a@b}\n", "to: nobody"},
        {"  - {name: m, kind: mail, url: 'smtp://x', to: [c@d]}\n", "from"},
        {"  - {name: m, kind: feishu, url: 'https://x'}\n", "secret"},
        {"  - {name: m, kind: webhook, url: 'https://x', secret: abc}\n", "whsec_"},
        {"  - {name: m, kind: wecom, url: 'file:///etc/passwd'}\n", "url"},
        {"  - {name: m, kind: mail, url: 'smtp://x', from: \"a@b\\r\\nBcc: z\", to: [c@d]}\n", "line end"},
        {"  - {name: m, kind: wecom, url: 'https://x', quiet: '22-07'}\n", "quiet"},
        {"  - {name: m, kind: wecom, url: 'https://x', quiet: '24:00-07:00'}\n", "quiet"},
        {"  - {name: m, kind: wecom, url: 'https://x', escalate_after: -4}\n", "escalate_after"},
        {"  - {name: m, kind: wecom, url: 'https://x', escalate_to: nobody}\n", "escalate_to"},
        {ROBOT ROBOT, "another of that name"},
        {"  - {name: a, kind: wecom, url: 'https://x', escalate_to: b}\n"
         "  - {name: b, kind: wecom, url: 'https://x', escalate_to: a}\n",
         "circle"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct channels *channels = NULL;
        struct err err = {0};
        enum errc rc = load(ROWS[i].rows, &channels, &err);
        if (rc != ERR_INVALID || !strstr(err.message, ROWS[i].why))
            fail_msg("%s gives %s: %s", ROWS[i].rows, errc_info(rc)->name, err.message);
        assert_null(channels);
    }
}

static void what_is_no_channel_is_a_fault_of_syntax(void **state)
{
    (void)state;
    struct channels *channels = NULL;
    struct err err;
    assert_code(load("  - {name: m, kind: pigeon, url: 'https://x'}\n", &channels, &err), ERR_SYNTAX);
    assert_code(load("  - {name: m, kind: wecom, url: 'https://x', colour: red}\n", &channels, &err),
                ERR_SYNTAX);
    assert_code(channels_load("channels.yaml", "", 0, &channels, &err), ERR_INVALID);
}

static void quiet_hours_are_minutes_of_the_day(void **state)
{
    (void)state;
    int from = 0;
    int until = 0;
    assert_true(channel_quiet_read("22:30-07:05", &from, &until));
    assert_int_equal(from, 22 * 60 + 30);
    assert_int_equal(until, 7 * 60 + 5);
    assert_false(channel_quiet_read("22:30-22:30", &from, &until));
    assert_false(channel_quiet_read("22:60-07:00", &from, &until));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels_are_read_with_everything_they_say),
        cmocka_unit_test(every_fault_is_named_with_its_channel),
        cmocka_unit_test(what_is_no_channel_is_a_fault_of_syntax),
        cmocka_unit_test(quiet_hours_are_minutes_of_the_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
