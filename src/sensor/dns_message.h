/* sensor/dns_message.h — a DNS message (RFC 1035) taken apart: its question, and what its answers hold.
 *
 *   id | flags | counts of questions, answers, authorities, additionals | questions | records …
 *
 * Layer    sensor.
 * Owns     nothing; the message lies in the datagram.
 * Threads  any.
 * Errors   false for what is no whole message: pointers that do not go back, names over 255 bytes, records
 *          that end behind it. A message that says it was cut (TC) may end early.
 * Tests    tests/unit/sensor/test_dns_message.c, tests/fuzz/fuzz_dns.c, tests/oracle/dns_oracle.py
 */
#ifndef SENSOR_DNS_MESSAGE_H
#define SENSOR_DNS_MESSAGE_H

#include "intel/ip.h"
#include "sensor/wire.h"

enum { DNS_NAME_TEXT = 1024, DNS_LABELS_MAX = 128, DNS_RECORDS_MAX = 4096 };
enum { DNS_NOERROR = 0, DNS_FORMERR = 1, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_REFUSED = 5 };
enum { DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_NULL = 10, DNS_PTR = 12, DNS_TXT = 16, DNS_AAAA = 28 };

/* In lower case with dots, no dot at the end; the root is "". What is no host's character is \DDD. */
struct dns_name {
    uint16_t size;
    uint8_t labels;
    char text[DNS_NAME_TEXT];
};

struct dns_message {
    struct wire whole;
    size_t records_at; /* behind the questions */
    uint16_t id;
    bool response;
    bool cut;
    uint8_t opcode;
    uint8_t rcode;
    uint16_t questions;
    uint16_t answers;
    uint16_t type;
    struct dns_name name; /* of the first question; "" when there is none */
};

struct dns_record {
    uint16_t type;
    uint32_t ttl_s;
    struct ip address;    /* of A and AAAA; else bits = 0 */
    struct dns_name name; /* what CNAME, NS and PTR point to; else "" */
};
typedef void dns_record_fn(void *context, const struct dns_record *record);

bool dns_message_read(const uint8_t *bytes, size_t size, struct dns_message *out);

/* The answers of a message that was read. */
void dns_message_answers(const struct dns_message *message, dns_record_fn *visit, void *context);

#endif
