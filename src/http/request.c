#include "http/request.h"

#include <stdlib.h>

static const char *const METHODS[HTTP_METHOD_COUNT] = {
    [HTTP_GET] = "GET",     [HTTP_HEAD] = "HEAD",     [HTTP_POST] = "POST",       [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS",
};

const char *http_method_name(enum http_method method)
{
    return METHODS[method];
}

int http_method_parse(struct str name)
{
    for (int i = 0; i < HTTP_METHOD_COUNT; i++)
        if (str_eq(name, METHODS[i]))
            return i;
    return -1;
}

void http_request_done(struct http_request *request)
{
    free(request->text);
    buf_done(&request->body);
    *request = (struct http_request){0};
}

struct str http_request_slice(const struct http_request *request, struct http_span span)
{
    return (struct str){request->text + span.at, span.n};
}

struct str http_request_path(const struct http_request *request)
{
    return http_request_slice(request, request->path);
}

struct str http_request_query(const struct http_request *request)
{
    return request->has_query ? http_request_slice(request, request->query) : (struct str){NULL, 0};
}

bool http_request_field_next(const struct http_request *request, const char *name, size_t *at,
                             struct str *value)
{
    while (*at < request->field_count) {
        const struct http_field *field = &request->fields[(*at)++];
        if (str_eq(http_request_slice(request, field->name), name)) {
            *value = http_request_slice(request, field->value);
            return true;
        }
    }
    return false;
}

struct str http_request_field(const struct http_request *request, const char *name)
{
    struct str value = {NULL, 0};
    size_t at = 0;
    (void)http_request_field_next(request, name, &at, &value);
    return value;
}
