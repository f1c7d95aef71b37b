#include "bell/ring.h"

#include "base/civil.h"
#include "lib/check.h"

#include <string.h>

static int64_t at(const char *text)
{
    int64_t ms = 0;
    struct err err;
    assert_ok(civil_parse_time(text, &ms, &err), &err);
    return ms;
}

static void a_channel_serves_its_posts_and_severities(void **state)
{
    (void)state;
    const char *posts[] = {"值班员"};
    const struct channel channel = {.least = SEVERITY_WARNING, .posts = {posts, 1}};
    const struct channel everybody = {.least = SEVERITY_INFO};
    struct news news = {.severity = SEVERITY_WARNING, .post = "值班员"};
    assert_true(ring_serves(&channel, &news));
    assert_true(ring_serves(&everybody, &news));
    news.post = "领导";
    assert_false(ring_serves(&channel, &news));
    assert_true(ring_serves(&everybody, &news));
    news.post = NULL;
    assert_true(ring_serves(&channel, &news));
    news.severity = SEVERITY_INFO;
    assert_false(ring_serves(&channel, &news));
    assert_true(ring_serves(&everybody, &news));
}

static void quiet_hours_keep_back_all_but_the_gravest(void **state)
{
    (void)state;
    static const struct {
        const char *quiet;
        const char *now;
        const char *told;
    } ROWS[] = {
        {"22:00-07:00", "2026-11-21T21:59:59+08:00", "2026-11-21T21:59:59+08:00"},
        {"22:00-07:00", "2026-11-21T22:00:00+08:00", "2026-11-22T07:00:00+08:00"},
        {"22:00-07:00", "2026-11-22T03:00:00+08:00", "2026-11-22T07:00:00+08:00"},
        {"22:00-07:00", "2026-11-22T07:00:00+08:00", "2026-11-22T07:00:00+08:00"},
        {"12:00-14:00", "2026-11-22T13:00:00+08:00", "2026-11-22T14:00:00+08:00"},
        {"12:00-14:00", "2026-11-22T14:00:00+08:00", "2026-11-22T14:00:00+08:00"},
        {NULL, "2026-11-22T03:00:00+08:00", "2026-11-22T03:00:00+08:00"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct channel channel = {.quiet = ROWS[i].quiet};
        assert_int_equal(ring_time(&channel, SEVERITY_WARNING, at(ROWS[i].now)), at(ROWS[i].told));
        assert_int_equal(ring_time(&channel, SEVERITY_URGENT, at(ROWS[i].now)), at(ROWS[i].now));
    }
}

static void escalation_leads_to_the_next_channel_and_ends(void **state)
{
    (void)state;
    static const char TEXT[] =
        "channels:\n"
        "  - {name: a, kind: wecom, url: 'https://x', escalate_to: b, escalate_after: 3}\n"
        "  - {name: b, kind: wecom, url: 'https://y'}\n";
    struct channels *channels = NULL;
    struct err err;
    int64_t when = 0;
    assert_ok(channels_load("x", TEXT, strlen(TEXT), &channels, &err), &err);
    const struct channel *next = ring_next(channels, channels_at(channels, 0), 1000, &when);
    assert_string_equal(next->name, "b");
    assert_int_equal(when, 1000 + 3 * 60000);
    assert_null(ring_next(channels, next, 1000, &when));
    channels_free(channels);
}

static void tries_grow_rarer_and_end(void **state)
{
    (void)state;
    int64_t before = 0;
    int tries = 1;
    for (; ring_retry_ms(tries) > 0; tries++) {
        assert_true(ring_retry_ms(tries) > before);
        before = ring_retry_ms(tries);
    }
    assert_int_equal(ring_retry_ms(1), 5000);
    assert_int_equal(before, CIVIL_DAY_MS);
    assert_true(tries > 5);
    assert_int_equal(ring_retry_ms(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_channel_serves_its_posts_and_severities),
        cmocka_unit_test(quiet_hours_keep_back_all_but_the_gravest),
        cmocka_unit_test(escalation_leads_to_the_next_channel_and_ends),
        cmocka_unit_test(tries_grow_rarer_and_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
