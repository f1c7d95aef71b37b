/* What a listener answers: the API to people and scripts, the link to peers. */
#include "base/str.h"
#include "main/serve_internal.h"

static enum errc app_head(void *context, struct http_exchange *exchange, size_t *body_bytes_max,
                          struct err *err)
{
    (void)context;
    (void)exchange;
    (void)err;
    *body_bytes_max = 0;
    return ERR_OK;
}

static void app_request(void *context, struct http_exchange *exchange)
{
    struct serve *serve = context;
    struct str path = http_request_path(exchange->request);
    bool ready = desk_self(serve->node.desk) && !serve->stopping;
    if (str_eq(path, "/healthz"))
        buf_adds(http_reply_body(exchange, 200, "text/plain"), "ok\n");
    else if (str_eq(path, "/readyz"))
        buf_adds(http_reply_body(exchange, ready ? 200 : 503, "text/plain"),
                 ready ? "ready\n" : "not ready\n");
    else {
        struct err err;
        (void)err_set(&err, ERR_NOT_FOUND, "there is nothing at this path");
        http_reply_problem(exchange, &err);
    }
    http_reply_send(exchange);
}

const struct http_application SERVE_APPLICATION = {.head = app_head, .request = app_request};
