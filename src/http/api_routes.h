/* http/api_routes.h — what tools/gen_api.py makes of api/openapi.yaml: the table of operations, and the
 * contract itself in two forms. Constants.
 *
 * Layer    http.
 * Data     api/openapi.yaml, api/acts
 * Tests    tests/unit/http/test_api_routes.c
 */
#ifndef HTTP_API_ROUTES_H
#define HTTP_API_ROUTES_H

#include "base/embed.h"
#include "http/router.h"

/* kind of a row */
enum api_kind {
    API_ACT,   /* name: the act; of: what {id} is, "subject" or "parent" */
    API_QUERY, /* name: of desk/query.h; of: as there */
    API_CALL   /* name: of api_calls.c */
};

extern const struct route_table API_ROUTES;

/* openapi.json and docs.html, and the policy under which a browser shows the page. */
extern const struct embed_set EMBED_api_docs;
extern const char API_PAGE_CSP[];

#endif
