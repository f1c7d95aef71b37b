#include "intel/kind.h"

static const char *const NAMES[KIND_COUNT] = {
#define ROW(name, text) text,
    KINDS(ROW)
#undef ROW
};

static const uint8_t DIGEST_BYTES[KIND_COUNT] = {
    [KIND_MD5] = 16, [KIND_SHA1] = 20, [KIND_SHA256] = 32, [KIND_SM3] = 32};

const char *kind_name(enum kind kind)
{
    return NAMES[kind];
}

int kind_parse(struct str name)
{
    for (int i = 0; i < KIND_COUNT; i++)
        if (str_eq(name, NAMES[i]))
            return i;
    return -1;
}

bool kind_is_hash(enum kind kind)
{
    return DIGEST_BYTES[kind] > 0;
}

size_t kind_digest_bytes(enum kind kind)
{
    return DIGEST_BYTES[kind];
}
