#include "main/call.h"

#include <errno.h>
#include <string.h>

enum { ANSWER_MAX_BYTES = 256 << 20 };

const char *call_style(bool colour, enum style style)
{
    static const char *const CODES[STYLE_COUNT] = {
        [STYLE_PLAIN] = "\033[0m",  [STYLE_BOLD] = "\033[1m",    [STYLE_RED] = "\033[1;31m",
        [STYLE_GREEN] = "\033[32m", [STYLE_YELLOW] = "\033[33m",
    };
    return colour ? CODES[style] : "";
}

static void fail_json(struct call *call, const struct err *err)
{
    const struct errc_info *info = errc_info(err->code);
    json_t *doc = json_pack("{s:{s:s, s:s, s:s, s:i, s:s, s:s}}", "error", "code", info->slug, "message",
                            err->message, "field", err->field, "line", err->line, "clause", err->clause,
                            "hint", info->hint);
    struct buf text;
    buf_init(&text, DOC_BYTES_MAX);
    if (doc && doc_write(doc, &text, NULL) == ERR_OK)
        (void)fprintf(call->streams.err, "%s\n", text.data);
    else
        (void)fprintf(call->streams.err, "{\"error\":{\"code\":\"%s\"}}\n", info->slug);
    buf_done(&text);
    json_decref(doc);
}

static void fail_text(struct call *call, const struct err *err)
{
    FILE *out = call->streams.err;
    bool colour = call->colour_err;
    (void)fprintf(out, "%serror:%s ", call_style(colour, STYLE_RED), call_style(colour, STYLE_PLAIN));
    /* A message about a line of a file names the place itself. */
    if (err->field[0] && err->line == 0)
        (void)fprintf(out, "%s: ", err->field);
    (void)fputs(err->message, out);
    if (err->field[0] && err->line > 0 && !strstr(err->message, err->field))
        (void)fprintf(out, " (at %s)", err->field);
    if (err->clause[0])
        (void)fprintf(out, " (clause %s)", err->clause);
    (void)fputc('\n', out);
    if (err->code == ERR_USAGE)
        (void)fprintf(out, "See 'fengsui help%s%s'.\n", call->args ? " " : "",
                      call->args ? call->args->command->name : "");
    else
        (void)fprintf(out, "       %s\n", errc_info(err->code)->hint);
}

int call_fail(struct call *call, const struct err *err)
{
    if (call->json)
        fail_json(call, err);
    else
        fail_text(call, err);
    return err->code == ERR_USAGE ? CLI_USAGE : CLI_FAILED;
}

int call_write(struct call *call, const json_t *doc)
{
    struct err err;
    struct buf text;
    buf_init(&text, ANSWER_MAX_BYTES);
    enum errc rc = doc_write(doc, &text, &err);
    if (rc == ERR_OK)
        (void)fprintf(call->streams.out, "%s\n", text.data);
    buf_done(&text);
    return rc == ERR_OK ? CLI_DONE : call_fail(call, &err);
}

static enum errc read_all(FILE *file, const char *name, size_t size_max_bytes, struct buf *buf,
                          struct err *err)
{
    char chunk[16384];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buf_add(buf, chunk, n);
        if (buf->failed)
            return err_set(err, ERR_LIMIT, "%s: more than %zu bytes", name, size_max_bytes);
    }
    if (ferror(file))
        return err_set(err, ERR_IO, "%s: cannot be read: %s", name, strerror(errno));
    return ERR_OK;
}

enum errc call_read(struct call *call, const char *path, size_t size_max_bytes, struct str *out,
                    struct err *err)
{
    bool standard = !path || streq(path, "-");
    const char *name = standard ? "standard input" : path;
    FILE *file = standard ? call->streams.in : fopen(path, "re");
    if (!file)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: cannot be opened: %s", name,
                       strerror(errno));
    struct buf buf;
    buf_init(&buf, size_max_bytes);
    enum errc rc = read_all(file, name, size_max_bytes, &buf, err);
    if (rc == ERR_OK) {
        char *copy = arena_strndup(call->arena, buf.data ? buf.data : "", buf.size_bytes);
        if (copy)
            *out = (struct str){copy, buf.size_bytes};
        else
            rc = err_set(err, ERR_NOMEM, "%s: %zu bytes do not fit in memory", name, buf.size_bytes);
    }
    buf_done(&buf);
    if (!standard)
        (void)fclose(file); /* it was only read */
    return rc;
}
