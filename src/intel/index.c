#include "intel/index_view.h"

#include "intel/hash64.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_UNKNOWN, BLOCK_GOOD, BLOCK_BAD };

static struct str section(const struct index *index, unsigned which)
{
    const struct index_place *place = &index->header->sections[which];
    return (struct str){(const char *)index->bytes + place->at, place->size_bytes};
}

static enum errc damaged(struct err *err, const char *what)
{
    return err_set(err, ERR_DAMAGED, "this is not a whole index: %s", what);
}

/* Sizes and checksum of what says where everything is. */
static enum errc check_header(const uint8_t *bytes, size_t size, struct err *err)
{
    const struct index_header *header = (const void *)bytes;
    if (size < INDEX_HEADER_BYTES || memcmp(header->magic, INDEX_MAGIC, sizeof header->magic) != 0)
        return damaged(err, "it does not begin as one");
    if (header->version != INDEX_VERSION)
        return err_set(err, ERR_UNSUPPORTED,
                       "the index has version %u, this program reads %d: build it again", header->version,
                       INDEX_VERSION);
    if (header->file_bytes != size)
        return damaged(err, "its size is not the one it was built with; it was cut short or added to");
    if (header->blocks_at < INDEX_HEADER_BYTES || header->blocks_at > size ||
        header->blocks_at % INDEX_ALIGN_BYTES != 0)
        return damaged(err, "its table of checksums lies outside");
    uint64_t covered = header->blocks_at - INDEX_HEADER_BYTES;
    uint64_t blocks = (covered + INDEX_BLOCK_BYTES - 1) / INDEX_BLOCK_BYTES;
    if (size - header->blocks_at != blocks * sizeof(uint64_t))
        return damaged(err, "its table of checksums has another size");
    struct index_header copy = *header;
    copy.checksum = 0;
    uint64_t sum = hash64_block(&copy, sizeof copy);
    sum = hash64_mix(sum ^ HASH64_K0, hash64_block(bytes + header->blocks_at, size - header->blocks_at));
    if (sum != header->checksum)
        return damaged(err, "the checksum of its header does not match");
    return ERR_OK;
}

static enum errc check_sections(const struct index_header *header, struct err *err)
{
    if (header->section_count != SECTION_COUNT)
        return damaged(err, "it has another number of sections");
    for (unsigned i = 0; i < SECTION_COUNT; i++) {
        const struct index_place *place = &header->sections[i];
        if (place->at % INDEX_ALIGN_BYTES != 0 || place->at < INDEX_HEADER_BYTES ||
            place->at > header->blocks_at || place->size_bytes > header->blocks_at - place->at)
            return damaged(err, "a section lies outside");
    }
    return ERR_OK;
}

static enum errc look_at_sections(struct index *index, struct err *err)
{
    struct str ranges = section(index, SECTION_RANGES);
    struct str notes = section(index, SECTION_NOTES);
    index->strings = section(index, SECTION_STRINGS);
    index->ranges = (const void *)ranges.p;
    index->range_count = ranges.n / sizeof *index->ranges;
    bool good = ranges.n % sizeof *index->ranges == 0 && notes.n >= sizeof(uint32_t) &&
                notes.n % sizeof(uint32_t) == 0 && index->strings.n > 0 &&
                section(index, SECTION_NOTE_LABELS).n % sizeof(uint32_t) == 0 &&
                section(index, SECTION_LABELS).n % sizeof(struct index_label) == 0 &&
                section(index, SECTION_SOURCES).n % sizeof(struct index_source) == 0;
    good = good && ip4map_init(&index->ip4, section(index, SECTION_IP4_DIR), section(index, SECTION_IP4_LOWS),
                               section(index, SECTION_IP4_REFS), section(index, SECTION_IP4_PREFIXES));
    for (unsigned i = 0; good && i < SET_COUNT; i++) {
        unsigned first = SECTION_SETS + 3 * i;
        good = keyset_init(&index->sets[i], section(index, first), section(index, first + 1),
                           section(index, first + 2), index->header->seed);
    }
    return good ? ERR_OK : damaged(err, "a section has a size that cannot be");
}

