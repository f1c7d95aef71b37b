#include "main/act_body.h"

#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_BYTES_MAX = 256 << 10, MISSING_BYTES_MAX = 400 };

enum errc act_body_open(struct call *call, const char *path, json_t **out, struct err *err)
{
    struct str text;
    if (!path) {
        *out = json_object();
        return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the act");
    }
    enum errc rc = call_read(call, path, BODY_BYTES_MAX, &text, err);
    return rc < 0 ? rc : doc_parse_object(text.p, text.n, out, err);
}

/* ---- one value ---- */

static enum errc whole(const struct act_field *field, const char *text, json_t **out, struct err *err)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0')
        return err_field(err, ERR_INVALID, field->name, "a whole number is expected, not '%.60s'", text);
    *out = json_integer(number);
    return ERR_OK;
}

static enum errc yes_or_no(const struct act_field *field, const char *text, json_t **out, struct err *err)
{
    bool yes = streq(text, "yes") || streq(text, "true");
    if (!yes && !streq(text, "no") && !streq(text, "false"))
        return err_field(err, ERR_INVALID, field->name, "yes or no is expected, not '%.60s'", text);
    *out = json_boolean(yes);
    return ERR_OK;
}

static enum errc document(struct call *call, const struct act_field *field, const char *text, json_t **out,
                          struct err *err)
{
    struct str said = {text, strlen(text)};
    enum errc rc = *text == '@' ? call_read(call, text + 1, BODY_BYTES_MAX, &said, err) : ERR_OK;
    if (rc >= 0)
        rc = doc_parse(said.p, said.n, out, err);
    if (rc < 0)
        err_field_prefix(err, field->name);
    return rc;
}

static enum errc to_value(struct call *call, const struct act_field *field, const char *text, json_t **out,
                          struct err *err)
{
    switch (field->value) {
    case ACT_INT: return whole(field, text, out, err);
    case ACT_BOOL: return yes_or_no(field, text, out, err);
    case ACT_JSON: return document(call, field, text, out, err);
    case ACT_TEXT:
    case ACT_TEXTS:
    case ACT_CODES: break;
    }
    *out = json_string(text);
    return *out ? ERR_OK : err_field(err, ERR_INVALID, field->name, "the text is not valid UTF-8");
}

static enum errc append(json_t *body, const struct act_field *field, const char *text, size_t size_bytes,
                        struct err *err)
{
    json_t *list = json_object_get(body, field->name);
    json_t *entry = json_stringn(text, size_bytes);
    if (!entry)
        return err_field(err, ERR_INVALID, field->name, "the text is not valid UTF-8");
    if (!json_is_array(list)) {
        list = json_array();
        if (json_object_set_new(body, field->name, list) < 0)
            list = NULL;
    }
    return json_array_append_new(list, entry) == 0 ? ERR_OK
                                                   : err_set(err, ERR_NOMEM, "no memory for the act");
}

static enum errc append_codes(json_t *body, const struct act_field *field, const char *text, struct err *err)
{
    enum errc rc = ERR_OK;
    while (rc >= 0 && *text) {
        size_t n = strcspn(text, ",");
        if (n > 0)
            rc = append(body, field, text, n, err);
        text += n + (text[n] == ',');
    }
    return rc;
}

enum errc act_body_put(struct call *call, json_t *body, const struct act_field *field, const char *text,
                       struct err *err)
{
    json_t *value = NULL;
    if (field->value == ACT_TEXTS)
        return append(body, field, text, strlen(text), err);
    if (field->value == ACT_CODES)
        return append_codes(body, field, text, err);
    enum errc rc = to_value(call, field, text, &value, err);
    if (rc >= 0 && json_object_set_new(body, field->name, value) < 0)
        rc = err_set(err, ERR_NOMEM, "no memory for the act");
    return rc;
}

/* ---- the whole ---- */

/* What is typed stands in the place of what the file says, for lists too. */
static enum errc put_option(struct call *call, json_t *body, const struct act_field *field, struct err *err)
{
    enum errc rc = ERR_OK;
    if (args_has(call->args, field->option))
        (void)json_object_del(body, field->name);
    for (size_t i = 0; rc >= 0 && args_nth(call->args, field->option, i); i++)
        rc = act_body_put(call, body, field, args_nth(call->args, field->option, i), err);
    return rc;
}

enum errc act_body_make(struct call *call, const struct act_form *form, json_t **out, struct err *err)
{
    static const struct act_field HAPPENED = {"happened", "happened", ACT_TEXT, false, "", "时间"};
    json_t *body = NULL;
    enum errc rc = act_body_open(call, args_text(call->args, "file"), &body, err);
    for (const struct act_field *field = form->fields; rc >= 0 && field->name; field++)
        rc = put_option(call, body, field, err);
    if (rc >= 0)
        rc = put_option(call, body, &HAPPENED, err);
    if (rc < 0)
        json_decref(body);
    else
        *out = body;
    return rc;
}

enum errc act_body_complete(const struct act_form *form, const json_t *body, struct err *err)
{
    struct buf missing;
    const struct act_field *first = NULL;
    buf_init(&missing, MISSING_BYTES_MAX);
    for (const struct act_field *field = form->fields; field->name; field++) {
        if (!field->required || json_object_get(body, field->name))
            continue;
        buf_addf(&missing, "%s--%s (%s%s%s)", first ? ", " : "", field->option, field->zh,
                 *field->clause ? "，" : "", field->clause);
        first = first ? first : field;
    }
    enum errc rc = ERR_OK;
    if (first)
        rc = err_field(err, ERR_USAGE, first->name, "%s (%s) needs %s", form->zh, form->kind,
                       missing.failed ? "more fields; see --help" : missing.data);
    if (rc < 0 && err)
        (void)snprintf(err->clause, sizeof err->clause, "%s", first->clause);
    buf_done(&missing);
    return rc;
}
