#include "seal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = PROOF_NAME_MAX + 1, SYNC_MS = 1000 };

enum {
    AT_WRITES = 4,
    AT_NODE = AT_WRITES + 8,
    AT_UNIVERSE = AT_NODE + NAME_SIZE,
    AT_SIZE = AT_UNIVERSE + NAME_SIZE,
    AT_ROOT = AT_SIZE + 8,
    AT_HASH = AT_ROOT + HASH_SIZE,
    PLACE_BYTES = 256
};
_Static_assert(AT_HASH + HASH_SIZE <= PLACE_BYTES, "a place holds a row");

static const char MAGIC[] = "fsl1";

struct journal {
    int fd;
    struct hasher *hasher;
    int64_t synced_ms;
    bool failed; /* a sync failed: nobody knows what the disk holds */
};

static enum errc io_error(struct err *err, const char *what, const char *path)
{
    enum errc code = errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;
    return err_set(err, code, "%s %s: %s", what, path, strerror(errno));
}

static void put_u64(uint8_t *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static uint64_t get_u64(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* ---- one place ---- */

static enum errc encode(const struct guard_row *row, struct hasher *hasher, uint8_t out[PLACE_BYTES],
                        struct err *err)
{
    memset(out, 0, PLACE_BYTES);
    memcpy(out, MAGIC, AT_WRITES);
    put_u64(out + AT_WRITES, row->writes);
    memcpy(out + AT_NODE, row->node, NAME_SIZE);
    memcpy(out + AT_UNIVERSE, row->universe, NAME_SIZE);
    put_u64(out + AT_SIZE, row->kept.size);
    memcpy(out + AT_ROOT, row->kept.root, HASH_SIZE);
    return hash_once(hasher, out, AT_HASH, out + AT_HASH, err);
}

/* True when the place holds a whole row. */
static bool decode(const uint8_t place[PLACE_BYTES], struct hasher *hasher, struct guard_row *out)
{
    uint8_t hash[HASH_SIZE];
    struct guard_row row = {0};
    if (memcmp(place, MAGIC, AT_WRITES) != 0 || hash_once(hasher, place, AT_HASH, hash, NULL) < 0 ||
        memcmp(hash, place + AT_HASH, HASH_SIZE) != 0)
        return false;
    row.writes = get_u64(place + AT_WRITES);
    memcpy(row.node, place + AT_NODE, PROOF_NAME_MAX);
    memcpy(row.universe, place + AT_UNIVERSE, PROOF_NAME_MAX);
    row.kept.size = get_u64(place + AT_SIZE);
    memcpy(row.kept.root, place + AT_ROOT, HASH_SIZE);
    if (!proof_name_valid(row.node) || !proof_name_valid(row.universe))
        return false;
    *out = row;
    return true;
}

/* ---- the file ---- */

static bool read_full(int fd, uint8_t *out, size_t size_bytes, off_t at)
{
    while (size_bytes > 0) {
        ssize_t n = pread(fd, out, size_bytes, at);
        if (n == 0) {
            memset(out, 0, size_bytes); /* the file may end inside the last slot */
            return true;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        out += n;
        at += n;
        size_bytes -= (size_t)n;
    }
    return true;
}

/* The first writing of a slot was cut off: what it was for was never signed, for it is synced before. */
static bool never_written(const uint8_t place[PLACE_BYTES], bool is_last)
{
    for (size_t i = 0; i < PLACE_BYTES; i++)
        if (place[i] != 0)
            return false;
    return is_last;
}

static enum errc load_slot(struct journal *journal, const char *path, uint32_t slot, bool is_last,
                           struct guard *guard, struct err *err)
{
    uint8_t places[2][PLACE_BYTES];
    struct guard_row rows[2];
    if (!read_full(journal->fd, places[0], sizeof places, (off_t)slot * 2 * PLACE_BYTES))
        return io_error(err, "cannot read", path);
    bool whole[2] = {decode(places[0], journal->hasher, &rows[0]),
                     decode(places[1], journal->hasher, &rows[1])};
    if (!whole[0] && !whole[1] && never_written(places[0], is_last))
        return ERR_OK;
    if (!whole[0] && !whole[1])
        return err_set(err, ERR_DAMAGED,
                       "%s is damaged at entry %u: the signer no longer knows what it signed", path, slot);
    int newer = whole[1] && (!whole[0] || rows[1].writes > rows[0].writes);
    struct guard_row *row = NULL;
    enum errc rc = guard_add(guard, rows[newer].node, rows[newer].universe, &row, err);
    if (rc < 0)
        return rc == ERR_CONFLICT ? err_set(err, ERR_DAMAGED, "%s names a ledger twice", path) : rc;
    row->kept = rows[newer].kept;
    row->writes = rows[newer].writes;
    return ERR_OK;
}

static enum errc load(struct journal *journal, const char *path, struct guard *guard, struct err *err)
{
    struct stat info;
    if (fstat(journal->fd, &info) < 0)
        return io_error(err, "cannot read", path);
    off_t slots = (info.st_size + 2 * PLACE_BYTES - 1) / (2 * PLACE_BYTES);
    if (slots > GUARD_ROWS_MAX)
        return err_set(err, ERR_DAMAGED, "%s is larger than the signer ever makes it", path);
    enum errc rc = ERR_OK;
    for (uint32_t slot = 0; slot < (uint32_t)slots && rc == ERR_OK; slot++)
        rc = load_slot(journal, path, slot, slot + 1 == (uint32_t)slots, guard, err);
    return rc;
}

enum errc journal_open(const char *path, struct guard *guard, struct journal **out, struct err *err)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return err_set(err, ERR_NOMEM, "no memory for the signer's journal");
    journal->fd = -1;
    enum errc rc = hasher_new(SUITE_P256_SHA256, &journal->hasher, err);
    if (rc < 0)
        goto out;
    journal->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (journal->fd < 0) {
        rc = io_error(err, "cannot open", path);
        goto out;
    }
    rc = load(journal, path, guard, err);
out:
    if (rc < 0)
        journal_close(journal);
    else
        *out = journal;
    return rc;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->fd >= 0) {
        (void)fdatasync(journal->fd); /* best effort: see the header */
        (void)close(journal->fd);
    }
    hasher_free(journal->hasher);
    free(journal);
}

int journal_fd(const struct journal *journal)
{
    return journal->fd;
}

static enum errc sync_now(struct journal *journal, int64_t time_ms, struct err *err)
{
    if (fdatasync(journal->fd) < 0) {
        journal->failed = true;
        return io_error(err, "cannot sync", "the signer's journal");
    }
    journal->synced_ms = time_ms;
    return ERR_OK;
}

enum errc journal_write(struct journal *journal, struct guard_row *row, int64_t time_ms, struct err *err)
{
    uint8_t place[PLACE_BYTES];
    struct guard_row next = *row;
    next.writes++;
    if (journal->failed)
        return err_set(err, ERR_IO, "the signer's journal failed before; start the program again");
    enum errc rc = encode(&next, journal->hasher, place, err);
    if (rc < 0)
        return rc;
    off_t at = ((off_t)row->slot * 2 + (off_t)(next.writes & 1)) * PLACE_BYTES;
    for (size_t done = 0; done < PLACE_BYTES;) {
        ssize_t n = pwrite(journal->fd, place + done, PLACE_BYTES - done, at + (off_t)done);
        if (n < 0 && errno != EINTR)
            return io_error(err, "cannot write", "the signer's journal");
        done += n > 0 ? (size_t)n : 0;
    }
    int64_t since_ms = time_ms - journal->synced_ms;
    if (next.writes == 1 || since_ms < 0 || since_ms >= SYNC_MS)
        rc = sync_now(journal, time_ms, err);
    if (rc == ERR_OK)
        row->writes = next.writes;
    return rc;
}
