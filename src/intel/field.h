/* intel/field.h — which fields of a log hold what an indicator can match, by their names.
 *
 * A rule names the end of a path: "dns.rrname" holds for "dns.rrname" and for "data.dns.rrname", not for
 * "xdns.rrname". Array places are not part of a rule: "answers.rdata" holds for "dns.answers[0].rdata".
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Data     RULES in field.c.
 * Tests    tests/unit/intel/test_field.c
 */
#ifndef INTEL_FIELD_H
#define INTEL_FIELD_H

#include "intel/kind.h"

enum field_type {
    FIELD_NONE,
    FIELD_NAME,  /* a domain name; blanks and escapes are part of it */
    FIELD_HOST,  /* a name or an address, with a port or without */
    FIELD_HOSTS, /* several of them: "192.0.2.1, evil.example" */
    FIELD_IP,
    FIELD_PORT, /* of the address in the same group */
    FIELD_URL,
    FIELD_PATH, /* of a URL whose host is in the same group; or a whole URL */
    FIELD_DIGEST,
    FIELD_EMAIL,   /* "Name <user@host>" */
    FIELD_SUBJECT, /* of a certificate: "C=CN, CN=evil.example" */
    FIELD_SIP,     /* "sip:+8613800138000@host" */
    FIELD_ANY,     /* whatever it looks like */
    FIELD_TYPE_COUNT
};

/* Fields of one record that mean something together. */
enum field_group { GROUP_NONE, GROUP_SOURCE, GROUP_DESTINATION, GROUP_HTTP, GROUP_COUNT };

struct field_rule {
    const char *path;
    enum field_type type;
    enum field_group group;
    enum kind digest; /* of FIELD_DIGEST; KIND_COUNT = any algorithm */
};

/* One field of a record: texts are lent by the record or by the reader's scratch, until the next record. */
struct field {
    struct str name;  /* for people: "dns.answers[0].rdata" */
    struct str value; /* decoded */
    const struct field_rule *rule;
    const char *at; /* where it stands in the log */
};
typedef void field_visit_fn(void *context, const struct field *field);

enum field_family { FAMILY_EVE, FAMILY_ZEEK, FAMILY_JSON, FAMILY_COUNT }; /* JSON has the rules of both */

enum { FIELD_SLOTS = 1 << 10, FIELD_RULES_MAX = 128 };

/* The rules of a family by the last part of their paths, for readers that see millions of keys a second. */
struct field_table {
    uint64_t multiplier; /* puts every key into a slot of its own */
    uint64_t keys[FIELD_SLOTS];
    uint8_t first[FIELD_SLOTS];    /* rule + 1; 0 = free */
    uint8_t next[FIELD_RULES_MAX]; /* another rule with this key, + 1 */
    uint8_t type[FIELD_SLOTS];     /* of all rules with this key: see field_table_scan() */
    uint8_t group[FIELD_SLOTS];
};

void field_table_init(struct field_table *table, enum field_family family);

/* The rule for a path, NULL when nobody looks there. */
const struct field_rule *field_find(const struct field_table *table, struct str path);

/* A key as a number: its last eight bytes, first byte lowest; no key has a NUL. */
uint64_t field_key(struct str key);

/* What a value under this key may be, whatever stands before the key; FIELD_NONE when no rule ends so.
 * Where rules differ, FIELD_PATH stands for FIELD_URL and FIELD_SIP too. */
static inline enum field_type field_table_scan(const struct field_table *table, uint64_t key, uint8_t *group)
{
    size_t slot = (size_t)(key * table->multiplier >> 54);
    *group = table->group[slot];
    return table->keys[slot] == key ? (enum field_type)table->type[slot] : FIELD_NONE;
}

#endif
