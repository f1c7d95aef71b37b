#include "http/router.h"
#include "http/request_parser.h"
#include "lib/check.h"

#include <string.h>

static const char *const LIST_QUERY[] = {"state", "limit", "q", NULL};

static const struct route ROWS[] = {
    {HTTP_GET, "/api/v1/incidents", "listIncidents", 1, 0, "incidents", NULL, LIST_QUERY, 0, false},
    {HTTP_POST, "/api/v1/incidents", "reportIncident", 2, 1, "incident.reported", NULL, NULL, 1000, false},
    {HTTP_GET, "/api/v1/incidents/newest", "newestIncident", 1, 0, "newest", NULL, NULL, 0, false},
    {HTTP_GET, "/api/v1/incidents/{id}", "getIncident", 1, 0, "incident", NULL, NULL, 0, false},
    {HTTP_DELETE, "/api/v1/incidents/{id}", "dropIncident", 1, 0, "incident", NULL, NULL, 0, false},
    {HTTP_GET, "/api/v1/peers/{peer}/outbox/{n}", "outbox", 1, 0, "outbox", NULL, NULL, 0, false},
    {HTTP_GET, "/", "root", 0, 0, "root", NULL, NULL, 0, false},
};
static const struct route_table TABLE = {ROWS, sizeof ROWS / sizeof ROWS[0]};

struct fixture {
    struct arena arena;
    struct request_parser parser;
    struct route_match match;
    struct err err;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    arena_init(&f->arena, 100000);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_done(&f->arena);
    request_parser_done(&f->parser);
    free(f);
    return 0;
}

/* "GET /path?query" through the parser, then the router. */
static enum errc match(struct fixture *f, const char *line)
{
    static const struct request_limits LIMITS = {2000, 4000, 16};
    char bytes[4096];
    size_t used = 0;
    request_parser_done(&f->parser);
    arena_reset(&f->arena);
    request_parser_init(&f->parser, &LIMITS);
    (void)snprintf(bytes, sizeof bytes, "%s HTTP/1.1\r\nHost: h\r\n\r\n", line);
    assert_int_equal(request_parser_feed(&f->parser, bytes, strlen(bytes), &used), REQUEST_HEAD);
    memset(&f->match, 0, sizeof f->match);
    err_clear(&f->err);
    return router_match(&TABLE, &f->parser.request, &f->arena, &f->match, &f->err);
}

static void finds(struct fixture *f, const char *line, const char *operation)
{
    assert_ok(match(f, line), &f->err);
    assert_string_equal(f->match.route->operation, operation);
}

static void a_path_leads_to_its_row(void **state)
{
    struct fixture *f = *state;
    finds(f, "GET /", "root");
    finds(f, "GET /api/v1/incidents", "listIncidents");
    finds(f, "POST /api/v1/incidents", "reportIncident");
    finds(f, "GET /api/v1/incidents/newest", "newestIncident");
    finds(f, "GET /api/v1/incidents/abc-1", "getIncident");
    assert_string_equal(route_param(&f->match, "id"), "abc-1");
    assert_null(route_param(&f->match, "peer"));
    finds(f, "DELETE /api/v1/incidents/abc-1", "dropIncident");
    finds(f, "HEAD /api/v1/incidents/abc-1", "getIncident");
    finds(f, "GET /api/v1/peers/pca-330000/outbox/17", "outbox");
    assert_string_equal(route_param(&f->match, "peer"), "pca-330000");
    assert_string_equal(route_param(&f->match, "n"), "17");
}

static void percent_signs_are_undone_once(void **state)
{
    struct fixture *f = *state;
    finds(f, "GET /api/v1/incidents/a%20b+%E7%83%BD%252F", "getIncident");
    assert_string_equal(route_param(&f->match, "id"), "a b+烽%2F");
    finds(f, "GET /api/%761/incidents", "listIncidents");
}

