#include "http/api_internal.h"
#include "lib/check.h"
#include "lib/http/office.h"
#include "lib/http/serving.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REPORT                                                                                               \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江等六省\","  \
    "\"harm\":\"大量用户无法上网\",\"measures\":\"切换解析\",\"advice\":\"请协调\","          \
    "\"region\":\"330000\",\"contact\":\"张三\"}"
#define FOLLOW_UP "{\"text\":\"域名解析已恢复\"}"

struct fixture {
    struct world world;
    struct office *office;
    const char *officer;
    const char *viewer;
    const char *operator;
    const char *auditor;
    struct buf text;
    json_t *doc; /* of the last answer */
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    world_open(&f->world);
    world_people(&f->world);
    f->office = office_open(&f->world, "tel-zj", NULL);
    f->officer = office_token(f->office, "officer");
    f->viewer = office_token(f->office, "viewer");
    f->operator= office_token(f->office, "operator");
    f->auditor = office_token(f->office, "auditor");
    buf_init(&f->text, 8 << 20);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    office_close(f->office);
    world_close(&f->world);
    json_decref(f->doc);
    buf_done(&f->text);
    free(f);
    return 0;
}

/* One exchange; fields are whole lines with CR LF. Status; the answer is in text and doc. */
static int ask(struct fixture *f, const char *method, const char *path, const char *token, const char *fields,
               const char *body)
{
    struct buf request;
    struct err err;
    buf_init(&request, 1 << 20);
    buf_addf(&request, "%s %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n", method, path);
    if (token)
        buf_addf(&request, "Authorization: Bearer %s\r\n", token);
    if (body)
        buf_addf(&request, "Content-Length: %zu\r\n", strlen(body));
    if (body && !strstr(fields, "Content-Type"))
        buf_adds(&request, "Content-Type: application/json\r\n");
    buf_addf(&request, "%s\r\n%s", fields, body ? body : "");
    int status = client_once(office_port(f->office), request.data, request.size_bytes, &f->text);
    buf_done(&request);
    json_decref(f->doc);
    f->doc = NULL;
    const char *start = strstr(f->text.data, "\r\n\r\n") + 4;
    if (*start == '{')
        assert_ok(doc_parse(start, strlen(start), &f->doc, &err), &err);
    return status;
}

static int get(struct fixture *f, const char *path)
{
    return ask(f, "GET", path, f->viewer, "", NULL);
}

static int post(struct fixture *f, const char *path, const char *body)
{
    return ask(f, "POST", path, f->officer, "", body);
}

static const char *said(const struct fixture *f, const char *name)
{
    const char *text = json_string_value(json_object_get(f->doc, name));
    return text ? text : "";
}

static bool says(const struct fixture *f, const char *part)
{
    return strstr(f->text.data, part) != NULL;
}

/* The value of a field of the answer, in its own buffer. */
static const char *field(const struct fixture *f, const char *name, char out[200])
{
    const char *at = strstr(f->text.data, name);
    assert_non_null(at);
    at += strlen(name) + 2;
    (void)snprintf(out, 200, "%.*s", (int)strcspn(at, "\r"), at);
    return out;
}

static void report(struct fixture *f, char id[UUID_TEXT_SIZE])
{
    assert_int_equal(post(f, "/api/v1/incidents", REPORT), 201);
    (void)snprintf(id, UUID_TEXT_SIZE, "%s", said(f, "subject"));
}

