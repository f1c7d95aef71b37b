#include "main/client.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "main/cli.h"
#include "unit/main/canned.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_send(struct call *call)
{
    struct client *client = NULL;
    struct client_reply reply = {0};
    struct err err;
    json_t *body = json_pack("{s:s}", "title", "六省断网");
    struct client_request request = {.method = "POST", .path = "/x", .body = body, .key = "k1"};
    enum errc rc = client_open(call, &client, &err);
    if (rc >= 0)
        rc = client_send(client, &request, &reply, &err);
    client_close(client);
    json_decref(body);
    if (rc < 0)
        return client_fail(call, &reply, &err);
    (void)fprintf(call->streams.out, "%d %s\n", reply.status, reply.doc ? "document" : reply.text.p);
    json_decref(reply.doc);
    return CLI_DONE;
}

static bool two_events(void *context, const char *id, const char *event, const char *data)
{
    struct call *call = context;
    (void)fprintf(call->streams.out, "%s|%s|%s\n", id, event, data);
    return strcmp(id, "2") != 0;
}

static int run_watch(struct call *call)
{
    struct client *client = NULL;
    struct client_reply reply = {0};
    struct err err;
    enum errc rc = client_open(call, &client, &err);
    if (rc >= 0)
        rc = client_watch(client, "/events", "0", two_events, call, &err);
    client_close(client);
    return rc < 0 ? client_fail(call, &reply, &err) : CLI_DONE;
}

static const struct option_row OPTIONS[] = {CLIENT_OPTIONS, {0}};
static const struct command ROWS[] = {
    {.name = "send", .summary = "x", .options = OPTIONS, .run = run_send},
    {.name = "watch", .summary = "x", .options = OPTIONS, .run = run_watch},
    {0},
};
static const struct command_group GROUP = {"x", ROWS};
static const struct command_group *const GROUPS[] = {&GROUP};
static const struct command_table TABLE = {GROUPS, 1};

static void expect(const char *at, const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&TABLE, at, line, "");
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void a_request_carries_token_key_and_body(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    expect(c.url, "send --url @ --token fst_1", CLI_DONE, "201 document", "");
    canned_end(&c);
    assert_memory_equal(c.asked, "POST /x HTTP/1.1\r\n", 18);
    assert_non_null(strstr(c.asked, "Authorization: Bearer fst_1\r\n"));
    assert_non_null(strstr(c.asked, "Idempotency-Key: k1\r\n"));
    assert_non_null(strstr(c.asked, "\r\n\r\n{\"title\":\"六省断网\"}"));
}

#define REFUSAL                                                                                              \
    "{\"type\":\"/problems/power\",\"title\":\"Power\",\"status\":403,\"detail\":\"not yours\","             \
    "\"clause\":\"4.4\",\"field\":\"body.colour\"}"

static void a_refusal_by_the_law_is_exit_code_3_with_the_answer(void **state)
{
    static const char ANSWER[] = "HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\n"
                                 "Connection: close\r\n\r\n" REFUSAL;
    struct canned c;
    (void)state;
    canned_begin(&c, ANSWER);
    expect(c.url, "send --url @ --token t", CLI_REFUSED, "\"clause\":\"4.4\"", "not yours (clause 4.4)");
    canned_end(&c);
    canned_begin(&c, ANSWER);
    expect(c.url, "send --url @ --token t --json", CLI_REFUSED, "\"detail\":\"not yours\"", "");
    canned_end(&c);
}

static void other_problems_are_exit_code_1(void **state)
{
    static const char *const ANSWERS[] = {
        "HTTP/1.1 422 Unprocessable\r\nContent-Type: application/problem+json\r\nConnection: close\r\n\r\n"
        "{\"type\":\"/problems/invalid\",\"status\":422,\"detail\":\"must not be "
        "empty\",\"field\":\"body.title\"}",
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{broken",
    };
    static const char *const TOLD[] = {"body.title: must not be empty", "answers 500", "error"};
    struct canned c;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        canned_begin(&c, ANSWERS[i]);
        expect(c.url, "send --url @ --token t", CLI_FAILED, "", TOLD[i]);
        canned_end(&c);
    }
    expect("http://127.0.0.1:1", "send --url @ --token t", CLI_FAILED, "", "http://127.0.0.1:1:");
}

static void address_and_token_come_from_options_environment_or_file(void **state)
{
    static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi";
    char folder[SHARED_PATH_SIZE];
    char path[SHARED_PATH_SIZE + 16];
    struct canned c;
    (void)state;
    assert_true(shared_folder(folder));
    (void)snprintf(path, sizeof path, "%s/c.yaml", folder);
    canned_begin(&c, ANSWER);
    FILE *file = fopen(path, "we");
    assert_true(fprintf(file, "url: %s\ntoken: fst_file\n", c.url) > 0);
    assert_int_equal(fclose(file), 0);
    expect(folder, "send --client @/c.yaml", CLI_DONE, "200 hi", "");
    canned_end(&c);
    assert_non_null(strstr(c.asked, "Bearer fst_file"));
    canned_begin(&c, ANSWER);
    assert_int_equal(setenv("FENGSUI_URL", c.url, 1), 0);
    assert_int_equal(setenv("FENGSUI_TOKEN", "fst_env", 1), 0);
    expect("", "send", CLI_DONE, "200 hi", "");
    canned_end(&c);
    assert_non_null(strstr(c.asked, "Bearer fst_env"));
    assert_int_equal(unsetenv("FENGSUI_URL"), 0);
    assert_int_equal(unsetenv("FENGSUI_TOKEN"), 0);
    expect("", "send --client /nowhere", CLI_FAILED, "", "which node");
    shared_remove(folder);
}

static void events_are_read_line_by_line(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c,
                 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\n\nid: 1\nevent: act\n"
                 "data: {\"a\":1}\n\nid: 2\r\ndata: x\r\ndata: y\r\n\r\nid: 3\ndata: z\n\n");
    expect(c.url, "watch --url @ --token t", CLI_DONE, "1|act|{\"a\":1}\n2||x\ny\n", "");
    canned_end(&c);
    assert_non_null(strstr(c.asked, "Last-Event-ID: 0\r\n"));
    canned_begin(&c, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    expect(c.url, "watch --url @ --token t", CLI_FAILED, "", "403");
    canned_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_carries_token_key_and_body),
        cmocka_unit_test(a_refusal_by_the_law_is_exit_code_3_with_the_answer),
        cmocka_unit_test(other_problems_are_exit_code_1),
        cmocka_unit_test(address_and_token_come_from_options_environment_or_file),
        cmocka_unit_test(events_are_read_line_by_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
