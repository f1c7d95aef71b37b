#include "http/cookie.h"

#include <string.h>

static const char PREFIX[] = "__Host-";

static const char *name_of(const char *node, bool tls, struct arena *arena)
{
    return arena_printf(arena, "%sfengsui-%s", tls ? PREFIX : "", node);
}

bool cookie_any(const struct http_request *request)
{
    return http_request_field(request, "cookie").n > 0;
}

/* Takes "name=value" off the list; false at its end. */
static bool next_pair(struct str *list, struct str *name, struct str *value)
{
    while (list->n > 0 && (list->p[0] == ' ' || list->p[0] == ';'))
        *list = (struct str){list->p + 1, list->n - 1};
    if (list->n == 0)
        return false;
    const char *end = memchr(list->p, ';', list->n);
    struct str pair = {list->p, end ? (size_t)(end - list->p) : list->n};
    *list = (struct str){list->p + pair.n, list->n - pair.n};
    const char *equals = memchr(pair.p, '=', pair.n);
    *name = (struct str){pair.p, equals ? (size_t)(equals - pair.p) : pair.n};
    *value = equals ? (struct str){equals + 1, pair.n - name->n - 1} : (struct str){pair.p + pair.n, 0};
    return true;
}

const char *cookie_find(const struct http_request *request, const char *node, bool tls, struct arena *arena)
{
    const char *wanted = name_of(node, tls, arena);
    struct str found = {NULL, 0};
    struct str list;
    size_t count = 0;
    size_t at = 0;
    while (wanted && http_request_field_next(request, "cookie", &at, &list)) {
        struct str name;
        struct str value;
        while (next_pair(&list, &name, &value)) {
            if (!str_eq(name, wanted))
                continue;
            found = value;
            count++;
        }
    }
    return count == 1 && found.n > 0 ? arena_strndup(arena, found.p, found.n) : NULL;
}

const char *cookie_set(const char *node, bool tls, const char *secret, struct arena *arena)
{
    const char *name = name_of(node, tls, arena);
    return name ? arena_printf(arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name,
                               secret ? secret : "", tls ? "; Secure" : "", secret ? "" : "; Max-Age=0")
                : NULL;
}