enum errc index_open_memory(const void *bytes, size_t size_bytes, enum index_check check, struct index **out,
                            struct err *err)
{
    enum errc rc = check_header(bytes, size_bytes, err);
    if (rc < 0)
        return rc;
    struct index *index = calloc(1, sizeof *index);
    if (!index)
        return err_set(err, ERR_NOMEM, "no memory for an index");
    index->bytes = bytes;
    index->size_bytes = size_bytes;
    index->header = bytes;
    index->blocks = (const void *)(index->bytes + index->header->blocks_at);
    index->block_count = (size_bytes - index->header->blocks_at) / sizeof(uint64_t);
    index->checked = calloc(index->block_count + 1, sizeof *index->checked);
    rc = index->checked ? check_sections(index->header, err)
                        : err_set(err, ERR_NOMEM, "no memory for an index");
    if (rc == ERR_OK)
        rc = look_at_sections(index, err);
    if (rc == ERR_OK && check == INDEX_CHECK_ALL)
        rc = index_verify(index, err);
    if (rc < 0)
        index_close(index);
    else
        *out = index;
    return rc;
}

static enum errc map_file(int fd, const char *path, const void **bytes, size_t *size, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode) || st.st_size < INDEX_HEADER_BYTES)
        return err_set(err, ERR_DAMAGED, "%s is not an index; make one with 'fengsui index build'", path);
    *size = (size_t)st.st_size;
    void *mapping = mmap(NULL, *size, PROT_READ, MAP_SHARED, fd, 0);
    if (mapping == MAP_FAILED)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    (void)madvise(mapping, *size, MADV_WILLNEED); /* advice only */
    *bytes = mapping;
    return ERR_OK;
}

enum errc index_open(const char *path, enum index_check check, struct index **out, struct err *err)
{
    const void *bytes = NULL;
    size_t size = 0;
    struct err why;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
    enum errc rc = map_file(fd, path, &bytes, &size, err);
    (void)close(fd); /* the mapping stays */
    if (rc < 0)
        return rc;
    rc = index_open_memory(bytes, size, check, out, &why);
    if (rc < 0) {
        (void)munmap((void *)(uintptr_t)bytes, size);
        return err_set(err, rc, "%s: %s", path, why.message);
    }
    (*out)->mapped = true;
    return rc;
}

void index_close(struct index *index)
{
    if (!index)
        return;
    if (index->mapped)
        (void)munmap((void *)(uintptr_t)index->bytes, index->size_bytes);
    free(index->checked);
    free(index);
}

/* A race makes two threads compute the same. */
static bool check_block(const struct index *index, size_t block)
{
    unsigned char state = atomic_load_explicit(&index->checked[block], memory_order_relaxed);
    if (state == BLOCK_UNKNOWN) {
        size_t at = INDEX_HEADER_BYTES + block * INDEX_BLOCK_BYTES;
        size_t left = index->header->blocks_at - at;
        size_t size = left < INDEX_BLOCK_BYTES ? left : INDEX_BLOCK_BYTES;
        state = hash64_block(index->bytes + at, size) == index->blocks[block] ? BLOCK_GOOD : BLOCK_BAD;
        atomic_store_explicit(&index->checked[block], state, memory_order_relaxed);
    }
    return state == BLOCK_GOOD;
}

enum errc index_verify(struct index *index, struct err *err)
{
    for (size_t i = 0; i < index->block_count; i++)
        if (!check_block(index, i))
            return err_set(err, ERR_DAMAGED,
                           "the bytes from %zu on do not match their checksum: build the index again",
                           INDEX_HEADER_BYTES + i * INDEX_BLOCK_BYTES);
    atomic_store_explicit(&index->whole, true, memory_order_relaxed);
    return ERR_OK;
}

bool index_trust(const struct index *index, const void *bytes, size_t size_bytes)
{
    if (atomic_load_explicit(&index->whole, memory_order_relaxed) || size_bytes == 0)
        return true;
    size_t at = (size_t)((const uint8_t *)bytes - index->bytes) - INDEX_HEADER_BYTES;
    for (size_t i = at / INDEX_BLOCK_BYTES; i <= (at + size_bytes - 1) / INDEX_BLOCK_BYTES; i++)
        if (!check_block(index, i))
            return false;
    return true;
}

