/* sensor/wire.h — a datagram read from the left in network order, never behind its end.
 *
 * Reading past the end gives zeros and sets bad; a decoder may read a whole header and test once.
 *
 * Layer    sensor.   Threads any.   Owns nothing.
 * Tests    tests/unit/sensor/test_wire.c
 */
#ifndef SENSOR_WIRE_H
#define SENSOR_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
    const uint8_t *p;
    size_t n; /* left */
    bool bad;
};

static inline struct wire wire_of(const void *bytes, size_t size)
{
    return (struct wire){bytes, size, false};
}

/* The next size bytes; NULL, and nothing left, when there are fewer. */
static inline const uint8_t *wire_take(struct wire *wire, size_t size)
{
    const uint8_t *at = wire->p;
    if (size > wire->n) {
        wire->bad = true;
        wire->n = 0;
        return NULL;
    }
    wire->p += size;
    wire->n -= size;
    return at;
}

/* An unsigned number of 1 to 8 bytes. */
static inline uint64_t wire_number(const uint8_t *p, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | p[i];
    return value;
}

static inline uint64_t wire_uint(struct wire *wire, size_t size)
{
    const uint8_t *p = wire_take(wire, size);
    return p ? wire_number(p, size) : 0;
}

static inline uint8_t wire_u8(struct wire *wire)
{
    return (uint8_t)wire_uint(wire, 1);
}

static inline uint16_t wire_u16(struct wire *wire)
{
    return (uint16_t)wire_uint(wire, 2);
}

static inline uint32_t wire_u32(struct wire *wire)
{
    return (uint32_t)wire_uint(wire, 4);
}

/* A part of its own; empty and bad when there are fewer bytes. */
static inline struct wire wire_part(struct wire *wire, size_t size)
{
    const uint8_t *p = wire_take(wire, size);
    return (struct wire){p, p ? size : 0, !p};
}

#endif
