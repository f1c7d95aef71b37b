#include "intel/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { RAW_BYTES = 1 << 17, MAGIC_BYTES = 4, GZIP_WINDOW_BITS = 15 + 16 };

enum packing { PLAIN, GZIP, ZSTD };

struct input {
    int fd;
    char *name;
    enum packing packing;
    uint64_t done_bytes;
    uint64_t total_bytes;
    uint8_t *raw; /* what was read ahead: the magic of a plain file, else compressed bytes */
    size_t raw_at;
    size_t raw_size;
    bool ended;  /* the file */
    bool inside; /* a gzip member or a zstd frame has begun and not ended */
    z_stream gzip;
    ZSTD_DStream *zstd;
};

static enum errc read_some(struct input *input, void *to, size_t room, size_t *size, struct err *err)
{
    ssize_t n;
    do
        n = read(input->fd, to, room);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_set(err, ERR_IO, "%s: %s", input->name, strerror(errno));
    input->done_bytes += (uint64_t)n;
    *size = (size_t)n;
    return ERR_OK;
}

static enum errc start_unpacking(struct input *input, struct err *err)
{
    static const uint8_t GZIP_MAGIC[] = {0x1F, 0x8B};
    static const uint8_t ZSTD_MAGIC[] = {0x28, 0xB5, 0x2F, 0xFD};
    if (input->raw_size >= sizeof GZIP_MAGIC && memcmp(input->raw, GZIP_MAGIC, sizeof GZIP_MAGIC) == 0) {
        if (inflateInit2(&input->gzip, GZIP_WINDOW_BITS) != Z_OK)
            return err_set(err, ERR_NOMEM, "no memory to unpack %s", input->name);
        input->packing = GZIP;
    } else if (input->raw_size >= sizeof ZSTD_MAGIC &&
               memcmp(input->raw, ZSTD_MAGIC, sizeof ZSTD_MAGIC) == 0) {
        input->zstd = ZSTD_createDStream();
        if (!input->zstd)
            return err_set(err, ERR_NOMEM, "no memory to unpack %s", input->name);
        input->packing = ZSTD;
    }
    return ERR_OK;
}

enum errc input_open_fd(int fd, const char *name, struct input **out, struct err *err)
{
    struct stat st;
    enum errc rc = ERR_OK;
    struct input *input = calloc(1, sizeof *input);
    if (!input) {
        (void)close(fd);
        return err_set(err, ERR_NOMEM, "no memory to read %s", name);
    }
    input->fd = fd;
    input->name = strdup(name);
    input->raw = malloc(RAW_BYTES);
    if (!input->name || !input->raw)
        rc = err_set(err, ERR_NOMEM, "no memory to read %s", name);
    else if (fstat(fd, &st) < 0)
        rc = err_set(err, ERR_IO, "%s: %s", name, strerror(errno));
    else if (S_ISDIR(st.st_mode))
        rc = err_set(err, ERR_IO, "%s is a folder, not a file", name);
    else if (S_ISREG(st.st_mode))
        input->total_bytes = (uint64_t)st.st_size;
    /* A pipe may give less than the magic at once. */
    while (rc == ERR_OK && input->raw_size < MAGIC_BYTES && !input->ended) {
        size_t n = 0;
        rc = read_some(input, input->raw + input->raw_size, MAGIC_BYTES - input->raw_size, &n, err);
        input->raw_size += n;
        input->ended = n == 0;
        /* Live text comes when it comes: only what could be a magic is waited for. */
        if (input->raw_size > 0 && input->raw[0] != 0x1F && input->raw[0] != 0x28)
            break;
    }
    if (rc == ERR_OK)
        rc = start_unpacking(input, err);
    if (rc < 0)
        input_close(input);
    else
        *out = input;
    return rc;
}

enum errc input_open(const char *path, struct input **out, struct err *err)
{
    bool standard = streq(path, "-");
    int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
    return input_open_fd(fd, path, out, err);
}