static const char *text_at(const struct index *index, uint32_t at)
{
    if (at >= index->strings.n || !memchr(index->strings.p + at, '\0', index->strings.n - at))
        return "";
    return index->strings.p + at;
}

struct index_summary index_summary(const struct index *index)
{
    const struct index_header *header = index->header;
    struct index_summary summary = {
        .size_bytes = index->size_bytes,
        .checksum = header->checksum,
        .built_ms = header->built_ms,
        .build_ms = header->build_ms,
        .source_count = header->sections[SECTION_SOURCES].size_bytes / sizeof(struct index_source),
        .version = header->version,
    };
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        summary.counts[i] = header->counts[i];
        summary.total += header->counts[i];
    }
    return summary;
}

struct index_source_info index_source(const struct index *index, size_t i)
{
    const struct index_source *row =
        (const struct index_source *)(const void *)section(index, SECTION_SOURCES).p + i;
    return (struct index_source_info){text_at(index, row->name), row->lines, row->indicators, row->bad_lines};
}

/* The labels of a note as numbers; empty for a note that does not exist. */
static struct str note_labels(const struct index *index, uint32_t note)
{
    struct str places = section(index, SECTION_NOTES);
    struct str labels = section(index, SECTION_NOTE_LABELS);
    const uint32_t *place = (const void *)places.p;
    if (note == 0 || note >= places.n / sizeof *place)
        return (struct str){NULL, 0};
    uint32_t from = place[note - 1];
    uint32_t to = place[note];
    if (from > to || to > labels.n / sizeof *place)
        return (struct str){NULL, 0};
    return (struct str){labels.p + from * sizeof *place, (to - from) * sizeof *place};
}

static const struct index_label *label_row(const struct index *index, uint32_t label)
{
    struct str rows = section(index, SECTION_LABELS);
    const struct index_label *row = (const void *)rows.p;
    return label < rows.n / sizeof *row ? row + label : NULL;
}

bool index_trust_note(const struct index *index, uint32_t note)
{
    if (atomic_load_explicit(&index->whole, memory_order_relaxed) || note == 0)
        return true;
    struct str places = section(index, SECTION_NOTES);
    if (note >= places.n / sizeof(uint32_t) ||
        !index_trust(index, places.p + (note - 1) * sizeof(uint32_t), 2 * sizeof(uint32_t)))
        return false;
    struct str labels = note_labels(index, note);
    if (labels.n == 0 || !index_trust(index, labels.p, labels.n))
        return false;
    const uint32_t *label = (const void *)labels.p;
    for (size_t i = 0; i < labels.n / sizeof *label; i++) {
        const struct index_label *row = label_row(index, label[i]);
        if (!row || !index_trust(index, row, sizeof *row))
            return false;
        const char *source = text_at(index, row->source);
        const char *family = text_at(index, row->family);
        if ((*source && !index_trust(index, source, strlen(source) + 1)) ||
            (*family && !index_trust(index, family, strlen(family) + 1)))
            return false;
    }
    return true;
}

size_t index_labels(const struct index *index, uint32_t note, struct label *out, size_t room)
{
    struct str labels = note_labels(index, note);
    const uint32_t *label = (const void *)labels.p;
    size_t count = labels.n / sizeof *label;
    for (size_t i = 0; out && i < count && i < room; i++) {
        const struct index_label *row = label_row(index, label[i]);
        out[i] = (struct label){.source = "", .family = "", .confidence = LABEL_UNKNOWN};
        if (!row)
            continue;
        out[i].source = text_at(index, row->source);
        out[i].family = text_at(index, row->family);
        out[i].confidence = row->confidence;
        out[i].tlp = row->tlp < TLP_COUNT ? (enum tlp)row->tlp : TLP_UNKNOWN;
        out[i].match = row->match < MATCH_COUNT ? (enum label_match)row->match : MATCH_DEFAULT;
        out[i].valid_from_ms = row->valid_from_ms;
        out[i].valid_until_ms = row->valid_until_ms;
    }
    return count;
}
