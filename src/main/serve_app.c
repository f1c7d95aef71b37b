/* What a listener answers: the API to people and scripts, the link to peers. */
#include "base/str.h"
#include "main/serve_internal.h"

static bool is_link(const struct serve *serve, const struct http_exchange *exchange)
{
    return serve->link && exchange->peer->listener == serve->listeners[SERVE_LINK];
}

static enum errc app_head(void *context, struct http_exchange *exchange, size_t *body_bytes_max,
                          struct err *err)
{
    struct serve *serve = context;
    return is_link(serve, exchange) ? serve_link_head(serve->link, exchange, body_bytes_max, err)
                                    : api_head(serve->api, exchange, body_bytes_max, err);
}

static void app_request(void *context, struct http_exchange *exchange)
{
    struct serve *serve = context;
    if (is_link(serve, exchange))
        serve_link_request(serve->link, exchange);
    else
        api_request(serve->api, exchange);
}

static void app_answered(void *context, const struct http_exchange *exchange, int64_t took_ms)
{
    const struct serve *serve = context;
    struct str path = http_request_path(exchange->request);
    log_line(serve->log, LOG_LEVEL_DEBUG, "request", "%s %s %.*s %d %lld ms", exchange->peer->address,
             http_method_name(exchange->request->method), (int)path.n, path.p, exchange->reply.status,
             (long long)took_ms);
}

const struct http_application SERVE_APPLICATION = {
    .head = app_head, .request = app_request, .answered = app_answered};
