#include "http/router.h"

#include "http/chars.h"

#include <string.h>

enum { SEGMENTS_MAX = 16 };

struct segments {
    const char *text[SEGMENTS_MAX]; /* decoded */
    size_t count;
};

/* --- decoding ------------------------------------------------------------------------------------- */

/* NULL when what comes out must not be there. plus: + means a space, as forms write it. */
static char *decode(struct str text, bool plus, struct arena *arena)
{
    char *out = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') { /* the parser has seen two digits behind every % */
            c = (char)(char_hex(text.p[i + 1]) * 16 + char_hex(text.p[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if ((unsigned char)c < ' ' || c == 0x7F)
            return NULL;
        out[n++] = c;
    }
    if (!out || !utf8_valid(out, n))
        return NULL;
    out[n] = '\0';
    return out;
}

/* Takes everything up to the next separator off *rest. */
static struct str cut(struct str *rest, char separator)
{
    const char *end = rest->n > 0 ? memchr(rest->p, separator, rest->n) : NULL;
    struct str part = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
    *rest = end ? (struct str){end + 1, rest->n - part.n - 1} : (struct str){NULL, 0};
    return part;
}

static enum errc split_path(struct str path, struct arena *arena, struct segments *out, struct err *err)
{
    struct str rest = {path.p + 1, path.n - 1};
    out->count = 0;
    while (rest.p) {
        if (out->count == SEGMENTS_MAX)
            return err_set(err, ERR_NOT_FOUND, "there is nothing at this path");
        char *text = decode(cut(&rest, '/'), false, arena);
        if (!text || strchr(text, '/') || streq(text, ".") || streq(text, ".."))
            return err_field(err, ERR_SYNTAX, "path",
                             "the path hides a slash, a dot segment or a control character, or is not UTF-8");
        out->text[out->count++] = text;
    }
    return ERR_OK;
}

/* --- matching ------------------------------------------------------------------------------------- */

/* Compares one path; parameters go to match. */
static bool fits(const struct route *route, const struct segments *segments, struct route_match *match)
{
    struct str rest = {route->path + 1, strlen(route->path) - 1};
    match->param_count = 0;
    for (size_t i = 0; i < segments->count; i++) {
        if (!rest.p)
            return false;
        struct str part = cut(&rest, '/');
        const char *text = segments->text[i];
        if (part.n < 2 || part.p[0] != '{') {
            if (!str_eq(part, text))
                return false;
        } else if (text[0] == '\0' || match->param_count == ROUTE_PARAMS_MAX) {
            return false;
        } else {
            match->params[match->param_count++] = text;
        }
    }
    return !rest.p;
}

static void allow_method(struct route_match *match, enum http_method method)
{
    size_t n = strlen(match->allow);
    (void)snprintf(match->allow + n, sizeof match->allow - n, "%s%s%s", n ? ", " : "",
                   http_method_name(method), method == HTTP_GET ? ", HEAD" : "");
}

static enum errc find(const struct route_table *table, enum http_method method,
                      const struct segments *segments, struct route_match *out, struct err *err)
{
    enum http_method wanted = method == HTTP_HEAD ? HTTP_GET : method;
    out->allow[0] = '\0';
    for (size_t i = 0; i < table->count; i++) {
        const struct route *route = &table->rows[i];
        if (!fits(route, segments, out))
            continue;
        if (route->method == wanted) {
            out->route = route;
            return ERR_OK;
        }
        allow_method(out, route->method);
    }
    if (out->allow[0] != '\0')
        return err_set(err, ERR_METHOD, "%s is not possible here, but %s", http_method_name(method),
                       out->allow);
    return err_set(err, ERR_NOT_FOUND, "there is nothing at this path");
}

/* --- query ---------------------------------------------------------------------------------------- */

static bool known(const struct route *route, const char *name)
{
    for (const char *const *row = route->query; row && *row; row++)
        if (streq(*row, name))
            return true;
    return false;
}

static enum errc bad_query(struct err *err, enum errc code, const char *name, const char *why)
{
    enum errc rc = err_field(err, code, name, "%s", why);
    err_field_prefix(err, "query");
    return rc;
}

static enum errc add_pair(struct route_match *match, struct str pair, struct arena *arena, struct err *err)
{
    bool valued = pair.n > 0 && memchr(pair.p, '=', pair.n);
    char *name = decode(cut(&pair, '='), true, arena);
    char *value = decode(pair, true, arena);
    if (!name || !value)
        return bad_query(err, ERR_SYNTAX, name ? name : "", "it holds a control character, or is not UTF-8");
    if (!known(match->route, name))
        return bad_query(err, ERR_INVALID, name, "there is no such parameter here");
    if (!valued)
        return bad_query(err, ERR_INVALID, name, "it has no value: write name=value");
    if (route_query(match, name))
        return bad_query(err, ERR_INVALID, name, "it is given twice");
    if (match->query_count == ROUTE_QUERY_MAX)
        return bad_query(err, ERR_LIMIT, name, "there are too many parameters");
    match->query[match->query_count++] = (struct route_pair){name, value};
    return ERR_OK;
}

static enum errc read_query(struct route_match *match, struct str query, struct arena *arena, struct err *err)
{
    enum errc rc = ERR_OK;
    match->query_count = 0;
    if (query.n == 0) /* none, or a lone ? */
        return ERR_OK;
    while (query.p && rc == ERR_OK)
        rc = add_pair(match, cut(&query, '&'), arena, err);
    return rc;
}

enum errc router_match(const struct route_table *table, const struct http_request *request,
                       struct arena *arena, struct route_match *out, struct err *err)
{
    struct segments segments;
    struct str path = http_request_path(request);
    if (path.p[0] != '/') /* OPTIONS * */
        return err_set(err, ERR_NOT_FOUND, "there is nothing at this path");
    enum errc rc = split_path(path, arena, &segments, err);
    if (rc == ERR_OK)
        rc = find(table, request->method, &segments, out, err);
    if (rc == ERR_OK)
        rc = read_query(out, http_request_query(request), arena, err);
    if (rc == ERR_OK && arena->exhausted)
        rc = err_set(err, ERR_NOMEM, "no memory for the path");
    return rc;
}

const char *route_param(const struct route_match *match, const char *name)
{
    struct str rest = {match->route->path + 1, strlen(match->route->path) - 1};
    size_t index = 0;
    while (rest.p && index < match->param_count) {
        struct str part = cut(&rest, '/');
        if (part.n < 2 || part.p[0] != '{')
            continue;
        if (str_eq((struct str){part.p + 1, part.n - 2}, name))
            return match->params[index];
        index++;
    }
    return NULL;
}

const char *route_query(const struct route_match *match, const char *name)
{
    for (size_t i = 0; i < match->query_count; i++)
        if (streq(match->query[i].name, name))
            return match->query[i].value;
    return NULL;
}
