#include "http/problem.h"

#include "base/str.h"

void problem_title(const char *slug, char out[PROBLEM_TITLE_SIZE])
{
    (void)snprintf(out, PROBLEM_TITLE_SIZE, "%s", slug);
    for (char *c = out; *c; c++)
        if (*c == '-')
            *c = ' ';
    if (out[0] >= 'a' && out[0] <= 'z')
        out[0] = (char)(out[0] - 'a' + 'A');
}

static void set_text(json_t *doc, const char *name, const char *text)
{
    /* A message may have been cut inside a character. */
    size_t n = strlen(text);
    while (n > 0 && !utf8_valid(text, n))
        n--;
    if (n > 0)
        (void)json_object_set_new(doc, name, json_stringn(text, n));
}

void problem_write(const struct err *err, int status, const json_t *more, struct buf *out)
{
    const struct errc_info *info = errc_info(err->code);
    char type[PROBLEM_TITLE_SIZE];
    char title[PROBLEM_TITLE_SIZE];
    (void)snprintf(type, sizeof type, PROBLEM_TYPE_PREFIX "%s", info->slug);
    problem_title(info->slug, title);
    json_t *doc = json_object();
    set_text(doc, "type", type);
    set_text(doc, "title", title);
    (void)json_object_set_new(doc, "status", json_integer(status));
    set_text(doc, "detail", err->message);
    set_text(doc, "field", err->field);
    set_text(doc, "clause", err->clause);
    set_text(doc, "hint", info->hint);
    if (err->line > 0)
        (void)json_object_set_new(doc, "line", json_integer(err->line));
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)more, name, value)
    {
        (void)json_object_set(doc, name, value);
    }
    struct err full;
    if (!doc || doc_write(doc, out, &full) < 0)
        out->failed = true;
    json_decref(doc);
}
