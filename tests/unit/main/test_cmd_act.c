#include "lib/check.h"
#include "unit/main/canned.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

#define JSON(status, type, body)                                                                             \
    "HTTP/1.1 " status "\r\nContent-Type: application/" type "\r\nConnection: close\r\n\r\n" body

static void expect(const char *at, const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, at, line, "");
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

#define MADE                                                                                                 \
    "{\"act\":\"a1\",\"subject\":\"s1\",\"root\":\"s1\",\"rev\":1,\"pos\":7,\"recorded\":"                   \
    "\"2026-11-21T11:00:00.000+08:00\"}"

static void an_act_goes_to_its_path_with_a_key(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c, JSON("201 Created", "json", MADE));
    expect(c.url, "incident assess abc --level II --url @ --token t", CLI_DONE, "定级 (incident.assessed)",
           "");
    canned_end(&c);
    assert_memory_equal(c.asked, "POST /api/v1/incidents/abc/assessments HTTP/1.1\r\n", 49);
    assert_non_null(strstr(c.asked, "Idempotency-Key: "));
    assert_non_null(strstr(c.asked, "{\"level\":\"II\"}"));
    canned_begin(&c, JSON("201 Created", "json", MADE));
    expect(c.url, "act incident.assessed abc -s level=II --key k7 --json --url @ --token t", CLI_DONE,
           "\"pos\":7", "");
    canned_end(&c);
    assert_non_null(strstr(c.asked, "Idempotency-Key: k7\r\n"));
}

static void what_hangs_under_another_matter_is_made_there(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c, JSON("201 Created", "json", MADE));
    expect(c.url, "response start --under a/b --level II --basis own-decision --targets x --url @ --token t",
           CLI_DONE, "s1", "");
    canned_end(&c);
    assert_memory_equal(c.asked, "POST /api/v1/incidents/a%2Fb/responses HTTP/1.1\r\n", 49);
    expect("", "response start --level II --basis own-decision --targets x --url http://x --token t",
           CLI_USAGE, "", "needs the matter it is about, or --under");
}

static void a_refusal_by_the_law_is_exit_code_3_and_a_wrong_field_is_1(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c, JSON("403 Forbidden", "problem+json",
                          "{\"type\":\"/problems/power\",\"detail\":\"no\",\"clause\":\"4.4\"}"));
    expect(c.url, "incident assess abc --level II --url @ --token t", CLI_REFUSED, "\"clause\":\"4.4\"",
           "no");
    canned_end(&c);
    canned_begin(&c, JSON("422 Unprocessable", "problem+json",
                          "{\"type\":\"/problems/invalid\",\"detail\":\"bad\",\"field\":\"body.level\","
                          "\"clause\":\"3\"}"));
    expect(c.url, "incident assess abc --level II --url @ --token t", CLI_FAILED, "",
           "body.level: bad (clause 3)");
    canned_end(&c);
}

static void when_nobody_answers_the_key_is_told(void **state)
{
    (void)state;
    expect("", "incident assess abc --level II --key k9 --url http://127.0.0.1:1 --token t", CLI_FAILED, "",
           "--key k9");
}

static void kinds_are_listed_and_unknown_ones_refused(void **state)
{
    (void)state;
    expect("", "act", CLI_DONE, "incident.reported", "");
    expect("", "act --json", CLI_DONE, "\"command\":\"incident report\"", "");
    expect("", "act incident.imagined", CLI_USAGE, "", "nobody can do");
    expect("", "act receipt.given", CLI_USAGE, "", "nobody can do");
    expect("", "act incident.assessed 1 --set lewel=II", CLI_USAGE, "", "no such field");
    expect("", "act incident.assessed 1 --set level", CLI_USAGE, "", "NAME=VALUE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_act_goes_to_its_path_with_a_key),
        cmocka_unit_test(what_hangs_under_another_matter_is_made_there),
        cmocka_unit_test(a_refusal_by_the_law_is_exit_code_3_and_a_wrong_field_is_1),
        cmocka_unit_test(when_nobody_answers_the_key_is_told),
        cmocka_unit_test(kinds_are_listed_and_unknown_ones_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
