#include "http/request_rules.h"

#include "http/chars.h"

#include <string.h>

enum { LENGTH_DIGITS_MAX = 18, PORT_DIGITS_MAX = 5 };

static bool refuse(struct request_fault *fault, int status, const char *field, const char *why)
{
    enum errc code = status == 400 ? ERR_SYNTAX : ERR_UNSUPPORTED;
    *fault = (struct request_fault){code, status, field, why};
    return false;
}

/* --- target --------------------------------------------------------------------------------------- */

static bool port_valid(struct str port)
{
    if (port.n == 0)
        return true;
    for (size_t i = 1; i < port.n; i++)
        if (port.p[i] < '0' || port.p[i] > '9')
            return false;
    return port.p[0] == ':' && port.n <= 1 + PORT_DIGITS_MAX;
}

/* A name or IPv4 address, or [IPv6]; then perhaps a port. No user information, no percent signs. */
static bool host_valid(struct str host)
{
    size_t n = 0;
    if (host.n > 0 && host.p[0] == '[') {
        n = 1;
        while (n < host.n && (char_is(host.p[n], CHAR_HEX) || host.p[n] == ':' || host.p[n] == '.'))
            n++;
        if (n < 4 || n == host.n || host.p[n] != ']')
            return false;
        n++;
    } else {
        while (n < host.n && char_is(host.p[n], CHAR_HOST))
            n++;
    }
    return n > 0 && port_valid((struct str){host.p + n, host.n - n});
}

static bool percent_valid(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '%' &&
            (text.n - i < 3 || !char_is(text.p[i + 1], CHAR_HEX) || !char_is(text.p[i + 2], CHAR_HEX)))
            return false;
    return true;
}

static bool has_bracket(struct str text)
{
    return text.n > 0 && (memchr(text.p, '[', text.n) || memchr(text.p, ']', text.n));
}

/* Length of "http://" or "https://" in front, 0 when there is none. */
static uint32_t scheme_length(struct str target)
{
    if (target.n >= 7 && chars_same((struct str){target.p, 7}, "http://"))
        return 7;
    return target.n >= 8 && chars_same((struct str){target.p, 8}, "https://") ? 8 : 0;
}

/* Takes scheme and authority off the front of an absolute target. */
static bool take_authority(struct http_request *request, struct http_span *target,
                           struct request_fault *fault)
{
    struct str text = http_request_slice(request, *target);
    uint32_t skip = scheme_length(text);
    if (skip == 0)
        return refuse(fault, 400, "", "the request target must be a path that starts with /");
    uint32_t end = skip;
    while (end < text.n && text.p[end] != '/' && text.p[end] != '?')
        end++;
    request->authority = (struct http_span){target->at + skip, end - skip};
    *target = (struct http_span){target->at + end, target->n - end};
    if (!host_valid(http_request_slice(request, request->authority)))
        return refuse(fault, 400, "", "the request target names no valid host");
    return true;
}

bool rules_target(struct http_request *request, struct http_span target, struct request_fault *fault)
{
    struct str text = http_request_slice(request, target);
    if (text.n == 0)
        return refuse(fault, 400, "", "the request target is missing");
    if (str_eq(text, "*") && request->method == HTTP_OPTIONS) {
        request->path = target;
        return true;
    }
    if (text.p[0] != '/' && !take_authority(request, &target, fault))
        return false;
    text = http_request_slice(request, target);
    if (has_bracket(text))
        return refuse(fault, 400, "", "the request target holds a bracket that is not percent-encoded");
    if (!percent_valid(text))
        return refuse(fault, 400, "", "a % in the request target is not followed by two hexadecimal digits");
    const char *mark = text.n > 0 ? memchr(text.p, '?', text.n) : NULL;
    uint32_t path_n = mark ? (uint32_t)(mark - text.p) : target.n;
    request->path = (struct http_span){target.at, path_n};
    /* http://host without a path means /: the second slash of the scheme stands in for it. */
    if (path_n == 0)
        request->path = (struct http_span){request->authority.at - 1, 1};
    request->has_query = mark != NULL;
    if (mark)
        request->query = (struct http_span){target.at + path_n + 1, target.n - path_n - 1};
    return true;
}

