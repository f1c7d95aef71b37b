#include "intel/list_line.h"

#include "intel/ip.h"

#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str list_line_trim(struct str line)
{
    while (line.n > 0 && blank(line.p[0]))
        line = (struct str){line.p + 1, line.n - 1};
    /* A fragment of a URL has no blank before it. */
    for (size_t i = 1; i < line.n; i++)
        if ((line.p[i] == '#' || line.p[i] == ';') && blank(line.p[i - 1]))
            line.n = i;
    while (line.n > 0 && (blank(line.p[line.n - 1]) || line.p[line.n - 1] == '\r'))
        line.n--;
    return line;
}

struct str list_line_comment(struct str line)
{
    if (line.n == 0 || (line.p[0] != '#' && line.p[0] != ';' && line.p[0] != '!'))
        return (struct str){line.p, 0};
    size_t i = 0;
    while (i < line.n && (line.p[i] == line.p[0] || blank(line.p[i])))
        i++;
    return (struct str){line.p + i, line.n - i};
}

static bool starts(struct str line, const char *with)
{
    size_t n = strlen(with);
    return line.n > n && memcmp(line.p, with, n) == 0;
}

static void add(struct list_pieces *out, const char *p, size_t n)
{
    if (n > 0 && out->count < LIST_PIECES_MAX)
        out->at[out->count++] = (struct str){p, n};
}

static void split_blanks(struct str line, struct list_pieces *out)
{
    size_t from = 0;
    for (size_t i = 0; i <= line.n; i++)
        if (i == line.n || blank(line.p[i])) {
            add(out, line.p + from, i - from);
            from = i + 1;
        }
}

/* Where a hosts file sends what it blocks. */
static bool sinkhole(struct str word)
{
    static const char *const WORDS[] = {"0.0.0.0",   "127.0.0.1",      "::", "::1", "0",
                                        "127.0.1.1", "255.255.255.255"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (str_eq(word, WORDS[i]))
            return true;
    return false;
}

/* Names that every hosts file has for the machine itself. */
static bool own_name(struct str word)
{
    static const char *const WORDS[] = {"localhost",      "localhost.localdomain", "local",
                                        "broadcasthost",  "ip6-localhost",         "ip6-loopback",
                                        "ip6-localnet",   "ip6-mcastprefix",       "ip6-allnodes",
                                        "ip6-allrouters", "ip6-allhosts",          "0.0.0.0"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (str_eq(word, WORDS[i]))
            return true;
    return false;
}

static enum list_form hosts(struct list_pieces *words)
{
    size_t kept = 0;
    for (size_t i = 1; i < words->count; i++)
        if (!own_name(words->at[i]))
            words->at[kept++] = words->at[i];
    words->count = kept;
    return kept > 0 ? LIST_ALL : LIST_NOTHING;
}

/* "||name^$third-party" and "address=/name/name/0.0.0.0" */
static bool blocker(struct str line, struct list_pieces *out)
{
    static const char *const DNSMASQ[] = {"address=/", "server=/", "local=/"};
    if (starts(line, "||")) {
        size_t n = 2;
        while (n < line.n && line.p[n] != '^' && line.p[n] != '$')
            n++;
        add(out, line.p + 2, n - 2);
        return true;
    }
    for (size_t i = 0; i < sizeof DNSMASQ / sizeof DNSMASQ[0]; i++) {
        if (!starts(line, DNSMASQ[i]))
            continue;
        size_t from = strlen(DNSMASQ[i]);
        for (size_t k = from; k < line.n; k++)
            if (line.p[k] == '/') {
                add(out, line.p + from, k - from);
                from = k + 1;
            }
        return true;
    }
    return false;
}

enum list_form list_line_split(struct str line, struct list_pieces *out)
{
    out->count = 0;
    if (line.n == 0 || list_line_comment(line).n > 0 || line.p[0] == '#' || line.p[0] == ';' ||
        line.p[0] == '!')
        return LIST_NOTHING;
    if (blocker(line, out))
        return LIST_ALL;
    bool blanks = memchr(line.p, ' ', line.n) || memchr(line.p, '\t', line.n);
    if (blanks) {
        split_blanks(line, out);
        if (out->count > 1 && sinkhole(out->at[0]))
            return hosts(out);
        out->count = 0;
    }
    static const char DELIMITERS[] = {'\t', ',', ';', '|', ' '};
    if (!blanks)
        add(out, line.p, line.n);
    for (size_t i = 0; i < sizeof DELIMITERS; i++) {
        struct str cells[CSV_COLUMNS_MAX];
        if (!memchr(line.p, DELIMITERS[i], line.n))
            continue;
        size_t count = csv_split(line, DELIMITERS[i], cells);
        /* Behind a blank stands what people say about the first word. */
        if (DELIMITERS[i] == ' ')
            count = 1;
        for (size_t k = 0; k < count; k++)
            add(out, cells[k].p, cells[k].n);
        break;
    }
    return LIST_FIRST;
}
