/* sensor/capture.h — the packets of a capture file (pcap, pcapng), or of standard input.
 *
 * Layer    sensor.
 * Owns     struct capture; a frame is lent until the next is read.
 * Threads  one capture, one thread.
 * Errors   ERR_NOT_FOUND, ERR_SYNTAX for what is no capture, ERR_UNSUPPORTED for its link type,
 *          ERR_DAMAGED when it ends in the middle: what came before has been given.
 * Tests    tests/unit/sensor/test_capture.c
 */
#ifndef SENSOR_CAPTURE_H
#define SENSOR_CAPTURE_H

#include "base/err.h"

struct capture;

struct frame {
    int link; /* see sensor/packet.h */
    int64_t time_ms;
    const uint8_t *bytes;
    size_t size;
    size_t wire_size; /* before the capture cut it */
};

/* "-" is standard input. */
MUST_USE enum errc capture_open(const char *path, struct capture **out, struct err *err);
void capture_close(struct capture *capture);

/* *more is false at the end. */
MUST_USE enum errc capture_next(struct capture *capture, struct frame *out, bool *more, struct err *err);

#endif