static void what_a_path_must_not_hide_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const BAD[] = {
        "GET /api/v1/incidents/a%2Fb", "GET /api/v1/incidents/..",   "GET /api/v1/incidents/%2e%2E",
        "GET /api/v1/incidents/.",     "GET /api/v1/incidents/a%00", "GET /api/v1/incidents/a%0Ab",
        "GET /api/v1/incidents/%7F",   "GET /api/v1/incidents/%FF",  "GET /api/v1/incidents/%C0%AF"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_code(match(f, BAD[i]), ERR_SYNTAX);
        assert_string_equal(f->err.field, "path");
    }
}

static void other_paths_are_not_found(void **state)
{
    struct fixture *f = *state;
    static const char *const NONE[] = {"GET /api/v1/incidents/",
                                       "GET //api/v1/incidents",
                                       "GET /api/v1",
                                       "GET /api/v1/incidents/a/b",
                                       "GET /api/v1/Incidents",
                                       "GET /api/v1/peers//outbox/1",
                                       "OPTIONS *",
                                       "GET /1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18",
                                       "GET /api/v1/incidents%3Fstate=1"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_code(match(f, NONE[i]), ERR_NOT_FOUND);
}

static void another_method_is_told_which_are_possible(void **state)
{
    struct fixture *f = *state;
    assert_code(match(f, "PUT /api/v1/incidents/abc"), ERR_METHOD);
    assert_string_equal(f->match.allow, "GET, HEAD, DELETE");
    assert_code(match(f, "DELETE /api/v1/incidents"), ERR_METHOD);
    assert_string_equal(f->match.allow, "GET, HEAD, POST");
}

static void a_query_holds_known_names_once(void **state)
{
    struct fixture *f = *state;
    finds(f, "GET /api/v1/incidents?limit=20&q=%E7%83%BD+%26+%2B&state=", "listIncidents");
    assert_string_equal(route_query(&f->match, "limit"), "20");
    assert_string_equal(route_query(&f->match, "q"), "烽 & +");
    assert_string_equal(route_query(&f->match, "state"), "");
    assert_null(route_query(&f->match, "level"));
    finds(f, "GET /api/v1/incidents?", "listIncidents");
    finds(f, "GET /api/v1/incidents?limit=a=b", "listIncidents");
    assert_string_equal(route_query(&f->match, "limit"), "a=b");
}

static void other_queries_are_refused_by_name(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *line;
        enum errc code;
        const char *field;
    } BAD[] = {
        {"GET /api/v1/incidents?colour=red", ERR_INVALID, "query.colour"},
        {"GET /api/v1/incidents?limit=1&limit=2", ERR_INVALID, "query.limit"},
        {"GET /api/v1/incidents?limit=1&%6Cimit=2", ERR_INVALID, "query.limit"},
        {"GET /api/v1/incidents?limit", ERR_INVALID, "query.limit"},
        {"GET /api/v1/incidents?limit=1&", ERR_INVALID, "query"},
        {"GET /api/v1/incidents?&limit=1", ERR_INVALID, "query"},
        {"GET /api/v1/incidents?=1", ERR_INVALID, "query"},
        {"GET /api/v1/incidents?q=%00", ERR_SYNTAX, "query.q"},
        {"GET /api/v1/incidents?q=%FF", ERR_SYNTAX, "query.q"},
        {"GET /api/v1/incidents?%0A=1", ERR_SYNTAX, "query"},
        {"GET /api/v1/incidents/abc?q=1", ERR_INVALID, "query.q"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        if (match(f, BAD[i].line) != BAD[i].code || strcmp(f->err.field, BAD[i].field) != 0)
            fail_msg("%s: %s %s", BAD[i].line, f->err.field, f->err.message);
    }
}

int main(void)
{
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_path_leads_to_its_row),
        WITH_ARENA(percent_signs_are_undone_once),
        WITH_ARENA(what_a_path_must_not_hide_is_refused),
        WITH_ARENA(other_paths_are_not_found),
        WITH_ARENA(another_method_is_told_which_are_possible),
        WITH_ARENA(a_query_holds_known_names_once),
        WITH_ARENA(other_queries_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
