/* A log of any bytes in any format: what is fast and what is exact agree, and neither steps outside.
 * Input: a byte for the format, then the log. */
#include "fuzz.h"
#include "intel/hash64.h"
#include "intel/hit_json.h"
#include "intel/index_build.h"
#include "intel/sweep.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const BAD[] = {
    "evil.example",
    "b.evil.example",
    "10.0.0.0/8",
    "192.0.2.1",
    "192.0.2.1:80",
    "2001:db8::/32",
    "files.example/a",
    "+86138*",
    "d41d8cd98f00b204e9800998ecf8427e",
    ".zip",
    "[2001:db8::1]:53",
    "xn--1rxmt.xn--fiqs8s",
};

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

static struct index *make_index(void)
{
    static struct indicator indicator;
    struct index_build *build;
    struct index *index;
    struct label what = {.source = "fuzz", .family = ""};
    uint32_t label;
    char path[64];
    (void)snprintf(path, sizeof path, "/dev/shm/fengsui-fuzz-log-%d", (int)getpid());
    must(index_build_new(&ENV, &build, NULL) == ERR_OK);
    must(index_build_label(build, &what, &label, NULL) == ERR_OK);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        must(indicator_parse((struct str){BAD[i], strlen(BAD[i])}, KIND_SHA256, &indicator));
        must(index_build_add(build, &indicator, label, NULL) == ERR_OK);
    }
    must(index_build_write(build, path, NULL) == ERR_OK);
    must(index_open(path, INDEX_CHECK_ALL, &index, NULL) == ERR_OK);
    (void)unlink(path);
    index_build_free(build);
    return index;
}

struct counted {
    size_t hits;
    uint64_t sum;
    struct buf line;
};

static void count(void *context, const struct finding *finding)
{
    struct counted *counted = context;
    struct hit_place place = {"fuzz", 1, 0};
    char text[INDICATOR_TEXT_SIZE];
    size_t n = find_format(finding->hit, text);
    counted->hits++;
    counted->sum += hash64(text, n, hash64(finding->field->name.p, finding->field->name.n, 7));
    buf_reset(&counted->line);
    hit_json_write(finding, &place, &counted->line);
    must(!counted->line.failed);
    json_t *doc = json_loadb(counted->line.data, counted->line.size_bytes,
                             JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    must(doc != NULL);
    json_decref(doc);
}

/* Record by record, exactly. */
static void exactly(const struct index *index, struct decoder *decoder, const char *block, size_t size,
                    struct counted *out)
{
    static struct examiner examiner;
    const char *at = block;
    examiner_init(&examiner, index, count, out);
    while (at < block + size) {
        struct str record = decoder_record(decoder, (struct str){at, (size_t)(block + size - at)}, &at);
        if (decoder_has_headers(decoder) && record.n > 0 && record.p[0] == '#')
            zeek_header_line(&decoder->zeek, &decoder->table, record);
        else
            must(examine(&examiner, decoder, record, NULL) == ERR_OK);
    }
}

static bool all_valid(struct str text)
{
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        json_t *doc = json_loadb(text.p, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
        json_decref(doc);
        if (!doc)
            return false;
        text = (struct str){text.p + n + (end != NULL), text.n - n - (end != NULL)};
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct index *index;
    static struct sweep *sweep;
    static struct decoder decoder;
    struct counted fast = {0};
    struct counted exact = {0};
    if (size == 0)
        return 0;
    if (!index) {
        index = make_index();
        must(sweep_new(&sweep, NULL) == ERR_OK);
    }
    enum decoder_format format = (enum decoder_format)(data[0] % FORMAT_COUNT);
    size_t n = size - 1;
    char *memory = calloc(1, n + 2 * SWEEP_PADDING);
    must(memory != NULL);
    char *block = memory + SWEEP_PADDING;
    memcpy(block, data + 1, n);
    (void)decoder_guess((struct str){block, n});
    buf_init(&fast.line, 1 << 22);
    buf_init(&exact.line, 1 << 22);
    examiner_init(sweep_examiner(sweep), index, count, &fast);
    decoder_init(&decoder, format, (struct str){block, n});
    must(decoder_whole(&decoder, (struct str){block, n}) <= n);
    must(sweep_block(sweep, index, &decoder, block, n, NULL) == ERR_OK);
    decoder_init(&decoder, format, (struct str){block, n});
    bool spans = decoder.spans;
    exactly(index, &decoder, block, n, &exact);
    /* Broken JSON may give the fast way less; all else must agree. */
    bool json = format == FORMAT_EVE || format == FORMAT_ZEEK_JSON || format == FORMAT_JSON;
    if (!json || spans || all_valid((struct str){block, n}))
        must(fast.hits == exact.hits && fast.sum == exact.sum);
    else
        must(fast.hits <= exact.hits);
    buf_done(&fast.line);
    buf_done(&exact.line);
    free(memory);
    return 0;
}
