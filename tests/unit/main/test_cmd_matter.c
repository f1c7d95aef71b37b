#include "main/matter.h"

#include "lib/check.h"
#include "unit/main/canned.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

#define JSON(body) "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body

static void expect(const char *at, const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, at, line, "");
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void asks(const char *line, const char *answer, const char *path, const char *out)
{
    struct canned c;
    char want[300];
    canned_begin(&c, answer);
    expect(c.url, line, CLI_DONE, out, "");
    canned_end(&c);
    (void)snprintf(want, sizeof want, "GET %s HTTP/1.1\r\n", path);
    if (strncmp(c.asked, want, strlen(want)) != 0)
        fail_msg("%s asks %.200s", line, c.asked);
}

#define MATTERS                                                                                              \
    "{\"items\":[{\"id\":\"i1\",\"type_zh\":\"突发事件\",\"state\":{\"name\":\"reported\",\"zh\":"       \
    "\"已报告\"},"                                                                                        \
    "\"owner\":\"miit\",\"title\":\"断网\"}],\"next\":null}"

static void lists_know_their_type_and_their_filters(void **state)
{
    (void)state;
    asks("incident list --url @ --token t", JSON(MATTERS), "/api/v1/matters?type=incident", "断网");
    asks("matters -q 断网 --state reported --limit 5 --url @ --token t", JSON(MATTERS),
         "/api/v1/matters?state=reported&q=%E6%96%AD%E7%BD%91&limit=5", "已报告 reported");
    asks("duty list --due-before 2026-12-01 --url @ --token t", JSON("{\"items\":[],\"next\":null}"),
         "/api/v1/duties?due_before=2026-12-01", "期限 due");
}

static void one_duty_shows_its_provision(void **state)
{
    (void)state;
    asks("duty show d/1 --url @ --token t",
         JSON("{\"id\":\"d1\",\"text\":\"立即报告\",\"performed_by\":[\"incident.reported\"]}"),
         "/api/v1/duties/d%2F1", "立即报告");
}

static void findings_are_listed(void **state)
{
    (void)state;
    asks("findings m1 --url @ --token t",
         JSON("{\"items\":[{\"conduct\":\"late\",\"unit\":\"tel-zj\",\"why\":\"过期\",\"clause\":\"4.1\"}],"
              "\"next\":null}"),
         "/api/v1/matters/m1/evidence", "late");
}

static void the_stream_is_shown_line_by_line_until_there_is_enough(void **state)
{
    static const char ANSWER[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        "id: 1\nevent: incident.reported\ndata: "
        "{\"kind\":\"incident.reported\",\"node\":\"miit\",\"recorded\":"
        "\"2026-11-21T11:00:00.000+08:00\"}\n\nid: 2\nevent: x\ndata: {\"kind\":\"x\"}\n\n";
    struct canned c;
    (void)state;
    canned_begin(&c, ANSWER);
    expect(c.url, "watch --kind incident. --after 0 --count 1 --url @ --token t", CLI_DONE, "报告突发事件",
           "");
    canned_end(&c);
    assert_memory_equal(c.asked, "GET /api/v1/events?kind=incident. HTTP/1.1\r\n", 44);
    assert_non_null(strstr(c.asked, "Last-Event-ID: 0\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_know_their_type_and_their_filters),
        cmocka_unit_test(one_duty_shows_its_provision),
        cmocka_unit_test(findings_are_listed),
        cmocka_unit_test(the_stream_is_shown_line_by_line_until_there_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
