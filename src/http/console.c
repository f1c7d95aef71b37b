#include "http/console.h"

#include "base/str.h"
#include "http/chars.h"
#include "http/etag.h"

#include <string.h>
#include <zlib.h>

enum { UNPACK_BYTES = 16 << 10, UNPACKED_BYTES_MAX = 8 << 20, GZIP_WINDOW = 15 + 16, TAG_SIZE = 64 };

static const char PAGE[] = "index.html";
static const char CSP[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

/* --- which file ----------------------------------------------------------------------------------- */

static const struct console_file *find(const struct console_set *set, struct str path)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *there = set->files[middle].path;
        int order = strncmp(path.p, there, path.n);
        if (order == 0 && there[path.n] == '\0')
            return &set->files[middle];
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* A browser that goes somewhere says that it wants a page; a script that asks for data does not. */
static bool wants_page(const struct http_request *request, struct str path)
{
    static const char PAGE_TYPE[] = "text/html";
    struct str accept = http_request_field(request, "accept");
    bool file = path.n > 0 && memchr(path.p, '.', path.n);
    return !file && accept.n > 0 && memmem(accept.p, accept.n, PAGE_TYPE, sizeof PAGE_TYPE - 1);
}

const struct console_file *console_find(const struct console_set *set, const struct http_request *request)
{
    struct str path = http_request_path(request);
    if ((request->method != HTTP_GET && request->method != HTTP_HEAD) || path.n == 0 || path.p[0] != '/')
        return NULL;
    path = (struct str){path.p + 1, path.n - 1};
    const struct console_file *file = path.n > 0 ? find(set, path) : NULL;
    if (file || !(path.n == 0 || wants_page(request, path)))
        return file;
    return find(set, (struct str){PAGE, sizeof PAGE - 1});
}

/* --- in which form -------------------------------------------------------------------------------- */

static struct str trim(struct str text)
{
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
        text = (struct str){text.p + 1, text.n - 1};
    while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t'))
        text.n--;
    return text;
}

/* "q=0", "q=0.000": not wanted at all. */
static bool refused(struct str weight)
{
    weight = trim(weight);
    if (weight.n < 3 || char_lower(weight.p[0]) != 'q' || weight.p[1] != '=')
        return false;
    for (size_t i = 2; i < weight.n; i++)
        if (weight.p[i] != '0' && weight.p[i] != '.')
            return false;
    return true;
}

/* Does one of the comma-separated codings name this one, and not only to refuse it? */
static bool list_takes(struct str list, const char *coding)
{
    struct str item;
    while (chars_list_next(&list, &item)) {
        const char *semicolon = item.n > 0 ? memchr(item.p, ';', item.n) : NULL;
        struct str name = {item.p, semicolon ? (size_t)(semicolon - item.p) : item.n};
        struct str weight = {semicolon ? semicolon + 1 : NULL, semicolon ? item.n - name.n - 1 : 0};
        if (chars_same(trim(name), coding))
            return !refused(weight);
    }
    return false;
}

static bool takes(const struct http_request *request, const char *coding)
{
    size_t at = 0;
    struct str list;
    while (http_request_field_next(request, "accept-encoding", &at, &list))
        if (list_takes(list, coding))
            return true;
    return false;
}

static enum errc unpack(const struct console_file *file, struct buf *out, struct err *err)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)file->gzip, .avail_in = (uInt)file->gzip_bytes};
    unsigned char piece[UNPACK_BYTES];
    int rc = inflateInit2(&stream, GZIP_WINDOW);
    while (rc == Z_OK) {
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        rc = inflate(&stream, Z_NO_FLUSH);
        buf_add(out, piece, sizeof piece - stream.avail_out);
        if (out->size_bytes > UNPACKED_BYTES_MAX)
            rc = Z_BUF_ERROR;
    }
    (void)inflateEnd(&stream);
    return rc == Z_STREAM_END ? buf_check(out, err)
                              : err_set(err, ERR_INTERNAL, "a file of the console cannot be unpacked");
}

static enum errc fill(struct http_exchange *exchange, const struct console_file *file, const char *coding,
                      struct err *err)
{
    const char *bytes = streq(coding, "br") ? file->br : file->gzip;
    size_t size_bytes = streq(coding, "br") ? file->br_bytes : file->gzip_bytes;
    if (streq(coding, "identity"))
        return unpack(file, http_reply_body(exchange, 200, file->type), err);
    http_reply_fixed(exchange, 200, file->type, bytes, size_bytes);
    http_reply_field(exchange, "Content-Encoding", coding);
    return ERR_OK;
}

enum errc console_answer(struct http_exchange *exchange, const struct console_file *file, struct err *err)
{
    const struct http_request *request = exchange->request;
    const char *coding = file->br_bytes > 0 && takes(request, "br") ? "br"
                         : takes(request, "gzip")                   ? "gzip"
                                                                    : "identity";
    char tag[TAG_SIZE];
    char etag[ETAG_SIZE];
    bool not_modified = false;
    (void)snprintf(tag, sizeof tag, "%s-%s", file->tag, coding);
    etag_format(tag, etag);
    enum errc rc = etag_check(request, etag, &not_modified, err);
    if (rc == ERR_OK && !not_modified)
        rc = fill(exchange, file, coding, err);
    if (rc < 0)
        return rc;
    if (not_modified)
        http_reply_status(exchange, 304);
    http_reply_field(exchange, "ETag", etag);
    http_reply_field(exchange, "Vary", "Accept-Encoding");
    http_reply_field(exchange, "Cache-Control",
                     file->lasting ? "public, max-age=31536000, immutable" : "no-cache");
    http_reply_field(exchange, "Content-Security-Policy", CSP);
    http_reply_field(exchange, "Cross-Origin-Opener-Policy", "same-origin");
    return ERR_OK;
}
