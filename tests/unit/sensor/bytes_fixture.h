/* Bytes from hexadecimal text with blanks, packets around a payload, and flows, for tests of the sensor. */
#ifndef UNIT_SENSOR_BYTES_FIXTURE_H
#define UNIT_SENSOR_BYTES_FIXTURE_H

#include "sensor/flow.h"

enum { BYTES_MAX = 4096 };

struct bytes {
    size_t size;
    uint8_t at[BYTES_MAX];
};

struct bytes bytes_of(const char *hex);
void bytes_add(struct bytes *bytes, const char *hex);

/* Ethernet, IPv4 without options and UDP around a payload. */
struct bytes bytes_udp(const char *source, const char *target, uint16_t source_port, uint16_t target_port,
                       const struct bytes *payload);

struct ip ip_of(const char *text);

/* One packet of UDP of 100 bytes at a time. */
struct flow flow_of(const char *source, const char *target, int64_t time_ms);

#endif
