/* unit/intel/input_fixture.h — an input over bytes in memory. */
#ifndef UNIT_INTEL_INPUT_FIXTURE_H
#define UNIT_INTEL_INPUT_FIXTURE_H

#include "intel/input.h"
#include "lib/check.h"

#include <stdlib.h>
#include <unistd.h>

static inline struct input *input_fixture(const void *bytes, size_t size)
{
    char path[] = "/tmp/fengsui-test-XXXXXX";
    struct input *input;
    struct err err;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_ok(input_open_fd(fd, "test", &input, &err), &err);
    return input;
}

#endif
