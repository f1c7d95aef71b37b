#include "paper/zip.h"

#include <zip.h>

/* The first day that the format knows; libzip's own mtime would go through the machine's time zone. */
enum { DOS_TIME = 0, DOS_DATE = (1 << 5) | 1, READ_BYTES = 1 << 16 };

static bool add_part(zip_t *zip, const struct zip_part *part)
{
    zip_source_t *source = zip_source_buffer(zip, part->bytes, part->size_bytes, 0);
    if (!source)
        return false;
    zip_int64_t index = zip_file_add(zip, part->path, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_file_set_dostime(zip, (zip_uint64_t)index, DOS_TIME, DOS_DATE, 0) == 0 &&
           zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9) == 0;
}

static bool read_all(zip_source_t *source, struct buf *out)
{
    char bytes[READ_BYTES];
    zip_int64_t n;
    if (zip_source_open(source) < 0)
        return false;
    while ((n = zip_source_read(source, bytes, sizeof bytes)) > 0)
        buf_add(out, bytes, (size_t)n);
    (void)zip_source_close(source);
    return n == 0;
}

enum errc zip_write(const struct zip_part *parts, size_t count, struct buf *out, struct err *err)
{
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = archive ? zip_open_from_source(archive, ZIP_TRUNCATE, NULL) : NULL;
    if (!zip) {
        zip_source_free(archive);
        return err_set(err, ERR_NOMEM, "no memory for an archive");
    }
    zip_source_keep(archive); /* zip_close gives its own away, and the bytes are read after it */
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = add_part(zip, &parts[i]);
    if (!good || zip_close(zip) < 0) {
        good = false;
        (void)err_set(err, ERR_INTERNAL, "the archive cannot be made: %s", zip_strerror(zip));
        zip_discard(zip);
    } else if (!read_all(archive, out)) {
        good = false;
        (void)err_set(err, ERR_INTERNAL, "the archive cannot be read back");
    }
    zip_source_free(archive);
    return good ? buf_check(out, err) : ERR_INTERNAL;
}
