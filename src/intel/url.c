#include "intel/url.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    enum url_scheme scheme;
    uint16_t port;
} SCHEMES[] = {
    {"http", SCHEME_HTTP, 80}, {"https", SCHEME_HTTPS, 443}, {"ftp", SCHEME_FTP, 21},
    {"hxxp", SCHEME_HTTP, 80}, {"hxxps", SCHEME_HTTPS, 443}, /* as reports write them */
    {"ws", SCHEME_NONE, 80},   {"wss", SCHEME_NONE, 443},
};

static const char *const PREFIXES[SCHEME_COUNT] = {"", "http://", "https://", "ftp://"};

const char *url_scheme_prefix(enum url_scheme scheme)
{
    return PREFIXES[scheme];
}

static bool scheme_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
}

/* Takes "scheme://" off. Returns the default port, 0 when there is none. */
static uint16_t take_scheme(struct str *text, enum url_scheme *scheme)
{
    size_t n = 0;
    *scheme = SCHEME_NONE;
    while (n < text->n && n < 16 && scheme_char(text->p[n]))
        n++;
    if (n == 0 || text->n - n < 3 || memcmp(text->p + n, "://", 3) != 0)
        return 0;
    uint16_t port = 0;
    for (size_t i = 0; i < sizeof SCHEMES / sizeof SCHEMES[0]; i++)
        if (strlen(SCHEMES[i].name) == n && strncasecmp(SCHEMES[i].name, text->p, n) == 0) {
            *scheme = SCHEMES[i].scheme;
            port = SCHEMES[i].port;
        }
    *text = (struct str){text->p + n + 3, text->n - n - 3};
    return port;
}

static bool read_host(struct str host, enum url_origin origin, struct url *out)
{
    struct str inner = host;
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        inner = (struct str){host.p + 1, host.n - 2};
    out->has_ip = ip_parse(inner, &out->ip);
    if (out->has_ip) {
        char text[IP_TEXT_SIZE];
        ip_format(&out->ip, out->ip.bits, text);
        int n = snprintf(out->text, sizeof out->text, out->ip.bits == 32 ? "%s" : "[%s]", text);
        out->host_size = (size_t)n;
        return true;
    }
    out->host_size = origin == URL_LISTED ? name_indicator(host, out->text)
                                          : name_value(host, false, out->text);
    return out->host_size > 0;
}