void input_close(struct input *input)
{
    if (!input)
        return;
    if (input->packing == GZIP)
        (void)inflateEnd(&input->gzip);
    (void)ZSTD_freeDStream(input->zstd);
    (void)close(input->fd);
    free(input->raw);
    free(input->name);
    free(input);
}

static enum errc damaged(const struct input *input, struct err *err)
{
    return err_set(err, ERR_DAMAGED, "%s: the compressed bytes are damaged", input->name);
}

/* One step of inflating what lies in raw. */
static enum errc unpack_gzip(struct input *input, uint8_t *to, size_t room, size_t *size, struct err *err)
{
    z_stream *z = &input->gzip;
    z->next_in = input->raw + input->raw_at;
    z->avail_in = (uInt)(input->raw_size - input->raw_at);
    z->next_out = to;
    z->avail_out = (uInt)(room < UINT32_MAX / 2 ? room : UINT32_MAX / 2);
    uInt before = z->avail_out;
    int rc = inflate(z, Z_NO_FLUSH);
    input->raw_at = input->raw_size - z->avail_in;
    *size = before - z->avail_out;
    input->inside = true;
    if (rc == Z_STREAM_END) {
        /* Another member may follow. */
        input->inside = false;
        return inflateReset(z) == Z_OK ? ERR_OK : damaged(input, err);
    }
    return rc == Z_OK || rc == Z_BUF_ERROR ? ERR_OK : damaged(input, err);
}

static enum errc unpack_zstd(struct input *input, uint8_t *to, size_t room, size_t *size, struct err *err)
{
    ZSTD_inBuffer in = {input->raw, input->raw_size, input->raw_at};
    ZSTD_outBuffer out = {to, room, 0};
    size_t rc = ZSTD_decompressStream(input->zstd, &out, &in);
    input->raw_at = in.pos;
    *size = out.pos;
    if (ZSTD_isError(rc))
        return damaged(input, err);
    input->inside = rc > 0;
    return ERR_OK;
}

static enum errc read_plain(struct input *input, void *to, size_t room, size_t *size, struct err *err)
{
    size_t ahead = input->raw_size - input->raw_at;
    if (ahead == 0)
        return read_some(input, to, room, size, err);
    *size = ahead < room ? ahead : room;
    memcpy(to, input->raw + input->raw_at, *size);
    input->raw_at += *size;
    return ERR_OK;
}

enum errc input_read(struct input *input, void *to, size_t room, size_t *out_size, struct err *err)
{
    *out_size = 0;
    if (input->packing == PLAIN)
        return read_plain(input, to, room, out_size, err);
    for (;;) {
        enum errc rc = ERR_OK;
        bool fresh = input->raw_at == input->raw_size;
        if (fresh && !input->ended) {
            input->raw_at = input->raw_size = 0;
            rc = read_some(input, input->raw, RAW_BYTES, &input->raw_size, err);
            input->ended = rc == ERR_OK && input->raw_size == 0;
        }
        if (rc < 0)
            return rc;
        bool dry = input->raw_at == input->raw_size;
        if (dry && !input->inside)
            return ERR_OK;
        rc = input->packing == GZIP ? unpack_gzip(input, to, room, out_size, err)
                                    : unpack_zstd(input, to, room, out_size, err);
        if (rc < 0 || *out_size > 0)
            return rc;
        if (dry && input->ended)
            return err_set(err, ERR_DAMAGED, "%s: the compressed bytes end in the middle", input->name);
    }
}

uint64_t input_done_bytes(const struct input *input)
{
    return input->done_bytes;
}

uint64_t input_total_bytes(const struct input *input)
{
    return input->total_bytes;
}

bool input_is_compressed(const struct input *input)
{
    return input->packing != PLAIN;
}

int input_fd(const struct input *input)
{
    return input->fd;
}

enum errc input_restart(struct input *input, struct err *err)
{
    if (input->packing != PLAIN || lseek(input->fd, 0, SEEK_SET) < 0)
        return err_set(err, ERR_IO, "%s cannot be read again from its start", input->name);
    input->raw_at = input->raw_size = 0;
    input->done_bytes = 0;
    return ERR_OK;
}
