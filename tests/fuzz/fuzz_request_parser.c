/* The request parser, whatever comes: no crash, and the same result however the bytes are split. */
#include "fuzz.h"
#include "lib/http/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) /* the last byte also chooses the splits */
        http_trace_check_splits((const char *)data, size, data[size - 1]);
    return 0;
}
