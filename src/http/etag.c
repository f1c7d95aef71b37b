#include "http/etag.h"

#include "http/chars.h"

#include <string.h>

void etag_format(const char *opaque, char out[ETAG_SIZE])
{
    (void)snprintf(out, ETAG_SIZE, "\"%.*s\"", ETAG_SIZE - 3, opaque);
}

/* Takes one tag off the front, with the comma behind it; false when there is none. */
static bool take_tag(struct str *list, struct str *tag, bool *weak)
{
    size_t i = 0;
    *weak = list->n >= 2 && list->p[0] == 'W' && list->p[1] == '/';
    size_t start = i = *weak ? 2 : 0;
    if (i >= list->n || list->p[i++] != '"')
        return false;
    while (i < list->n && list->p[i] != '"' && list->p[i] != ' ' && list->p[i] != '\t')
        i++;
    if (i >= list->n || list->p[i++] != '"')
        return false;
    *tag = (struct str){list->p + start, i - start};
    while (i < list->n && (list->p[i] == ' ' || list->p[i] == '\t'))
        i++;
    if (i < list->n && list->p[i++] != ',')
        return false;
    while (i < list->n && (list->p[i] == ' ' || list->p[i] == '\t'))
        i++;
    *list = (struct str){list->p + i, list->n - i};
    return true;
}

struct condition {
    bool given;
    bool met; /* one of the tags is the one that is there */
};

/* strong: a weak tag never matches. */
static enum errc evaluate(const struct http_request *request, const char *name, const char *etag, bool strong,
                          struct condition *out, struct err *err)
{
    size_t at = 0;
    struct str list;
    *out = (struct condition){false, false};
    while (http_request_field_next(request, name, &at, &list)) {
        out->given = true;
        if (str_eq(list, "*")) {
            out->met = out->met || etag;
            continue;
        }
        do {
            struct str tag;
            bool weak = false;
            if (!take_tag(&list, &tag, &weak))
                return err_field(err, ERR_SYNTAX, name, "it must be * or a list of \"tags\" in quotes");
            if (etag && str_eq(tag, etag) && !(weak && strong))
                out->met = true;
        } while (list.n > 0);
    }
    return ERR_OK;
}

enum errc etag_check(const struct http_request *request, const char *etag, bool *not_modified,
                     struct err *err)
{
    struct condition match = {false, false};
    struct condition none_match = {false, false};
    bool reads = request->method == HTTP_GET || request->method == HTTP_HEAD;
    enum errc rc = evaluate(request, "if-match", etag, true, &match, err);
    if (rc < 0)
        return rc;
    rc = evaluate(request, "if-none-match", etag, false, &none_match, err);
    if (rc < 0)
        return rc;
    if (match.given && !match.met)
        return err_field(err, ERR_PRECONDITION, "if-match", "it is not %s", etag ? etag : "there any more");
    if (none_match.given && none_match.met && !reads)
        return err_field(err, ERR_PRECONDITION, "if-none-match", "it is %s already", etag);
    *not_modified = none_match.given && none_match.met && reads;
    return ERR_OK;
}
