/* What these commands do between nodes is in tests/e2e. */
#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/canned.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

static char folder[SHARED_PATH_SIZE];

#define CREATE "enroll create --id pca-330000 --name 浙江局 --tier province --region 330000 --role PCA"
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

static void expect_at(const char *at, const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, at, line, "");
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void a_code_is_told_once(void **state)
{
    (void)state;
    expect_at(folder, CREATE " --data @", CLI_DONE, "fs1:miit:", "one-time code for pca-330000");
    expect_at(folder, CREATE " --data @ --json", CLI_DONE, "\"ticket\":\"fs1:miit:", "");
    expect_at(folder, CREATE " --data @ --hours 0", CLI_USAGE, "", "--hours");
    expect_at(folder, "enroll create --data @", CLI_USAGE, "", "--id is missing");
}

static void a_running_node_is_asked_over_its_api(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                     "{\"id\":\"pca-330000\",\"ticket\":\"fs1:told\"}");
    expect_at(c.url, CREATE " --url @ --token t --large", CLI_DONE, "fs1:told", "");
    canned_end(&c);
    assert_memory_equal(c.asked, "POST /api/v1/enrolments ", 24);
    assert_non_null(strstr(c.asked, "\"large\":true"));
    assert_non_null(strstr(c.asked, "\"ttl_ms\":86400000"));
    canned_begin(&c, HEAD "{}");
    expect_at(c.url, CREATE " --url @ --token t", CLI_FAILED, "", "without a ticket");
    canned_end(&c);
}

static void a_code_that_is_none_is_refused(void **state)
{
    (void)state;
    expect_at(folder, "enroll join --data @ --code hello", CLI_FAILED, "", "error");
    expect_at(folder, "enroll join --data @", CLI_USAGE, "", "--code is missing");
}

static void peers_and_their_acts_are_listed(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c, HEAD
                 "{\"items\":[{\"id\":\"miit\",\"card\":{\"name\":\"部\"},\"state\":\"up\",\"seen\":null,"
                 "\"skew_ms\":-12,\"outbox\":{\"queued\":3},\"why\":\"\"}],\"next\":null}");
    expect_at(c.url, "peers --url @ --token t", CLI_DONE, "-12", "");
    canned_end(&c);
    canned_begin(&c, HEAD "{\"items\":[{\"n\":7,\"act\":\"a1\",\"state\":\"held\",\"clause\":\"4.4\","
                          "\"why\":\"检查结果不外传\"}],\"next\":\"7\"}");
    expect_at(c.url, "outbox miit --url @ --token t --limit 1", CLI_DONE, "检查结果不外传", "--cursor 7");
    canned_end(&c);
    assert_memory_equal(c.asked, "GET /api/v1/peers/miit/outbox?limit=1 ", 38);
}

static int set_up(void **state)
{
    (void)state;
    if (!shared_folder(folder))
        return -1;
    struct cli_result made = cli_fixture_at(
        &COMMANDS, folder, "init --data @ --id miit --ministry --name 部 --url https://127.0.0.1:8443", "");
    int code = made.code;
    cli_fixture_done(&made);
    return code;
}

static int tear_down(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_told_once),
        cmocka_unit_test(a_running_node_is_asked_over_its_api),
        cmocka_unit_test(a_code_that_is_none_is_refused),
        cmocka_unit_test(peers_and_their_acts_are_listed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
