#include "intel/input.h"
#include "lib/check.h"
#include "lib/shared.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { TEXT_BYTES = 300000 };

static char text[TEXT_BYTES];

static int make_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i * i % 23);
    return 0;
}

/* An open descriptor of a file that holds these bytes and has no name. */
static int holding(const void *bytes, size_t size)
{
    char path[] = "/tmp/fengsui-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static enum errc drain(int fd, size_t step, char *out, size_t room, size_t *size, struct err *err)
{
    struct input *input;
    *size = 0;
    enum errc rc = input_open_fd(fd, "test", &input, err);
    if (rc < 0)
        return rc;
    for (size_t n = 1; rc == ERR_OK && n > 0 && *size < room; *size += n) {
        size_t want = room - *size < step ? room - *size : step;
        rc = input_read(input, out + *size, want, &n, err);
    }
    input_close(input);
    return rc;
}

static void expect(int fd, const char *want, size_t want_size)
{
    static char got[2 * TEXT_BYTES + 1];
    struct err err;
    size_t size;
    assert_ok(drain(fd, 7919, got, sizeof got, &size, &err), &err);
    assert_int_equal(size, want_size);
    assert_memory_equal(got, want, want_size);
}

static size_t gzip(char *out, size_t room)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)text;
    z.avail_in = sizeof text;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t size = room - z.avail_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return size;
}

static void plain_bytes_come_as_they_are(void **state)
{
    (void)state;
    expect(holding(text, sizeof text), text, sizeof text);
    expect(holding("", 0), "", 0);
    expect(holding("\x1F", 1), "\x1F", 1);
    expect(holding("\x28\xB5", 2), "\x28\xB5", 2);
}

static void gzip_and_zstd_are_known_by_their_first_bytes(void **state)
{
    (void)state;
    static char packed[2 * TEXT_BYTES];
    size_t n = gzip(packed, sizeof packed);
    expect(holding(packed, n), text, sizeof text);
    n = ZSTD_compress(packed, sizeof packed, text, sizeof text, 1);
    assert_false(ZSTD_isError(n));
    expect(holding(packed, n), text, sizeof text);
}

static void members_and_frames_in_a_row_are_one_text(void **state)
{
    (void)state;
    static char packed[4 * TEXT_BYTES];
    static char twice[2 * TEXT_BYTES];
    memcpy(twice, text, sizeof text);
    memcpy(twice + sizeof text, text, sizeof text);
    size_t n = gzip(packed, sizeof packed / 2);
    memcpy(packed + n, packed, n);
    expect(holding(packed, 2 * n), twice, sizeof twice);
    n = ZSTD_compress(packed, sizeof packed / 2, text, sizeof text, 1);
    memcpy(packed + n, packed, n);
    expect(holding(packed, 2 * n), twice, sizeof twice);
}

static void a_cut_or_damaged_archive_is_said(void **state)
{
    (void)state;
    static char packed[2 * TEXT_BYTES];
    static char got[TEXT_BYTES + 1];
    struct err err;
    size_t size;
    for (int zstd = 0; zstd < 2; zstd++) {
        size_t n = zstd ? ZSTD_compress(packed, sizeof packed, text, sizeof text, 1)
                        : gzip(packed, sizeof packed);
        assert_code(drain(holding(packed, n - 5), 4096, got, sizeof got, &size, &err), ERR_DAMAGED);
        assert_non_null(strstr(err.message, "end in the middle"));
        packed[n / 2] ^= 0x55;
        packed[n / 2 + 1] ^= 0x55;
        enum errc rc = drain(holding(packed, n), 4096, got, sizeof got, &size, &err);
        assert_true(rc == ERR_DAMAGED || size != sizeof text || memcmp(got, text, sizeof text) != 0);
    }
}

static void a_pipe_that_gives_one_byte_is_text(void **state)
{
    (void)state;
    int ends[2];
    struct input *input;
    struct err err;
    char byte;
    size_t n;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    /* Opening must not wait for more. */
    assert_ok(input_open_fd(ends[0], "pipe", &input, &err), &err);
    assert_ok(input_read(input, &byte, 1, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_int_equal(byte, 'x');
    assert_int_equal(input_total_bytes(input), 0);
    (void)close(ends[1]);
    assert_ok(input_read(input, &byte, 1, &n, &err), &err);
    assert_int_equal(n, 0);
    input_close(input);
}

static void what_cannot_be_read_is_named(void **state)
{
    (void)state;
    struct input *input;
    struct err err;
    assert_code(input_open("/nonexistent", &input, &err), ERR_NOT_FOUND);
    assert_code(input_open("/tmp", &input, &err), ERR_IO);
    assert_non_null(strstr(err.message, "folder"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_bytes_come_as_they_are),
        cmocka_unit_test(gzip_and_zstd_are_known_by_their_first_bytes),
        cmocka_unit_test(members_and_frames_in_a_row_are_one_text),
        cmocka_unit_test(a_cut_or_damaged_archive_is_said),
        cmocka_unit_test(a_pipe_that_gives_one_byte_is_text),
        cmocka_unit_test(what_cannot_be_read_is_named),
    };
    return cmocka_run_group_tests(tests, make_text, NULL);
}
