#include "intel/list.h"

#include "intel/lines.h"
#include "intel/list_line.h"
#include "intel/warninglist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reader {
    const struct list_options *options;
    const struct list_sink *sink;
    struct list_counts *counts;
    struct csv csv;
    bool table; /* csv says what the columns are */
    bool begun; /* a line that is no comment was seen */
    struct indicator indicator;
    char family[LABEL_TEXT_MAX + 1];
};

static enum errc emit(struct reader *reader, const struct label *label, struct err *err)
{
    enum errc rc = reader->sink->indicator(reader->sink->context, &reader->indicator, label, err);
    reader->counts->indicators += rc == ERR_OK;
    return rc;
}

static void bad(struct reader *reader, struct str line)
{
    reader->counts->bad_lines++;
    reader->sink->bad_line(reader->sink->context, reader->counts->lines, line);
}

static bool parse(struct reader *reader, struct str text, enum kind hash64_kind)
{
    return indicator_parse(text, hash64_kind, &reader->indicator);
}

/* What the row says, and the list where the row is silent. */
static struct label label_of(struct reader *reader, const struct csv_said *said)
{
    struct label label = reader->options->label;
    if (said->family.n > 0) {
        (void)snprintf(reader->family, sizeof reader->family, "%.*s", (int)said->family.n, said->family.p);
        label.family = reader->family;
    }
    if (said->confidence != LABEL_UNKNOWN)
        label.confidence = said->confidence;
    if (said->tlp != TLP_UNKNOWN)
        label.tlp = said->tlp;
    if (said->valid_from_ms != LABEL_NO_TIME)
        label.valid_from_ms = said->valid_from_ms;
    if (said->valid_until_ms != LABEL_NO_TIME)
        label.valid_until_ms = said->valid_until_ms;
    return label;
}

static bool contains(struct str text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++)
        if (strncasecmp(text.p + i, word, n) == 0)
            return true;
    return false;
}

/* A composite of MISP: "filename|sha256" with "a.exe|…", "ip-dst|port" with "192.0.2.1|80". */
static struct str composite(struct str cell, struct str type, char out[INDICATOR_TEXT_SIZE])
{
    const char *bar = cell.n > 0 ? memchr(cell.p, '|', cell.n) : NULL;
    if (!bar || !contains(type, "|"))
        return cell;
    struct str left = {cell.p, (size_t)(bar - cell.p)};
    struct str right = {bar + 1, cell.n - left.n - 1};
    if (contains(type, "filename|"))
        return right;
    if (!contains(type, "|port"))
        return left;
    bool v6 = left.n > 0 && memchr(left.p, ':', left.n);
    int n = snprintf(out, INDICATOR_TEXT_SIZE, v6 ? "[%.*s]:%.*s" : "%.*s:%.*s", (int)left.n, left.p,
                     (int)right.n, right.p);
    return (struct str){out, n < INDICATOR_TEXT_SIZE ? (size_t)n : 0};
}

static enum kind hash64_kind(const struct reader *reader, enum csv_role role, struct str type)
{
    if (role == CSV_SM3 || contains(type, "sm3"))
        return KIND_SM3;
    if (role == CSV_SHA256 || contains(type, "sha256"))
        return KIND_SHA256;
    return reader->options->hash64_kind;
}

static enum errc read_row(struct reader *reader, struct str line, struct err *err)
{
    struct str cells[CSV_COLUMNS_MAX];
    struct csv_said said;
    char joined[INDICATOR_TEXT_SIZE];
    size_t count = csv_split(line, reader->csv.delimiter, cells);
    size_t found = 0;
    csv_read_said(&reader->csv, cells, count, &said);
    struct label label = label_of(reader, &said);
    for (size_t i = 0; i < count && i < reader->csv.count; i++) {
        enum csv_role role = reader->csv.roles[i];
        if (!csv_is_value(&reader->csv, role) || cells[i].n == 0)
            continue;
        struct str text = composite(cells[i], said.type, joined);
        if (!parse(reader, text, hash64_kind(reader, role, said.type)))
            continue;
        enum errc rc = emit(reader, &label, err);
        if (rc < 0)
            return rc;
        found++;
    }
    if (found == 0)
        bad(reader, line);
    return ERR_OK;
}

