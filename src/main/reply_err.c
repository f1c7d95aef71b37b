#include "main/reply_err.h"

#include "base/str.h"

#include <string.h>

/* The code whose slug ends the problem's type. */
static enum errc code_of(const json_t *doc, int status)
{
    static const struct {
        enum errc code;
        const char *slug;
    } SLUGS[] = {
#define ERRC(name, number, http, slug, hint) {ERR_##name, slug},
#include "base/errors.def"
#undef ERRC
    };
    const char *type = json_string_value(json_object_get(doc, "type"));
    const char *slash = type ? strrchr(type, '/') : NULL;
    for (size_t i = 0; slash && i < sizeof SLUGS / sizeof SLUGS[0]; i++)
        if (streq(slash + 1, SLUGS[i].slug))
            return SLUGS[i].code;
    return status >= 500 ? ERR_INTERNAL : ERR_INVALID;
}

static void copy_text(const json_t *doc, const char *name, char *out, size_t size_bytes)
{
    const char *text = json_string_value(json_object_get(doc, name));
    (void)snprintf(out, size_bytes, "%s", text ? text : "");
}

enum errc reply_err(const json_t *doc, int status, struct err *err)
{
    const char *detail = json_string_value(json_object_get(doc, "detail"));
    enum errc code = code_of(doc, status);
    if (detail)
        (void)err_set(err, code, "%s", detail);
    else
        (void)err_set(err, code, "the node answers %d and does not say why", status);
    if (err) {
        copy_text(doc, "field", err->field, sizeof err->field);
        copy_text(doc, "clause", err->clause, sizeof err->clause);
        err->line = (int)json_integer_value(json_object_get(doc, "line"));
    }
    return code;
}
