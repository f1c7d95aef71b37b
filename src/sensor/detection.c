#include "sensor/detection.h"

#include "base/civil.h"
#include "base/str.h"

#include <inttypes.h>
#include <string.h>

void detection_string(const char *text, size_t size, struct buf *out)
{
    bool valid = utf8_valid(text, size);
    buf_adds(out, "\"");
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            buf_addf(out, "\\u%04x", c);
        else if (c >= 0x80 && !valid)
            buf_adds(out, "\\ufffd");
        else
            buf_add(out, &text[i], 1);
    }
    buf_adds(out, "\"");
}

void detection_time(const char *key, int64_t ms, struct buf *out)
{
    char text[CIVIL_TIME_SIZE];
    civil_format_time(ms, 0, text);
    buf_addf(out, "\"%s\":\"%s\"", key, text);
}

void detection_write(const struct detection *detection, struct buf *out)
{
    buf_adds(out, "{\"kind\":");
    detection_string(detection->kind, strlen(detection->kind), out);
    buf_adds(out, ",\"target\":");
    detection_string(detection->target, strlen(detection->target), out);
    buf_adds(out, ",");
    detection_time("first", detection->first_ms, out);
    buf_adds(out, ",");
    detection_time("last", detection->last_ms, out);
    buf_addf(out, ",\"evidence\":%s,\"lost\":{\"kernel\":%" PRIu64 ",\"sequence\":%" PRIu64 "}}\n",
             detection->evidence, detection->lost.kernel, detection->lost.sequence);
}
