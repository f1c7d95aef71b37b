/* intel/dns_text.h — query logs of dnsmasq, unbound, BIND and CoreDNS, told apart line by line.
 *
 *   dnsmasq  … dnsmasq[1]: query[A] evil.example from 192.0.2.1        … reply evil.example is 198.51.100.1
 *   unbound  … info: 192.0.2.1 evil.example. A IN
 *   BIND     … client @0x7f 192.0.2.1#5353 (evil.example): query: evil.example IN A +E(0)
 *   CoreDNS  [INFO] 192.0.2.1:5353 - 1 "A IN evil.example. udp 40 false 512" NOERROR …
 *
 * Fields are client, query and answer.
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Tests    tests/unit/intel/test_dns_text.c, tests/fuzz/fuzz_log.c
 */
#ifndef INTEL_DNS_TEXT_H
#define INTEL_DNS_TEXT_H

#include "intel/field.h"

/* False when the line is of none of them. */
bool dns_text_read(struct str line, field_visit_fn *visit, void *context);

#endif