/* --- fields --------------------------------------------------------------------------------------- */

static bool take_host(struct http_request *request, struct str value, struct request_fault *fault)
{
    (void)request;
    return host_valid(value) || refuse(fault, 400, "host", "it is not a host name or address");
}

static bool take_length(struct http_request *request, struct str value, struct request_fault *fault)
{
    uint64_t length = 0;
    if (value.n == 0 || value.n > LENGTH_DIGITS_MAX)
        return refuse(fault, 400, "content-length", "it must be one whole number of at most 18 digits");
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] < '0' || value.p[i] > '9')
            return refuse(fault, 400, "content-length", "it must be one whole number, digits only");
        length = length * 10 + (uint64_t)(value.p[i] - '0');
    }
    request->has_length = true;
    request->length_bytes = length;
    return true;
}

static bool take_coding(struct http_request *request, struct str value, struct request_fault *fault)
{
    if (value.n == 0)
        return refuse(fault, 400, "transfer-encoding", "it is empty");
    if (!chars_same(value, "chunked"))
        return refuse(fault, 501, "transfer-encoding", "chunked is the only transfer coding taken here");
    request->chunked = true;
    return true;
}

static bool take_expect(struct http_request *request, struct str value, struct request_fault *fault)
{
    if (!chars_same(value, "100-continue"))
        return refuse(fault, 417, "expect", "100-continue is the only expectation that can be met");
    request->expect_continue = request->minor > 0; /* HTTP/1.0 does not know it */
    return true;
}

static bool take_connection(struct http_request *request, struct str value, struct request_fault *fault)
{
    struct str option;
    while (chars_list_next(&value, &option)) {
        if (!chars_all(option, CHAR_TOKEN))
            return refuse(fault, 400, "connection", "it must be a list of names");
        if (chars_same(option, "close"))
            request->close = true;
    }
    return true;
}

static const struct field_rule {
    const char *name;
    bool repeats; /* may be given more than once */
    bool (*take)(struct http_request *request, struct str value, struct request_fault *fault);
} FIELD_RULES[] = {
    {"host", false, take_host},
    {"content-length", false, take_length},
    {"transfer-encoding", false, take_coding},
    {"expect", false, take_expect},
    {"connection", true, take_connection},
    {"content-type", false, NULL},
    {"content-encoding", false, NULL},
    {"authorization", false, NULL},
    {"idempotency-key", false, NULL},
    {"last-event-id", false, NULL},
    {"origin", false, NULL},
};

bool rules_field(struct http_request *request, const struct http_field *field, bool trailer,
                 struct request_fault *fault)
{
    struct str name = http_request_slice(request, field->name);
    for (size_t i = 0; i < sizeof FIELD_RULES / sizeof FIELD_RULES[0]; i++) {
        const struct field_rule *rule = &FIELD_RULES[i];
        if (!str_eq(name, rule->name))
            continue;
        if (trailer)
            return refuse(fault, 400, rule->name, "it must not stand behind the body");
        if (!rule->repeats && http_request_field(request, rule->name).p)
            return refuse(fault, 400, rule->name, "it is given twice");
        return !rule->take || rule->take(request, http_request_slice(request, field->value), fault);
    }
    return true;
}

static bool same_host(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (char_lower(a.p[i]) != char_lower(b.p[i]))
            return false;
    return true;
}

bool rules_head(const struct http_request *request, struct request_fault *fault)
{
    struct str host = http_request_field(request, "host");
    if (!host.p && request->minor > 0)
        return refuse(fault, 400, "host", "it is missing");
    if (request->authority.n > 0 && host.p &&
        !same_host(http_request_slice(request, request->authority), host))
        return refuse(fault, 400, "host", "it is not the host of the request target");
    if (request->chunked && request->has_length)
        return refuse(fault, 400, "transfer-encoding",
                      "Content-Length is given too: the end of the body is in doubt");
    if (request->chunked && request->minor == 0)
        return refuse(fault, 400, "transfer-encoding", "HTTP/1.0 has no transfer codings");
    return true;
}
