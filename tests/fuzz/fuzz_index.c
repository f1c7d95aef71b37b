/* An index of any lines can be asked for them; with any of its bytes changed, even with sums made to fit,
 * it is refused or asked without a step outside. Input: lines, a NUL, a byte (bit 0: make the checksums
 * fit), then changes of four bytes: three of place, one to add. */
#include "fuzz.h"
#include "intel/find.h"
#include "intel/hash64.h"
#include "intel/index_build.h"
#include "intel/index_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int64_t now(void *context)
{
    (void)context;
    return 0;
}

static enum errc bytes(void *context, void *out, size_t size_bytes)
{
    (void)context;
    memset(out, 1, size_bytes);
    return ERR_OK;
}

static const struct env ENV = {NULL, now, bytes};

static bool sound(enum errc rc)
{
    return rc == ERR_OK || rc == ERR_DAMAGED;
}

static void ask_name(const struct index *index, struct str name)
{
    static struct find_hits hits;
    char text[INDICATOR_TEXT_SIZE];
    char value[NAME_SIZE];
    size_t n = name_value(name, true, value);
    if (find_name(index, (struct str){value, n}, &hits, NULL) < 0)
        return;
    for (size_t i = 0; i < hits.count; i++) {
        struct label label;
        size_t size = find_format(&hits.at[i], text);
        must(size <= n && memcmp(value + n - size, text, size) == 0);
        must(size == n || value[n - size - 1] == '.');
        must(index_labels(index, hits.at[i].note, &label, 1) >= 1);
        must(label.source && label.family);
    }
}

static void ask(const struct index *index, struct str text)
{
    static struct find_hits hits;
    static struct indicator indicator;
    static struct url url;
    ask_name(index, text);
    if (url_parse(text, URL_SEEN, &url))
        must(sound(find_url(index, &url, &hits, NULL)));
    if (!indicator_parse(text, KIND_SHA256, &indicator))
        return;
    if (indicator.kind == KIND_IPV4 || indicator.kind == KIND_IPV6)
        must(sound(find_ip(index, &indicator.ip, &hits, NULL)));
    if (indicator.kind == KIND_ENDPOINT)
        must(sound(find_endpoint(index, &indicator.ip, indicator.port, &hits, NULL)));
    if (kind_is_hash(indicator.kind))
        must(sound(find_digest(index, indicator.digest, kind_digest_bytes(indicator.kind), KIND_COUNT, &hits,
                               NULL)));
    if (indicator.kind == KIND_NUMBER)
        must(sound(find_number(index, &indicator.range, &hits, NULL)));
}

static void ask_all(const struct index *index, struct str lines)
{
    (void)index_summary(index);
    while (lines.n > 0) {
        const char *end = memchr(lines.p, '\n', lines.n);
        size_t n = end ? (size_t)(end - lines.p) : lines.n;
        ask(index, (struct str){lines.p, n});
        lines = (struct str){lines.p + n + (end != NULL), lines.n - n - (end != NULL)};
    }
}

/* A checksum that fits is what an attacker would write: the reader must hold without it. */
static void sign(uint8_t *file, size_t size)
{
    struct index_header *header = (void *)file;
    if (size < sizeof *header || header->blocks_at > size || header->blocks_at < INDEX_HEADER_BYTES)
        return;
    uint64_t *sums = (uint64_t *)(void *)(file + header->blocks_at / 8 * 8);
    size_t count = (size - header->blocks_at) / sizeof *sums;
    for (size_t i = 0; i < count; i++) {
        size_t at = INDEX_HEADER_BYTES + i * INDEX_BLOCK_BYTES;
        size_t left = header->blocks_at > at ? header->blocks_at - at : 0;
        sums[i] = hash64_block(file + at, left < INDEX_BLOCK_BYTES ? left : INDEX_BLOCK_BYTES);
    }
    header->checksum = 0;
    uint64_t sum = hash64_block(header, sizeof *header);
    header->checksum = hash64_mix(sum ^ HASH64_K0,
                                  hash64_block(file + header->blocks_at, size - header->blocks_at));
}

static uint8_t *build(struct str lines, size_t *size)
{
    static struct indicator indicator;
    struct index_build *made;
    struct label what = {.source = "fuzz", .family = ""};
    uint32_t label;
    char path[64];
    (void)snprintf(path, sizeof path, "/dev/shm/fengsui-fuzz-index-%d", (int)getpid());
    must(index_build_new(&ENV, &made, NULL) == ERR_OK);
    must(index_build_label(made, &what, &label, NULL) == ERR_OK);
    while (lines.n > 0) {
        const char *end = memchr(lines.p, '\n', lines.n);
        size_t n = end ? (size_t)(end - lines.p) : lines.n;
        if (indicator_parse((struct str){lines.p, n}, KIND_SHA256, &indicator))
            must(index_build_add(made, &indicator, label, NULL) == ERR_OK);
        lines = (struct str){lines.p + n + (end != NULL), lines.n - n - (end != NULL)};
    }
    must(index_build_write(made, path, NULL) == ERR_OK);
    index_build_free(made);
    FILE *file = fopen(path, "rb");
    must(file != NULL);
    must(fseek(file, 0, SEEK_END) == 0);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes_of = aligned_alloc(64, (*size + 63) / 64 * 64);
    must(bytes_of && fread(bytes_of, 1, *size, file) == *size);
    (void)fclose(file);
    (void)unlink(path);
    return bytes_of;
}

static void open_and_ask(const uint8_t *file, size_t size, enum index_check check, struct str lines)
{
    struct index *index;
    if (index_open_memory(file, size, check, &index, NULL) < 0)
        return;
    ask_all(index, lines);
    must(sound(index_verify(index, NULL)));
    index_close(index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *mark = size > 0 ? memchr(data, '\0', size) : NULL;
    struct str lines = {(const char *)data, mark ? (size_t)(mark - data) : size};
    size_t rest = size - lines.n;
    size_t file_size;
    uint8_t *file = build(lines, &file_size);
    struct index *index;
    must(index_open_memory(file, file_size, INDEX_CHECK_ALL, &index, NULL) == ERR_OK);
    ask_all(index, lines);
    index_close(index);
    if (rest > 4) {
        for (size_t i = 2; i + 3 < rest; i += 4) {
            size_t at = ((size_t)mark[i] << 16 | (size_t)mark[i + 1] << 8 | mark[i + 2]) % file_size;
            file[at] = (uint8_t)(file[at] + mark[i + 3]);
        }
        open_and_ask(file, file_size, INDEX_CHECK_TABLES, lines);
        if (mark[1] & 1)
            sign(file, file_size);
        open_and_ask(file, file_size, INDEX_CHECK_TABLES, lines);
        open_and_ask(file, file_size, INDEX_CHECK_ALL, lines);
    }
    free(file);
    return 0;
}
