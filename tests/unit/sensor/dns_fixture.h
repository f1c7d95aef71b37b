/* DNS messages, and what the watches over DNS tell of them. */
#ifndef UNIT_SENSOR_DNS_FIXTURE_H
#define UNIT_SENSOR_DNS_FIXTURE_H

#include "sensor/dns_event.h"
#include "sensor/dns_open.h"
#include "unit/sensor/bytes_fixture.h"

enum { DNS_TOLD_MAX = 64 };

struct dns_told {
    size_t count;
    char kinds[DNS_TOLD_MAX][32];
    char targets[DNS_TOLD_MAX][DNS_OPEN_NAME_SIZE];
    char evidence[DNS_TOLD_MAX][4096];
};

enum errc dns_fixture_keep(void *context, const struct detection *detection, struct err *err);

/* A question; with an address a response with that answer, with rcode > 0 a response without. */
struct bytes dns_fixture_message(uint16_t id, const char *name, uint16_t type, int rcode,
                                 const char *address);

/* The same, read and with its parties: 192.0.2.9 asks 198.51.100.53. rcode -1 = a question. */
struct dns_fixture_event {
    struct bytes bytes;
    struct dns_message message;
    struct dns_event event;
};
void dns_fixture_event(struct dns_fixture_event *out, uint16_t id, const char *name, uint16_t type, int rcode,
                       const char *address, int64_t now_ms);

void dns_fixture_list(struct dns_open_list *list, struct dns_told *told);
/* Ends all that is open. */
void dns_fixture_end(struct dns_open_list *list);

#endif
