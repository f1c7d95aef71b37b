/* What doc_parse takes can be written, and reads back as the same document; what it refuses has a story. */
#include "base/doc.h"
#include "fuzz.h"

static void survives_a_round_trip(const json_t *doc)
{
    struct err err;
    struct buf text;
    json_t *again = NULL;
    buf_init(&text, (size_t)DOC_BYTES_MAX * 8);
    must(doc_write(doc, &text, &err) == ERR_OK);
    must(doc_parse(text.data, text.size_bytes, &again, &err) == ERR_OK);
    must(json_equal(doc, again));
    json_decref(again);
    buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err;
    json_t *doc = NULL;
    err_clear(&err);
    if (doc_parse((const char *)data, size, &doc, &err) < 0) {
        must(!doc && err.code < 0 && err.message[0]);
        return 0;
    }
    survives_a_round_trip(doc);
    json_decref(doc);
    return 0;
}
