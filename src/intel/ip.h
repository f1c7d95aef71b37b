/* intel/ip.h — IPv4 and IPv6 addresses and prefixes, as text and as bytes.
 *
 * Strict: four decimal octets without leading zeros, or RFC 4291. An IPv4-mapped IPv6 address is the IPv4
 * address it means.
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Errors   false for what is no address.
 * Tests    tests/unit/intel/test_ip.c
 */
#ifndef INTEL_IP_H
#define INTEL_IP_H

#include "base/str.h"

enum { IP_TEXT_SIZE = 64 }; /* "[v6]:port" and "v6/128" fit */

struct ip {
    uint8_t bytes[16]; /* network order; IPv4 in the first four, the rest zero */
    uint8_t bits;      /* 32 or 128 */
};

MUST_USE bool ip4_parse(struct str text, uint32_t *out);
MUST_USE bool ip_parse(struct str text, struct ip *out);

/* "address/length"; the bits behind the length are cleared. */
MUST_USE bool ip_parse_prefix(struct str text, struct ip *out, uint8_t *out_length);

/* "1.2.3.4:80" or "[2001:db8::1]:80", port 1 … 65535. */
MUST_USE bool ip_parse_endpoint(struct str text, struct ip *out, uint16_t *out_port);

/* Decimal, no sign, no leading zero, at most max. */
MUST_USE bool ip_parse_decimal(struct str text, uint32_t max, uint32_t *out);

uint32_t ip4_value(const struct ip *ip);
struct ip ip_from_ip4(uint32_t value);
void ip_mask(struct ip *ip, unsigned length);

/* RFC 5952 text. length = bits writes no "/length". */
void ip_format(const struct ip *ip, uint8_t length, char out[IP_TEXT_SIZE]);
void ip_format_endpoint(const struct ip *ip, uint16_t port, char out[IP_TEXT_SIZE]);

#endif
