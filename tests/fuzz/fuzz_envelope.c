/* Messages of the link: what is read can be written, reads back the same, and fits where it was reckoned. */
#include "fuzz.h"
#include "link/envelope.h"

#include <string.h>

static void write_to(const struct envelope *envelope, struct buf *out)
{
    buf_init(out, 8 * (size_t)ENVELOPE_BYTES_MAX);
    must(envelope_write(envelope, out, NULL) == ERR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct envelope once;
    struct envelope twice;
    arena_init(&arena, 64 << 20);
    if (envelope_read((const char *)data, size, &arena, &once, NULL) == ERR_OK) {
        struct buf first;
        struct buf second;
        write_to(&once, &first);
        must(envelope_read(first.data, first.size_bytes, &arena, &twice, NULL) == ERR_OK);
        write_to(&twice, &second);
        must(first.size_bytes == second.size_bytes && memcmp(first.data, second.data, first.size_bytes) == 0);
        buf_done(&first);
        buf_done(&second);
    }
    arena_done(&arena);
    return 0;
}