static void an_act_is_made_and_found_again(void **state)
{
    struct fixture *f = *state;
    char id[UUID_TEXT_SIZE];
    char path[200];
    char value[200];
    report(f, id);
    assert_string_equal(field(f, "ETag", value), "\"r1\"");
    (void)snprintf(path, sizeof path, "/api/v1/matters/%s", id);
    assert_string_equal(field(f, "Location", value), path);
    assert_int_equal(get(f, path), 200);
    assert_string_equal(said(f, "title"), "六省断网");
    assert_string_equal(field(f, "ETag", value), "\"r1\"");
    (void)snprintf(path, sizeof path, "/api/v1/incidents/%s/follow-ups", id);
    assert_int_equal(post(f, path, FOLLOW_UP), 201);
    assert_string_equal(field(f, "ETag", value), "\"r2\"");
    (void)snprintf(path, sizeof path, "/api/v1/acts/%s", said(f, "act"));
    assert_string_equal(field(f, "Location", value), path);
    assert_int_equal(get(f, path), 200);
    assert_string_equal(said(f, "kind"), "incident.followed_up");
    const json_t *act = json_object_get(f->doc, "act");
    assert_string_equal(json_string_value(json_object_get(act, "person")), "张三");
    assert_int_equal(get(f, "/api/v1/incidents?q=%E6%96%AD%E7%BD%91&limit=10"), 200);
    assert_int_equal(json_array_size(json_object_get(f->doc, "items")), 1);
}

static void when_it_happened_is_the_request_s_own_field(void **state)
{
    struct fixture *f = *state;
    char path[200];
    char id[UUID_TEXT_SIZE];
    report(f, id);
    (void)snprintf(path, sizeof path, "/api/v1/incidents/%s/follow-ups", id);
    assert_int_equal(post(f, path, "{\"text\":\"x\",\"happened\":\"2020-02-30T00:00:00+08:00\"}"), 422);
    assert_string_equal(said(f, "field"), "body.happened");
    assert_int_equal(post(f, path, "{\"text\":\"x\",\"happened\":\"2020-02-29T08:00:00+08:00\"}"), 201);
    (void)snprintf(path, sizeof path, "/api/v1/acts/%s/bytes", said(f, "act"));
    assert_int_equal(get(f, path), 200);
    assert_string_equal(said(f, "happened"), "2020-02-29T08:00:00.000+08:00");
}

static void the_same_key_gives_the_first_answer_again(void **state)
{
    struct fixture *f = *state;
    static const char KEY[] = "Idempotency-Key: k-1\r\n";
    char act[UUID_TEXT_SIZE];
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", f->officer, KEY, REPORT), 201);
    (void)snprintf(act, sizeof act, "%s", said(f, "act"));
    assert_false(says(f, "Idempotency-Replayed"));
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", f->officer, KEY, REPORT), 201);
    assert_string_equal(said(f, "act"), act);
    assert_true(says(f, "\r\nIdempotency-Replayed: true\r\n"));
    assert_int_equal(ask(f, "POST", "/api/v1/warnings/information", f->officer, KEY, REPORT), 409);
    assert_string_equal(said(f, "type"), "/problems/replayed");
    const char *other = office_token(f->office, "officer"); /* another client's keys are its own */
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", other, KEY, REPORT), 201);
    assert_string_not_equal(said(f, "act"), act);
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", f->officer, "Idempotency-Key: a b\r\n", REPORT),
                     422);
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", f->officer, "Idempotency-Key:\r\n", REPORT), 422);
}

static void a_revision_that_has_passed_is_412(void **state)
{
    struct fixture *f = *state;
    char id[UUID_TEXT_SIZE];
    char path[200];
    report(f, id);
    (void)snprintf(path, sizeof path, "/api/v1/incidents/%s/follow-ups", id);
    assert_int_equal(ask(f, "POST", path, f->officer, "If-Match: \"r1\"\r\n", FOLLOW_UP), 201);
    static const char *const STALE[] = {"If-Match: \"r1\"\r\n", "If-Match: \"x\"\r\n",
                                        "If-Match: W/\"r2\"\r\n"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ask(f, "POST", path, f->officer, STALE[i], FOLLOW_UP), 412);
    assert_int_equal(ask(f, "POST", path, f->officer, "If-Match: *\r\n", FOLLOW_UP), 201);
    assert_int_equal(ask(f, "POST", path, f->officer, "If-Match: r3\r\n", FOLLOW_UP), 400);
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", f->officer, "If-Match: *\r\n", REPORT), 412);
}

