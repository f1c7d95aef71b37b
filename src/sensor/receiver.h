/* sensor/receiver.h — datagrams from a UDP port, many at a call, with what the kernel dropped.
 *
 * With UDP_GRO the kernel may hand over several datagrams of one sender as one; they are taken apart here.
 *
 * Layer    sensor.
 * Owns     its socket and buffers.
 * Threads  one receiver, one thread; several may share a port (SO_REUSEPORT).
 * Errors   ERR_INVALID address, ERR_IO.
 * Tests    tests/unit/sensor/test_receiver.c
 */
#ifndef SENSOR_RECEIVER_H
#define SENSOR_RECEIVER_H

#include "intel/ip.h"

enum { RECEIVE_BATCH = 32, RECEIVE_SIZE_MAX = 65536, RECEIVE_SOCKET_BYTES = 16 << 20 };

struct receiver;

/* "0.0.0.0:2055" or "[::]:2055"; port 0 takes a free one. */
MUST_USE enum errc receiver_open(const char *address, struct receiver **out, struct err *err);
void receiver_close(struct receiver *receiver);

/* The port it listens on. */
uint16_t receiver_port(const struct receiver *receiver);
/* Datagrams that the kernel dropped since the start. */
uint64_t receiver_dropped(const struct receiver *receiver);

typedef enum errc receive_fn(void *context, const struct ip *from, const uint8_t *bytes, size_t size,
                             struct err *err);
/* Waits up to timeout_ms and hands over what has come. A signal ends the waiting early. */
MUST_USE enum errc receiver_take(struct receiver *receiver, int timeout_ms, receive_fn *take, void *context,
                                 struct err *err);

#endif
