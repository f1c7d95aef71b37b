#include "intel/zeek_tsv.h"

#include <stdio.h>
#include <string.h>

static const struct field_rule ADDRESS = {"addr", FIELD_IP, GROUP_NONE, KIND_COUNT};

void zeek_header_init(struct zeek_header *header)
{
    header->separator = '\t';
    header->set_separator = ',';
    header->unset = (struct str){"-", 1};
    header->empty = (struct str){"(empty)", 7};
    header->count = 0;
    header->used = 0;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "\x09" and the like; what does not fit is cut off. */
static struct str decode(struct str in, char *to, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < in.n && n < room; i++) {
        bool escape = in.p[i] == '\\' && in.n - i >= 4 && in.p[i + 1] == 'x';
        int high = escape ? hex(in.p[i + 2]) : -1;
        int low = escape ? hex(in.p[i + 3]) : -1;
        if (high >= 0 && low >= 0) {
            to[n++] = (char)(high << 4 | low);
            i += 3;
        } else {
            to[n++] = in.p[i];
            i += in.p[i] == '\\' && i + 1 < in.n && in.p[i + 1] == '\\'; /* a doubled backslash */
        }
    }
    return (struct str){to, n};
}

static struct str keep(struct zeek_header *header, struct str text)
{
    char *to = header->text + header->used;
    struct str kept = decode(text, to, ZEEK_HEADER_BYTES - header->used);
    header->used += kept.n;
    return kept;
}

static struct str next(struct str *rest, char separator)
{
    const char *at = rest->n > 0 ? memchr(rest->p, separator, rest->n) : NULL;
    size_t n = at ? (size_t)(at - rest->p) : rest->n;
    struct str word = {rest->p, n};
    *rest = (struct str){rest->p + n + (at != NULL), rest->n - n - (at != NULL)};
    return word;
}

static void read_names(struct zeek_header *header, const struct field_table *table, struct str rest)
{
    header->count = 0;
    while (rest.n > 0 && header->count < ZEEK_COLUMNS_MAX) {
        struct str name = keep(header, next(&rest, header->separator));
        header->columns[header->count++] = (struct zeek_column){name, field_find(table, name), false};
    }
}

/* Types come behind names: a column of addresses is of interest whatever its name. */
static void read_types(struct zeek_header *header, struct str rest)
{
    size_t last = 0;
    for (size_t i = 0; i < header->count && rest.n > 0; i++) {
        struct str type = next(&rest, header->separator);
        struct zeek_column *column = &header->columns[i];
        const char *bracket = type.n > 0 ? memchr(type.p, '[', type.n) : NULL;
        column->many = bracket != NULL;
        struct str inner = bracket ? (struct str){bracket + 1, type.n - (size_t)(bracket + 1 - type.p)}
                                   : type;
        if (!column->rule && inner.n >= 4 && memcmp(inner.p, "addr", 4) == 0)
            column->rule = &ADDRESS;
        if (column->rule)
            last = i + 1;
    }
    header->count = last;
}

void zeek_header_line(struct zeek_header *header, const struct field_table *table, struct str line)
{
    static const char SEPARATOR[] = "#separator ";
    size_t n = sizeof SEPARATOR - 1;
    if (line.n > n && memcmp(line.p, SEPARATOR, n) == 0) {
        char one[4];
        zeek_header_init(header);
        struct str given = decode((struct str){line.p + n, line.n - n}, one, sizeof one);
        header->separator = given.n > 0 ? given.p[0] : '\t';
        return;
    }
    struct str rest = line;
    struct str key = next(&rest, header->separator);
    if (str_eq(key, "#set_separator") && rest.n > 0) {
        char one[4];
        header->set_separator = decode(rest, one, sizeof one).p[0];
    } else if (str_eq(key, "#unset_field")) {
        header->unset = keep(header, rest);
    } else if (str_eq(key, "#empty_field")) {
        header->empty = keep(header, rest);
    } else if (str_eq(key, "#fields")) {
        read_names(header, table, rest);
    } else if (str_eq(key, "#types")) {
        read_types(header, rest);
    }
}

static void emit(struct read_space *space, const struct zeek_column *column, struct str name,
                 struct str value, field_visit_fn *visit, void *context)
{
    struct field field = {name, value, column->rule, value.p};
    size_t used = space->used;
    if (memchr(value.p, '\\', value.n)) {
        field.value = decode(value, space->bytes + used, SPACE_BYTES - used);
        space->used += field.value.n;
    }
    visit(context, &field);
    if (column->rule->group == GROUP_NONE)
        space->used = used;
}

static bool same(struct str a, struct str b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

void zeek_read(const struct zeek_header *header, struct str line, struct read_space *space,
               field_visit_fn *visit, void *context)
{
    space->used = 0;
    for (size_t i = 0; i < header->count; i++) {
        if (line.n == 0)
            return;
        struct str cell = next(&line, header->separator);
        const struct zeek_column *column = &header->columns[i];
        if (!column->rule || cell.n == 0 || same(cell, header->unset) || same(cell, header->empty))
            continue;
        if (!column->many) {
            emit(space, column, column->name, cell, visit, context);
            continue;
        }
        for (unsigned k = 0; cell.n > 0; k++) {
            char name[ZEEK_NAME_MAX];
            int n = snprintf(name, sizeof name, "%.*s[%u]", (int)column->name.n, column->name.p, k);
            struct str one = next(&cell, header->set_separator);
            if (one.n > 0)
                emit(space, column, (struct str){name, (size_t)n < sizeof name ? (size_t)n : sizeof name - 1},
                     one, visit, context);
        }
    }
}