static void what_did_not_change_is_304(void **state)
{
    struct fixture *f = *state;
    static const char *const PATHS[] = {"/api/v1/rules", "/api/v1/incidents", "/openapi.json", "/docs",
                                        "/problems/invalid"};
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        char tag[200];
        char condition[300];
        assert_int_equal(get(f, PATHS[i]), 200);
        (void)snprintf(condition, sizeof condition, "If-None-Match: %s\r\n", field(f, "ETag", tag));
        assert_int_equal(ask(f, "GET", PATHS[i], f->viewer, condition, NULL), 304);
        assert_int_equal(ask(f, "GET", PATHS[i], f->viewer, "If-Match: \"x\"\r\n", NULL), 412);
    }
}

static void a_token_is_needed_and_must_permit_it(void **state)
{
    struct fixture *f = *state;
    static const char NONE[] = "fst_0000000000000000000000000000000000000000000000000000000000000000";
    assert_int_equal(ask(f, "GET", "/api/v1/incidents", NULL, "", NULL), 401);
    assert_true(says(f, "\r\nWWW-Authenticate: Bearer realm=\"fengsui\"\r\n"));
    assert_int_equal(ask(f, "GET", "/api/v1/incidents", NONE, "", NULL), 401);
    assert_true(says(f, "\r\nWWW-Authenticate: Bearer"));
    assert_int_equal(ask(f, "GET", "/api/v1/incidents", "x", "", NULL), 401);
    assert_int_equal(ask(f, "GET", "/api/v1/incidents", NULL, "Authorization: Basic YTpi\r\n", NULL), 401);
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", f->viewer, "", REPORT), 403);
    assert_string_equal(said(f, "type"), "/problems/permission");
    assert_int_equal(ask(f, "POST", "/api/v1/incidents", f->operator, "", REPORT), 403);
    assert_int_equal(ask(f, "GET", "/api/v1/tokens", f->officer, "", NULL), 403);
    assert_int_equal(ask(f, "GET", "/api/v1/ledger/witnesses", f->officer, "", NULL), 403);
    assert_int_equal(ask(f, "GET", "/api/v1/ledger/witnesses", f->auditor, "", NULL), 200);
}

static void tokens_are_made_listed_and_revoked(void **state)
{
    struct fixture *f = *state;
    static const char BODY[] = "{\"role\":\"viewer\",\"person\":\"李四\",\"post\":\"观察员\"}";
    char text[100];
    char path[200];
    assert_int_equal(ask(f, "POST", "/api/v1/tokens", f->operator, "", BODY), 201);
    (void)snprintf(text, sizeof text, "%s", said(f, "token"));
    (void)snprintf(path, sizeof path, "/api/v1/tokens/%s", said(f, "id"));
    assert_int_equal(ask(f, "GET", "/api/v1/stats", text, "", NULL), 200);
    assert_int_equal(ask(f, "GET", "/api/v1/tokens", f->operator, "", NULL), 200);
    assert_int_equal(json_array_size(json_object_get(f->doc, "items")), 5);
    assert_false(says(f, "fst_"));
    assert_int_equal(ask(f, "DELETE", path, f->operator, "", NULL), 204);
    assert_int_equal(ask(f, "GET", "/api/v1/stats", text, "", NULL), 401);
    assert_int_equal(ask(f, "DELETE", path, f->operator, "", NULL), 404);
    assert_int_equal(ask(f, "POST", "/api/v1/tokens", f->operator, "",
                         "{\"role\":\"king\",\"person\":\"a\",\"post\":\"b\"}"),
                     422);
    assert_string_equal(said(f, "field"), "body.role");
    assert_int_equal(
        ask(f, "POST", "/api/v1/tokens", f->operator, "", "{\"role\":\"viewer\",\"post\":\"b\"}"), 422);
    assert_string_equal(said(f, "field"), "body.person");
    assert_int_equal(ask(f, "POST", "/api/v1/tokens", f->operator, "", "{\"rank\":1}"), 422);
}

