#include "intel/feed.h"
#include "unit/intel/input_fixture.h"

#include <fcntl.h>
#include <string.h>

/* All blocks in a row must be the text; gives how many there were. */
static size_t drain(const char *text, size_t size, uint64_t *lines, uint64_t *too_long)
{
    struct feed feed;
    struct feed_block block;
    struct err err;
    size_t at = 0;
    size_t count = 0;
    uint64_t line = 1;
    feed_init(&feed, input_fixture(text, size), "test", -1);
    assert_ok(feed_block_init(&block, &err), &err);
    for (;;) {
        assert_ok(feed_fill(&feed, &block, false, &err), &err);
        if (block.size == 0)
            break;
        assert_int_equal(block.first_line, line);
        if (*too_long == 0)
            assert_memory_equal(feed_block_bytes(&block), text + at, block.size);
        for (size_t i = 0; i < SWEEP_PADDING; i++)
            assert_int_equal(feed_block_bytes(&block)[block.size + i], 0);
        for (size_t i = 0; i < block.size; i++)
            line += feed_block_bytes(&block)[i] == '\n';
        at += block.size;
        count++;
    }
    if (*too_long == 0)
        assert_int_equal(at, size);
    *lines = feed.lines;
    *too_long = feed.too_long;
    feed_block_done(&block);
    feed_done(&feed);
    return count;
}

static void blocks_are_whole_lines(void **state)
{
    (void)state;
    size_t size = 5 * FEED_BLOCK_BYTES / 2;
    char *text = malloc(size);
    uint64_t lines;
    uint64_t too_long = 0;
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = i % 97 == 96 ? '\n' : 'a';
    assert_true(drain(text, size, &lines, &too_long) >= 3);
    assert_int_equal(lines, size / 97 + 1);
    free(text);
    assert_int_equal(drain("one line without an end", 23, &lines, &too_long), 1);
    assert_int_equal(lines, 1);
    assert_int_equal(drain("", 0, &lines, &too_long), 0);
}

static void a_record_grows_its_block(void **state)
{
    (void)state;
    size_t size = 3 * FEED_BLOCK_BYTES;
    char *text = malloc(size);
    uint64_t lines;
    uint64_t too_long = 0;
    assert_non_null(text);
    memset(text, 'a', size);
    text[10] = '\n';
    text[size - 2] = '\n';
    assert_true(drain(text, size, &lines, &too_long) >= 2);
    assert_int_equal(lines, 3);
    free(text);
}

static void a_record_over_the_limit_is_passed_over_and_counted(void **state)
{
    (void)state;
    size_t size = (size_t)FEED_RECORD_MAX + 3 * FEED_BLOCK_BYTES;
    char *text = malloc(size);
    struct feed feed;
    struct feed_block block;
    struct err err;
    assert_non_null(text);
    memset(text, 'a', size);
    text[1] = '\n';
    memcpy(text + size - 6, "\nlast\n", 6);
    feed_init(&feed, input_fixture(text, size), "test", FORMAT_TEXT);
    assert_ok(feed_block_init(&block, &err), &err);
    size_t seen = 0;
    for (bool more = true; more;) {
        assert_ok(feed_fill(&feed, &block, false, &err), &err);
        more = block.size > 0;
        seen += block.size;
        if (more && seen > 2)
            assert_int_equal(block.first_line, 3);
    }
    assert_int_equal(seen, 2 + 5);
    assert_int_equal(feed.too_long, 1);
    assert_int_equal(feed.lines, 3);
    feed_block_done(&block);
    feed_done(&feed);
    free(text);
}

static void a_pipe_gives_what_it_has(void **state)
{
    (void)state;
    int ends[2];
    struct input *input;
    struct feed feed;
    struct feed_block block;
    struct err err;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], "one\ntwo\nthr", 11), 11);
    assert_ok(input_open_fd(ends[0], "pipe", &input, &err), &err);
    feed_init(&feed, input, "pipe", -1);
    assert_ok(feed_block_init(&block, &err), &err);
    assert_ok(feed_fill(&feed, &block, false, &err), &err); /* does not wait for the rest */
    assert_int_equal(block.size, 8);
    assert_true(feed.dry);
    assert_int_equal(write(ends[1], "ee\n", 3), 3);
    (void)close(ends[1]);
    assert_ok(feed_fill(&feed, &block, false, &err), &err);
    assert_int_equal(block.size, 6);
    assert_memory_equal(feed_block_bytes(&block), "three\n", 6);
    assert_int_equal(block.first_line, 3);
    feed_block_done(&block);
    feed_done(&feed);
}

static void a_live_file_keeps_what_has_not_ended(void **state)
{
    (void)state;
    struct feed feed;
    struct feed_block block;
    struct err err;
    feed_init(&feed, input_fixture("one\ntw", 6), "live", -1);
    assert_ok(feed_block_init(&block, &err), &err);
    assert_ok(feed_fill(&feed, &block, true, &err), &err);
    assert_int_equal(block.size, 4);
    assert_ok(feed_fill(&feed, &block, true, &err), &err);
    assert_int_equal(block.size, 0);
    assert_ok(feed_fill(&feed, &block, false, &err), &err); /* now it is known to be the end */
    assert_int_equal(block.size, 2);
    feed_block_done(&block);
    feed_done(&feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_whole_lines),
        cmocka_unit_test(a_record_grows_its_block),
        cmocka_unit_test(a_record_over_the_limit_is_passed_over_and_counted),
        cmocka_unit_test(a_pipe_gives_what_it_has),
        cmocka_unit_test(a_live_file_keeps_what_has_not_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