static enum errc read_pieces(struct reader *reader, struct str line, struct err *err)
{
    struct list_pieces pieces;
    enum list_form form = list_line_split(line, &pieces);
    size_t found = 0;
    for (size_t i = 0; form != LIST_NOTHING && i < pieces.count; i++) {
        if (!parse(reader, pieces.at[i], reader->options->hash64_kind))
            continue;
        enum errc rc = emit(reader, &reader->options->label, err);
        if (rc < 0)
            return rc;
        found++;
        if (form == LIST_FIRST)
            break;
    }
    if (form != LIST_NOTHING && (found == 0 || (form == LIST_ALL && found < pieces.count)))
        bad(reader, line);
    return ERR_OK;
}

static enum errc read_line(struct reader *reader, struct str line, struct err *err)
{
    struct str trimmed = list_line_trim(line);
    /* The common line is an indicator and nothing else. */
    if (!reader->table && reader->begun && trimmed.n > 0 && trimmed.p[0] != '#' &&
        parse(reader, trimmed, reader->options->hash64_kind))
        return emit(reader, &reader->options->label, err);
    struct str comment = list_line_comment(trimmed);
    if (comment.n > 0) {
        /* A header in a comment counts until the rows begin. */
        reader->table = reader->table ||
                        (!reader->begun && csv_header(list_line_comment(line), &reader->csv));
        return ERR_OK;
    }
    if (trimmed.n == 0)
        return ERR_OK;
    if (!reader->begun) {
        reader->begun = true;
        struct csv csv;
        if (csv_header(line, &csv)) {
            reader->csv = csv;
            reader->table = true;
            return ERR_OK;
        }
    }
    return reader->table ? read_row(reader, line, err) : read_pieces(reader, trimmed, err);
}

static enum errc read_lines(struct reader *reader, struct lines *lines, struct err *err)
{
    for (;;) {
        struct str line;
        bool more = false;
        bool too_long = false;
        enum errc rc = lines_next(lines, &more, &line, &too_long, err);
        if (rc < 0 || !more)
            return rc;
        reader->counts->lines++;
        if (too_long)
            bad(reader, line);
        else
            rc = read_line(reader, line, err);
        if (rc < 0)
            return rc;
    }
}

/* Takes a byte order mark off; true when what follows is JSON. */
static enum errc begin(struct lines *lines, bool *out_json, struct err *err)
{
    struct str head;
    enum errc rc = lines_peek(lines, &head, err);
    *out_json = false;
    if (rc < 0)
        return rc;
    if (head.n >= 3 && memcmp(head.p, "\xEF\xBB\xBF", 3) == 0) {
        lines->at += 3;
        head = (struct str){head.p + 3, head.n - 3};
    }
    for (size_t i = 0; i < head.n && (unsigned char)head.p[i] <= ' '; i++)
        if (i + 1 < head.n && head.p[i + 1] == '{')
            *out_json = true;
    *out_json = *out_json || (head.n > 0 && head.p[0] == '{');
    return ERR_OK;
}

enum errc list_read(struct input *input, const struct list_options *options, const struct list_sink *sink,
                    struct list_counts *out, char out_name[LIST_NAME_SIZE], struct err *err)
{
    struct lines lines;
    bool json = false;
    *out = (struct list_counts){0};
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return err_set(err, ERR_NOMEM, "no memory to read a list");
    reader->options = options;
    reader->sink = sink;
    reader->counts = out;
    enum errc rc = lines_init(&lines, input, err);
    if (rc == ERR_OK)
        rc = begin(&lines, &json, err);
    if (rc == ERR_OK)
        rc = json ? warninglist_read(&lines, options, sink, out, out_name, err)
                  : read_lines(reader, &lines, err);
    lines_done(&lines);
    free(reader);
    return rc;
}
