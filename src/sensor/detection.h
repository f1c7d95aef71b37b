/* sensor/detection.h — what a sensor tells: what happened to whom, from when to when, with the evidence.
 *
 *   {"kind":"syn-flood","target":"192.0.2.1","first":"…Z","last":"…Z","evidence":{…},
 *    "lost":{"kernel":0,"sequence":0}}
 *
 * Layer    sensor.   Threads any.   Owns nothing: texts are lent.
 * Tests    tests/unit/sensor/test_detection.c
 */
#ifndef SENSOR_DETECTION_H
#define SENSOR_DETECTION_H

#include "base/buf.h"

struct loss {
    uint64_t kernel;   /* datagrams or packets that the kernel dropped */
    uint64_t sequence; /* numbers of exporters that never came */
};

struct detection {
    const char *kind;
    const char *target;
    int64_t first_ms;
    int64_t last_ms;
    const char *evidence; /* an object of JSON */
    struct loss lost;
};
typedef enum errc detection_fn(void *context, const struct detection *detection, struct err *err);

/* One line. */
void detection_write(const struct detection *detection, struct buf *out);

/* A JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void detection_string(const char *text, size_t size, struct buf *out);
/* "key":"2026-05-01T02:03:04.005Z" */
void detection_time(const char *key, int64_t ms, struct buf *out);

#endif