static void a_refusal_names_clause_and_what_to_do(void **state)
{
    struct fixture *f = *state;
    static const char RED[] = "{\"title\":\"x\",\"colour\":\"red\",\"starts\":\"2020-01-01T00:00:00+08:00\","
                              "\"scope\":\"x\",\"harm\":\"x\",\"precautions\":\"x\",\"time_limit\":\"x\","
                              "\"issuer\":\"x\",\"hotline\":\"x\"}";
    assert_int_equal(post(f, "/api/v1/warnings", RED), 403);
    assert_string_equal(said(f, "type"), "/problems/power");
    assert_string_equal(said(f, "clause"), "4.4");
    const json_t *then = json_array_get(json_object_get(f->doc, "then"), 0);
    assert_non_null(json_string_value(json_object_get(then, "zh")));
    assert_non_null(json_string_value(json_object_get(then, "en")));
    assert_int_equal(get(f, "/api/v1/acts?kind=act.refused"), 200);
    assert_int_equal(json_array_size(json_object_get(f->doc, "items")), 1);
}

static void bad_input_is_refused_by_name(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int status;
        const char *path;
        const char *fields;
        const char *body;
        const char *field;
    } ROWS[] = {
        {400, "/api/v1/incidents", "", "{", ""},
        {400, "/api/v1/incidents", "", "{\"title\":1,\"title\":2}", ""},
        {400, "/api/v1/incidents", "", "\xFF", ""},
        {422, "/api/v1/incidents", "", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
         ""},
        {422, "/api/v1/incidents", "", "[]", ""},
        {422, "/api/v1/incidents", "", "{\"nosuch\":1}", "body.nosuch"},
        {422, "/api/v1/incidents", "", "{\"title\":\"x\"}", "body.occurred"},
        {422, "/api/v1/incidents?x=1", "", REPORT, "query.x"},
        {415, "/api/v1/incidents", "Content-Type: text/plain\r\n", REPORT, "content-type"},
        {415, "/api/v1/incidents", "Content-Type: application/json; charset=gbk\r\n", REPORT, "content-type"},
        {415, "/api/v1/incidents", "Content-Type: application/jsonx\r\n", REPORT, "content-type"},
        {415, "/api/v1/incidents", "Content-Encoding: gzip\r\n", REPORT, "content-encoding"},
        {201, "/api/v1/incidents", "Content-Type: application/json ; Charset=UTF-8\r\n", REPORT, ""},
        {404, "/api/v1/incidents/00000000-0000-7000-8000-000000000000/follow-ups", "", FOLLOW_UP, "id"},
        {404, "/api/v1/incidents/x/responses", "", "{}", "id"},
        {404, "/api/v1/nosuch", "", REPORT, ""},
        {405, "/api/v1/duties", "", REPORT, ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        int status = ask(f, "POST", ROWS[i].path, f->officer, ROWS[i].fields, ROWS[i].body);
        if (status != ROWS[i].status || strcmp(said(f, "field"), ROWS[i].field) != 0)
            fail_msg("%s %s: %s", ROWS[i].path, ROWS[i].body, f->text.data);
    }
    assert_int_equal(ask(f, "POST", "/api/v1/duties", f->officer, "", REPORT), 405);
    assert_true(says(f, "\r\nAllow: GET, HEAD\r\n"));
}

static void health_readiness_and_figures_are_told(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET", "/healthz", NULL, "", NULL), 200);
    assert_int_equal(ask(f, "GET", "/readyz", NULL, "", NULL), 200);
    office_set_ready(f->office, false);
    assert_int_equal(ask(f, "GET", "/readyz", NULL, "", NULL), 503);
    assert_int_equal(ask(f, "GET", "/metrics", NULL, "", NULL), 401);
    assert_int_equal(get(f, "/metrics"), 200);
    assert_true(says(f, "\nfengsui_http_requests_total "));
    assert_true(says(f, "\nfengsui_writer_batches_total "));
    assert_true(says(f, "\nfengsui_acts "));
    assert_true(says(f, "\nfengsui_outbox{state=\"queued\"} "));
    assert_int_equal(ask(f, "GET", "/problems/nosuch", NULL, "", NULL), 404);
    assert_int_equal(ask(f, "GET", "/problems/storage-full", NULL, "", NULL), 200);
    assert_string_equal(said(f, "title"), "Storage full");
    assert_int_equal(ask(f, "GET", "/docs", NULL, "", NULL), 200);
    assert_true(says(f, "\r\nContent-Security-Policy: default-src 'none'; style-src 'sha256-"));
}

