#include "intel/feed.h"

#include "intel/newline.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

static enum errc grow(struct feed_block *block, size_t room, struct err *err)
{
    char *memory = realloc(block->memory, room + 2 * SWEEP_PADDING);
    if (!memory)
        return err_set(err, ERR_NOMEM, "no memory for a record of %zu bytes", room);
    block->memory = memory;
    block->room = room;
    return ERR_OK;
}

enum errc feed_block_init(struct feed_block *block, struct err *err)
{
    block->memory = NULL;
    block->decoder_version = 0;
    enum errc rc = grow(block, FEED_BLOCK_BYTES, err);
    if (rc == ERR_OK)
        memset(block->memory, 0, SWEEP_PADDING);
    return rc;
}

void feed_block_done(struct feed_block *block)
{
    free(block->memory);
    block->memory = NULL;
}

void feed_init(struct feed *feed, struct input *input, const char *name, int format)
{
    memset(feed, 0, sizeof *feed);
    feed->input = input;
    feed->name = name;
    feed->format = format;
}

void feed_done(struct feed *feed)
{
    input_close(feed->input);
    free(feed->left);
    feed->input = NULL;
    feed->left = NULL;
}

/* A pipe or terminal that has nothing more at the moment. */
static bool would_wait(const struct feed *feed)
{
    struct pollfd one = {.fd = input_fd(feed->input), .events = POLLIN};
    return poll(&one, 1, 0) == 0;
}

static void learn(struct feed *feed, struct str head)
{
    enum decoder_format format = feed->format >= 0 ? (enum decoder_format)feed->format : decoder_guess(head);
    decoder_init(&feed->decoder, format, head);
    feed->decoder_version++;
    feed->known = true;
}

/* Header lines of this block hold for the next one. */
static void read_headers(struct feed *feed, const char *bytes, size_t size)
{
    const char *at = bytes;
    const char *end = bytes + size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        if (*at == '#') {
            zeek_header_line(&feed->decoder.zeek, &feed->decoder.table,
                             (struct str){at, (size_t)(stop - at)});
            feed->decoder_version++;
        }
        at = stop + 1;
    }
}

static enum errc keep_left(struct feed *feed, const char *bytes, size_t size, struct err *err)
{
    if (size > feed->left_room) {
        char *left = realloc(feed->left, size);
        if (!left)
            return err_set(err, ERR_NOMEM, "no memory for a record of %zu bytes", size);
        feed->left = left;
        feed->left_room = size;
    }
    if (size > 0)
        memcpy(feed->left, bytes, size);
    feed->left_size = size;
    return ERR_OK;
}

/* Drops the rest of a record that was too long, up to the end of its line. */
static size_t skip(struct feed *feed, char *bytes, size_t size)
{
    char *end = size > 0 ? memchr(bytes, '\n', size) : NULL;
    if (!end) {
        feed->lines += newline_count(bytes, size);
        return 0;
    }
    size_t rest = size - (size_t)(end + 1 - bytes);
    feed->lines++;
    memmove(bytes, end + 1, rest);
    feed->skipping = false;
    return rest;
}

static void give(struct feed *feed, struct feed_block *block, size_t whole)
{
    char *bytes = feed_block_bytes(block);
    block->size = whole;
    block->first_line = feed->lines + 1;
    if (block->decoder_version != feed->decoder_version) {
        block->decoder = feed->decoder;
        block->decoder_version = feed->decoder_version;
    }
    feed->lines += newline_count(bytes, whole);
    /* A last line without its end is a line. */
    feed->lines += feed->ended && whole > 0 && bytes[whole - 1] != '\n';
    feed->bytes += whole;
    if (whole > 0 && decoder_has_headers(&feed->decoder)) {
        read_headers(feed, bytes, whole);
        block->decoder_version = 0; /* sweeping the block changes its copy */
    }
}

/* Reads until the block is full, the input ends, or waiting would be needed. *size is what there is. */
static enum errc read_block(struct feed *feed, struct feed_block *block, size_t *size, struct err *err)
{
    feed->dry = false;
    while (!feed->ended && *size < block->room) {
        size_t n;
        enum errc rc = input_read(feed->input, feed_block_bytes(block) + *size, block->room - *size, &n, err);
        if (rc < 0)
            return rc;
        feed->ended = n == 0;
        *size += n;
        if (feed->skipping)
            *size = skip(feed, feed_block_bytes(block), *size);
        size_t fresh = n < *size ? n : *size; /* skipping may have taken some */
        bool line = memchr(feed_block_bytes(block) + *size - fresh, '\n', fresh) != NULL;
        if (n > 0 && line && would_wait(feed)) {
            feed->dry = true;
            break;
        }
    }
    return ERR_OK;
}

/* A record that fills the block: the block grows, up to a limit behind which the record is given up. */
static enum errc make_room(struct feed *feed, struct feed_block *block, size_t *size, struct err *err)
{
    if (block->room < FEED_RECORD_MAX)
        return grow(block, 2 * block->room, err);
    feed->too_long++;
    feed->skipping = true;
    feed->lines += newline_count(feed_block_bytes(block), *size);
    *size = 0;
    return ERR_OK;
}

enum errc feed_fill(struct feed *feed, struct feed_block *block, bool live, struct err *err)
{
    size_t size = feed->left_size;
    size_t whole = 0;
    enum errc rc = ERR_OK;
    block->size = 0;
    if (size > block->room)
        rc = grow(block, feed->left_room, err);
    if (rc == ERR_OK && size > 0)
        memcpy(feed_block_bytes(block), feed->left, size);
    while (rc == ERR_OK && whole == 0) {
        rc = read_block(feed, block, &size, err);
        if (rc < 0)
            return rc;
        struct str there = {feed_block_bytes(block), size};
        if (!feed->known && size > 0 && (feed->ended || size == block->room || memchr(there.p, '\n', size)))
            learn(feed, there);
        whole = feed->known ? decoder_whole(&feed->decoder, there) : 0;
        if (feed->ended || feed->dry)
            break;
        if (whole == 0 && size == block->room)
            rc = make_room(feed, block, &size, err);
    }
    if (rc < 0)
        return rc;
    if (feed->ended && !live)
        whole = size;
    feed->ended = feed->ended && !live;
    rc = keep_left(feed, feed_block_bytes(block) + whole, size - whole, err);
    if (rc == ERR_OK) {
        memset(feed_block_bytes(block) + whole, 0, SWEEP_PADDING);
        give(feed, block, whole);
    }
    return rc;
}
