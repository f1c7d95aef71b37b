#include "unit/sensor/capture_fixture.h"

#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void append(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void capture_fixture_begin(char path[CAPTURE_PATH_SIZE], uint32_t link)
{
    const uint32_t head[] = {0xA1B2C3D4, 2 | 4 << 16, 0, 0, 65535, link};
    (void)snprintf(path, CAPTURE_PATH_SIZE, "/tmp/fengsui-capture-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    append(path, head, sizeof head);
}

void capture_fixture_add(const char *path, int64_t time_ms, const struct bytes *frame)
{
    const uint32_t head[] = {(uint32_t)(time_ms / 1000), (uint32_t)(time_ms % 1000 * 1000),
                             (uint32_t)frame->size, (uint32_t)frame->size};
    append(path, head, sizeof head);
    append(path, frame->at, frame->size);
}

void capture_fixture_end(const char *path)
{
    assert_int_equal(unlink(path), 0);
}
