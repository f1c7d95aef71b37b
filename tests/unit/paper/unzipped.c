#include "unit/paper/unzipped.h"

#include "lib/check.h"

#include <stdlib.h>
#include <zip.h>

char *unzipped(const struct buf *archive, const char *path)
{
    zip_error_t error;
    zip_stat_t stat;
    zip_source_t *source = zip_source_buffer_create(archive->data, archive->size_bytes, 0, &error);
    assert_non_null(source);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    assert_non_null(zip);
    char *text = NULL;
    if (zip_stat(zip, path, 0, &stat) == 0) {
        zip_file_t *file = zip_fopen(zip, path, 0);
        text = calloc(1, stat.size + 1);
        assert_non_null(text);
        assert_int_equal(zip_fread(file, text, stat.size), stat.size);
        (void)zip_fclose(file);
    }
    zip_discard(zip);
    return text;
}
