#include "base/doc.h"
#include "http/api_internal.h"
#include "lib/check.h"
#include "lib/law.h"

#include <string.h>

static void every_operation_leads_to_something_that_is_there(void **state)
{
    (void)state;
    struct law law;
    law_open(&law);
    assert_true(API_ROUTES.count > 150);
    for (size_t i = 0; i < API_ROUTES.count; i++) {
        const struct route *route = &API_ROUTES.rows[i];
        bool there = false;
        if (route->kind == API_ACT)
            there = catalogue_act(law.catalogue, route->name, NULL) != NULL;
        else if (route->kind == API_QUERY)
            there = query_known(route->name);
        else if (route->kind == API_CALL)
            there = api_call_known(route->name);
        if (!there)
            fail_msg("%s: there is no '%s'", route->operation, route->name);
    }
    law_close(&law);
}

static void every_row_can_be_reached(void **state)
{
    (void)state;
    for (size_t i = 0; i < API_ROUTES.count; i++) {
        const struct route *route = &API_ROUTES.rows[i];
        struct http_request request = {.method = route->method};
        struct route_match match;
        struct arena arena;
        struct err err;
        arena_init(&arena, 100000);
        request.text = arena_strdup(&arena, route->path);
        for (char *c = request.text; *c; c++) /* a parameter that is no literal segment of the table */
            if (*c == '{' || *c == '}')
                *c = '_';
        request.path = (struct http_span){0, (uint32_t)strlen(request.text)};
        assert_ok(router_match(&API_ROUTES, &request, &arena, &match, &err), &err);
        if (match.route != route)
            fail_msg("%s leads to %s", route->operation, match.route->operation);
        arena_done(&arena);
    }
}

/* People and posts are the administrators' affair. */
static bool is_of_people(const char *kind)
{
    return strncmp(kind, "user.", 5) == 0 || strncmp(kind, "post.", 5) == 0;
}

static void nothing_but_health_and_the_contract_goes_without_a_token(void **state)
{
    (void)state;
    static const char *const OPEN[] = {"getHealth", "getReadiness", "getContract", "getReference",
                                       "getProblem"};
    size_t open = 0;
    for (size_t i = 0; i < API_ROUTES.count; i++) {
        const struct route *route = &API_ROUTES.rows[i];
        bool listed = false;
        for (size_t k = 0; k < sizeof OPEN / sizeof OPEN[0]; k++)
            listed = listed || strcmp(OPEN[k], route->operation) == 0;
        assert_int_equal(route->permit == 0, listed);
        open += route->permit == 0;
        if (route->kind == API_ACT)
            assert_true(route->permit == ACCESS_ACT || is_of_people(route->name));
    }
    assert_int_equal(open, sizeof OPEN / sizeof OPEN[0]);
}

static void the_contract_is_openapi_and_the_page_asks_for_nothing(void **state)
{
    (void)state;
    const struct embed_file *contract = embed_find(&EMBED_api_docs, "openapi.json");
    const struct embed_file *page = embed_find(&EMBED_api_docs, "docs.html");
    json_t *doc = NULL;
    struct err err;
    assert_non_null(contract);
    assert_non_null(page);
    assert_ok(doc_parse_object(contract->bytes, contract->size_bytes, &doc, &err), &err);
    assert_string_equal(json_string_value(json_object_get(doc, "openapi")), "3.1.0");
    json_decref(doc);
    static const char *const OUTSIDE[] = {"<script", "http://", "https://", "<img",
                                          "<link",   "url(",    "style=\""};
    for (size_t i = 0; i < sizeof OUTSIDE / sizeof OUTSIDE[0]; i++)
        assert_null(strstr(page->bytes, OUTSIDE[i]));
    assert_non_null(strstr(API_PAGE_CSP, "default-src 'none'; style-src 'sha256-"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_leads_to_something_that_is_there),
        cmocka_unit_test(every_row_can_be_reached),
        cmocka_unit_test(nothing_but_health_and_the_contract_goes_without_a_token),
        cmocka_unit_test(the_contract_is_openapi_and_the_page_asks_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