/* "user@host:port" */
static bool read_authority(struct str text, enum url_origin origin, uint16_t default_port, struct url *out)
{
    const char *user = text.n > 0 ? memrchr(text.p, '@', text.n) : NULL;
    if (user)
        text = (struct str){user + 1, text.n - (size_t)(user + 1 - text.p)};
    struct str host = text;
    out->port = 0;
    const char *colon = text.n > 0 ? memrchr(text.p, ':', text.n) : NULL;
    if (colon && !memchr(colon, ']', text.n - (size_t)(colon - text.p))) {
        uint32_t port = 0;
        struct str digits = {colon + 1, text.n - (size_t)(colon + 1 - text.p)};
        if (digits.n > 0 && !ip_parse_decimal(digits, 65535, &port))
            return false;
        host.n = (size_t)(colon - text.p);
        out->port = (uint16_t)(port == default_port ? 0 : port);
    }
    if (!read_host(host, origin, out))
        return false;
    out->authority_size = out->host_size;
    if (out->port > 0)
        out->authority_size += (size_t)snprintf(out->text + out->host_size, 8, ":%u", out->port);
    return true;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool unreserved(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static size_t put_escape(char *to, unsigned char c)
{
    static const char DIGITS[] = "0123456789ABCDEF";
    to[0] = '%';
    to[1] = DIGITS[c >> 4];
    to[2] = DIGITS[c & 15];
    return 3;
}

/* Path and query in normal escapes, up to the fragment. *out_query is where '?' stands, or the end. */
static void copy_path(struct str path, struct url *out, size_t *out_query)
{
    char *to = out->text;
    size_t n = out->authority_size;
    *out_query = 0;
    if (path.n == 0 || path.p[0] != '/')
        to[n++] = '/';
    for (size_t i = 0; i < path.n && path.p[i] != '#' && n + 3 < URL_SIZE; i++) {
        unsigned char c = (unsigned char)path.p[i];
        int high = c == '%' && i + 2 < path.n ? hex(path.p[i + 1]) : -1;
        int low = high >= 0 ? hex(path.p[i + 2]) : -1;
        if (low >= 0) {
            int value = high << 4 | low;
            i += 2;
            if (unreserved(value))
                to[n++] = (char)value;
            else
                n += put_escape(to + n, (unsigned char)value);
        } else if (c <= 0x20 || c >= 0x7F) {
            n += put_escape(to + n, c);
        } else {
            if (c == '?' && *out_query == 0)
                *out_query = n;
            to[n++] = (char)c;
        }
    }
    out->size = n;
    if (*out_query == 0)
        *out_query = n;
}

/* RFC 3986 §5.2.4 on text[from … to), in place; returns the new end. */
static size_t remove_dots(char *text, size_t from, size_t to)
{
    size_t n = from;
    size_t i = from;
    while (i < to) {
        size_t end = i + 1;
        while (end < to && text[end] != '/')
            end++;
        size_t size = end - i; /* of "/segment" */
        bool one = size == 2 && text[i + 1] == '.';
        bool two = size == 3 && text[i + 1] == '.' && text[i + 2] == '.';
        if (two)
            while (n > from && text[--n] != '/')
                continue;
        if (!one && !two) {
            memmove(text + n, text + i, size);
            n += size;
        } else if (end == to) {
            text[n++] = '/';
        }
        i = end;
    }
    return n;
}

static void read_path(struct str path, struct url *out)
{
    size_t query;
    copy_path(path, out, &query);
    size_t end = remove_dots(out->text, out->authority_size, query);
    memmove(out->text + end, out->text + query, out->size - query);
    out->size -= query - end;
    out->text[out->size] = '\0';
}

bool url_parse(struct str text, enum url_origin origin, struct url *out)
{
    uint16_t default_port = take_scheme(&text, &out->scheme);
    size_t n = 0;
    while (n < text.n && text.p[n] != '/' && text.p[n] != '?' && text.p[n] != '#')
        n++;
    if (!read_authority((struct str){text.p, n}, origin, default_port, out))
        return false;
    struct str path = {text.p + n, text.n - n};
    for (size_t i = 0; origin == URL_LISTED && i < path.n; i++)
        if ((unsigned char)path.p[i] <= 0x20)
            return false;
    read_path(path, out);
    return true;
}

bool url_compose(struct str host, struct str path, struct url *out)
{
    if (path.n > 0 && path.p[0] != '/' && memmem(path.p, path.n < 24 ? path.n : 24, "://", 3))
        return url_parse(path, URL_SEEN, out);
    out->scheme = SCHEME_NONE;
    if (host.n > 0 && memchr(host.p, '@', host.n)) /* no user stands in a host field */
        return false;
    if (!read_authority(host, URL_SEEN, 80, out))
        return false;
    read_path(path, out);
    return true;
}

static bool is_cut(const char *text, size_t size, size_t at)
{
    if (at == size)
        return true;
    char before = text[at - 1];
    char behind = text[at];
    return before == '/' || before == '?' || before == '&' || before == '=' || behind == '/' ||
           behind == '?' || behind == '&';
}

size_t url_next_cut(const char *text, size_t size, size_t authority_size, size_t at)
{
    size_t next = at > authority_size ? at + 1 : authority_size + 1;
    while (next < size && !is_cut(text, size, next))
        next++;
    return next <= size ? next : 0;
}

size_t url_authority(const char *text, size_t size)
{
    const char *slash = memchr(text, '/', size);
    return slash ? (size_t)(slash - text) : size;
}