static void a_question_with_a_body_is_answered(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        ask(f, "POST", "/api/v1/grade", f->viewer, "", "{\"happened\":true,\"leaked_users\":12000000}"), 200);
    const json_t *first = json_array_get(json_object_get(f->doc, "items"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "level")), "II");
    assert_int_equal(ask(f, "POST", "/api/v1/grade", f->viewer, "", "{\"leaked_users\":-1}"), 422);
    assert_int_equal(ask(f, "POST", "/api/v1/grade", f->viewer, "", "{"), 400);
}

/* Reads the stream until a line that starts so; false at its end. */
static bool stream_line(FILE *stream, const char *want, char out[1000])
{
    while (fgets(out, 1000, stream))
        if (strncmp(out, want, strlen(want)) == 0)
            return true;
    return false;
}

static FILE *listen_to(struct fixture *f, const char *path, const char *fields)
{
    char line[500];
    int fd = client_connect(office_port(f->office));
    (void)snprintf(line, sizeof line, "GET %s HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n%s\r\n",
                   path, f->viewer, fields);
    client_says(fd, line);
    assert_int_equal(client_answer(fd, &f->text, true), 200);
    return fdopen(fd, "r");
}

static void acts_are_told_live_filtered_and_again(void **state)
{
    struct fixture *f = *state;
    char id[UUID_TEXT_SIZE];
    char path[200];
    char line[1000];
    FILE *all = listen_to(f, "/api/v1/events", "");
    FILE *some = listen_to(f, "/api/v1/events?kind=incident.followed_up,warning.", "");
    assert_true(stream_line(all, "retry", line) && stream_line(some, "retry", line));
    report(f, id);
    (void)snprintf(path, sizeof path, "/api/v1/incidents/%s/follow-ups", id);
    assert_int_equal(post(f, path, FOLLOW_UP), 201);
    assert_true(stream_line(all, "event: ", line));
    assert_string_equal(line, "event: incident.reported\n");
    assert_true(stream_line(all, "data: ", line));
    assert_non_null(strstr(line, id));
    assert_true(stream_line(all, "event: ", line));
    assert_string_equal(line, "event: incident.followed_up\n");
    assert_true(stream_line(some, "event: ", line));
    assert_string_equal(line, "event: incident.followed_up\n");
    (void)snprintf(path, sizeof path, "/api/v1/events?root=%s", id);
    FILE *again = listen_to(f, path, "Last-Event-ID: 0\r\n");
    assert_true(stream_line(again, "event: ", line));
    assert_string_equal(line, "event: incident.reported\n");
    assert_true(stream_line(again, "event: ", line));
    assert_string_equal(line, "event: incident.followed_up\n");
    (void)fclose(all);
    (void)fclose(some);
    (void)fclose(again);
    assert_int_equal(get(f, "/api/v1/events?root=x"), 422);
    assert_int_equal(get(f, "/api/v1/events?kind="), 422);
    assert_int_equal(ask(f, "GET", "/api/v1/events", f->viewer, "Last-Event-ID: 999999\r\n", NULL), 409);
}

int main(void)
{
#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_OFFICE(an_act_is_made_and_found_again),
        WITH_OFFICE(when_it_happened_is_the_request_s_own_field),
        WITH_OFFICE(the_same_key_gives_the_first_answer_again),
        WITH_OFFICE(a_revision_that_has_passed_is_412),
        WITH_OFFICE(what_did_not_change_is_304),
        WITH_OFFICE(a_token_is_needed_and_must_permit_it),
        WITH_OFFICE(tokens_are_made_listed_and_revoked),
        WITH_OFFICE(a_refusal_names_clause_and_what_to_do),
        WITH_OFFICE(bad_input_is_refused_by_name),
        WITH_OFFICE(health_readiness_and_figures_are_told),
        WITH_OFFICE(a_question_with_a_body_is_answered),
        WITH_OFFICE(acts_are_told_live_filtered_and_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
