#include "main/show.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS_MAX = 16, CELL_BYTES_MAX = 400, CELL_WIDTH_MAX = 60 };

struct cell {
    char text[CELL_BYTES_MAX];
};

/* ---- widths ---- */

/* Wide in East Asian terminals: Hangul, CJK with its punctuation, full-width forms, pictographs. */
static bool is_wide(uint32_t c)
{
    static const struct {
        uint32_t from;
        uint32_t to;
    } WIDE[] = {{0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},  {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
                {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE4F}, {0xFF00, 0xFF60},
                {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x20000, 0x3FFFD}};
    for (size_t i = 0; i < sizeof WIDE / sizeof WIDE[0]; i++)
        if (c >= WIDE[i].from && c <= WIDE[i].to)
            return true;
    return false;
}

size_t show_width(const char *text)
{
    size_t size = strlen(text);
    size_t width = 0;
    if (!utf8_valid(text, size))
        return size;
    for (size_t at = 0; at < size;)
        width += is_wide(utf8_next(text, size, &at)) ? 2 : 1;
    return width;
}

/* Cuts at the width, between characters. */
static void cut(char *text)
{
    size_t size = strlen(text);
    size_t width = 0;
    for (size_t at = 0; at < size;) {
        size_t before = at;
        width += is_wide(utf8_next(text, size, &at)) ? 2 : 1;
        if (width > CELL_WIDTH_MAX) {
            text[before] = '\0';
            return;
        }
    }
}

/* ---- values ---- */

static json_t *member(const json_t *doc, const char *path)
{
    json_t *at = (json_t *)(uintptr_t)doc;
    char name[64];
    while (at && *path) {
        size_t n = strcspn(path, ".");
        if (n >= sizeof name)
            return NULL;
        memcpy(name, path, n);
        name[n] = '\0';
        at = json_object_get(at, name);
        path += n + (path[n] == '.');
    }
    return at;
}

static void add_value(struct buf *out, const json_t *value)
{
    size_t i;
    json_t *part;
    if (json_is_string(value))
        buf_adds(out, json_string_value(value));
    else if (json_is_integer(value))
        buf_addf(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_boolean(value))
        buf_adds(out, json_is_true(value) ? "是 yes" : "否 no");
    else if (json_is_array(value))
        json_array_foreach(value, i, part)
        {
            buf_adds(out, i > 0 ? ", " : "");
            add_value(out, part);
        }
    else if (json_is_object(value) && json_object_get(value, "zh"))
        buf_adds(out, json_string_value(json_object_get(value, "zh")));
}

static void add_word(struct buf *out, const json_t *value)
{
    const char *zh = json_string_value(json_object_get(value, "zh"));
    const char *name = json_string_value(json_object_get(value, "name"));
    if (!zh)
        add_value(out, value);
    else
        buf_addf(out, "%s %s", zh, name ? name : "");
}

/* "2009-05-19T21:50:00.000+08:00" */
static void add_time(struct buf *out, const json_t *value)
{
    const char *text = json_string_value(value);
    if (text && strlen(text) > 19 && text[10] == 'T')
        buf_addf(out, "%.10s %.8s", text, text + 11);
    else
        add_value(out, value);
}

static void fill(struct cell *cell, const json_t *doc, const struct show_column *column)
{
    struct buf text;
    const json_t *value = member(doc, column->path);
    buf_init(&text, 1 << 20);
    if (column->kind == SHOW_TIME)
        add_time(&text, value);
    else if (column->kind == SHOW_WORD)
        add_word(&text, value);
    else
        add_value(&text, value);
    size_t n = text.size_bytes < CELL_BYTES_MAX - 1 ? text.size_bytes : CELL_BYTES_MAX - 1;
    while (n > 0 && !utf8_valid(text.data, n))
        n--;
    (void)snprintf(cell->text, sizeof cell->text, "%.*s", n > 0 ? (int)n : -1, n > 0 ? text.data : "—");
    for (char *p = cell->text; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    buf_done(&text);
}

/* ---- rows and lines ---- */

static size_t count_columns(const struct show_column *columns)
{
    size_t count = 0;
    while (count < COLUMNS_MAX && columns[count].heading)
        count++;
    return count;
}

static void put_cell(FILE *out, const char *text, size_t width, bool last)
{
    (void)fputs(text, out);
    for (size_t i = show_width(text); !last && i < width + 2; i++)
        (void)fputc(' ', out);
}

static size_t wider(size_t width, const char *text)
{
    size_t one = show_width(text);
    return one > width ? one : width;
}

static void put_headings(struct call *call, const struct show_column *columns, const size_t *widths,
                         size_t count)
{
    (void)fputs(call_style(call->colour_out, STYLE_BOLD), call->streams.out);
    for (size_t c = 0; c < count; c++)
        put_cell(call->streams.out, columns[c].heading, widths[c], c + 1 == count);
    (void)fprintf(call->streams.out, "%s\n", call_style(call->colour_out, STYLE_PLAIN));
}

int show_rows(struct call *call, const json_t *items, const struct show_column *columns)
{
    size_t count = count_columns(columns);
    size_t total = json_array_size(items) * count;
    size_t widths[COLUMNS_MAX] = {0};
    struct err err;
    struct cell *cells = arena_array(call->arena, total + 1, sizeof *cells);
    if (!cells) {
        (void)err_set(&err, ERR_NOMEM, "no memory for a list of %zu; ask for less of it with --limit",
                      json_array_size(items));
        return call_fail(call, &err);
    }
    for (size_t c = 0; c < count; c++)
        widths[c] = show_width(columns[c].heading);
    for (size_t i = 0; i < total; i++) {
        bool last = (i + 1) % count == 0;
        fill(&cells[i], json_array_get(items, i / count), &columns[i % count]);
        if (!last)
            cut(cells[i].text);
        widths[i % count] = wider(widths[i % count], cells[i].text);
    }
    put_headings(call, columns, widths, count);
    for (size_t i = 0; i < total; i++) {
        bool last = (i + 1) % count == 0;
        put_cell(call->streams.out, cells[i].text, widths[i % count], last);
        if (last)
            (void)fputc('\n', call->streams.out);
    }
    return CLI_DONE;
}

void show_lines(struct call *call, const json_t *doc, const struct show_column *columns)
{
    size_t width = 0;
    for (size_t c = 0; columns[c].heading; c++)
        width = wider(width, columns[c].heading);
    for (size_t c = 0; columns[c].heading; c++) {
        struct cell cell;
        fill(&cell, doc, &columns[c]);
        put_cell(call->streams.out, columns[c].heading, width, false);
        (void)fprintf(call->streams.out, "%s\n", cell.text);
    }
}

/* ---- from the node ---- */

/* The page that was asked for, behind the path and what it asks already. */
static enum errc add_page(struct client *client, struct call *call, const char **path, struct err *err)
{
    if (!args_option(call->args->command, "cursor", strlen("cursor")))
        return ERR_OK; /* this list has no pages */
    const char *cursor = args_text(call->args, "cursor");
    int64_t limit = args_int(call->args, "limit", 0);
    const char *longer = *path;
    if (limit > 0)
        longer = arena_printf(call->arena, "%s%climit=%lld", longer, strchr(longer, '?') ? '&' : '?',
                              (long long)limit);
    if (longer && cursor)
        longer = arena_printf(call->arena, "%s%ccursor=%s", longer, strchr(longer, '?') ? '&' : '?',
                              client_encode(client, cursor));
    if (!longer)
        return err_set(err, ERR_NOMEM, "no memory for the path");
    *path = longer;
    return ERR_OK;
}

static int get(struct call *call, const char *path, bool paged, json_t **out)
{
    struct err err;
    struct client *client = NULL;
    struct client_reply reply = {0};
    struct client_request request = {.method = "GET", .path = path};
    enum errc rc = client_open(call, &client, &err);
    if (rc >= 0 && paged)
        rc = add_page(client, call, &request.path, &err);
    if (rc >= 0)
        rc = client_send(client, &request, &reply, &err);
    if (rc >= 0 && !reply.doc)
        rc = err_set(&err, ERR_SYNTAX, "the node's answer to %s is no JSON document", path);
    client_close(client);
    if (rc < 0)
        return client_fail(call, &reply, &err);
    *out = reply.doc;
    return CLI_DONE;
}

int show_list(struct call *call, const char *path, const struct show_column *columns)
{
    json_t *doc = NULL;
    int code = get(call, path, true, &doc);
    if (code != CLI_DONE)
        return code;
    code = call->json ? call_write(call, doc) : show_rows(call, json_object_get(doc, "items"), columns);
    const char *next = json_string_value(json_object_get(doc, "next"));
    if (next && !call->json)
        (void)fprintf(call->streams.err, "there are more: --cursor %s\n", next);
    json_decref(doc);
    return code;
}

int show_one(struct call *call, const char *path, const struct show_column *columns)
{
    json_t *doc = NULL;
    int code = get(call, path, false, &doc);
    if (code == CLI_DONE && call->json)
        code = call_write(call, doc);
    else if (code == CLI_DONE)
        show_lines(call, doc, columns);
    json_decref(doc);
    return code;
}
