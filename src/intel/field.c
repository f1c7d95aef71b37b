#include "intel/field.h"

#include <string.h>

#define EVE (1u << FAMILY_EVE | 1u << FAMILY_JSON)
#define ZEEK (1u << FAMILY_ZEEK | 1u << FAMILY_JSON)
#define BOTH (EVE | ZEEK)

/* Kept as one row a field: name, meaning, group, algorithm, where. Of two rules that fit a
 * path the first one counts. */
#define ROW(path, type, group, digest, families)                                                             \
    {                                                                                                        \
        {path, FIELD_##type, GROUP_##group, KIND_##digest}, families                                         \
    }

static const struct {
    struct field_rule rule;
    unsigned families;
} ROWS[] = {
    /* addresses and ports */
    ROW("src_ip", IP, SOURCE, COUNT, EVE),
    ROW("src_port", PORT, SOURCE, COUNT, EVE),
    ROW("dest_ip", IP, DESTINATION, COUNT, EVE),
    ROW("dest_port", PORT, DESTINATION, COUNT, EVE),
    ROW("source.ip", IP, NONE, COUNT, EVE),
    ROW("target.ip", IP, NONE, COUNT, EVE),
    ROW("id.orig_h", IP, SOURCE, COUNT, ZEEK),
    ROW("id.orig_p", PORT, SOURCE, COUNT, ZEEK),
    ROW("id.resp_h", IP, DESTINATION, COUNT, ZEEK),
    ROW("id.resp_p", PORT, DESTINATION, COUNT, ZEEK),
    ROW("src", IP, NONE, COUNT, ZEEK),
    ROW("dst", IP, NONE, COUNT, ZEEK),
    ROW("tx_hosts", IP, NONE, COUNT, ZEEK),
    ROW("rx_hosts", IP, NONE, COUNT, ZEEK),
    ROW("x_originating_ip", IP, NONE, COUNT, ZEEK),
    ROW("path", IP, NONE, COUNT, ZEEK), /* of smtp.log: the relays */
    ROW("data_channel.orig_h", IP, NONE, COUNT, ZEEK),
    ROW("data_channel.resp_h", IP, NONE, COUNT, ZEEK),
    ROW("framed_addr", IP, NONE, COUNT, ZEEK),
    ROW("remote_ip", IP, NONE, COUNT, ZEEK),
    ROW("client_addr", IP, NONE, COUNT, ZEEK),
    ROW("server_addr", IP, NONE, COUNT, ZEEK),
    ROW("assigned_addr", IP, NONE, COUNT, ZEEK),
    ROW("dhcp.assigned_ip", IP, NONE, COUNT, EVE),
    ROW("dhcp.client_ip", IP, NONE, COUNT, EVE),
    ROW("dhcp.relay_ip", IP, NONE, COUNT, EVE),
    ROW("dhcp.next_server_ip", IP, NONE, COUNT, EVE),
    ROW("dhcp.routers", IP, NONE, COUNT, EVE),
    ROW("dhcp.dns_servers", IP, NONE, COUNT, EVE),
    ROW("xff", HOSTS, NONE, COUNT, EVE),
    ROW("proxied", HOSTS, NONE, COUNT, ZEEK),
    /* names asked for, and answers */
    ROW("rrname", NAME, NONE, COUNT, EVE),
    ROW("rdata", HOST, NONE, COUNT, EVE),
    ROW("grouped.A", IP, NONE, COUNT, EVE),
    ROW("grouped.AAAA", IP, NONE, COUNT, EVE),
    ROW("grouped.CNAME", NAME, NONE, COUNT, EVE),
    ROW("grouped.NS", NAME, NONE, COUNT, EVE),
    ROW("grouped.PTR", NAME, NONE, COUNT, EVE),
    ROW("grouped.MX", NAME, NONE, COUNT, EVE),
    ROW("soa.mname", NAME, NONE, COUNT, EVE),
    ROW("srv.name", NAME, NONE, COUNT, EVE),
    ROW("query", NAME, NONE, COUNT, ZEEK),
    ROW("answers", HOST, NONE, COUNT, ZEEK),
    /* TLS */
    ROW("sni", HOST, NONE, COUNT, EVE),
    ROW("server_name", HOST, NONE, COUNT, ZEEK),
    ROW("tls.subject", SUBJECT, NONE, COUNT, EVE),
    ROW("tls.issuerdn", SUBJECT, NONE, COUNT, EVE),
    ROW("subjectaltname", HOST, NONE, COUNT, EVE),
    ROW("tls.fingerprint", DIGEST, NONE, COUNT, EVE),
    ROW("ja3.hash", DIGEST, NONE, MD5, EVE),
    ROW("ja3s.hash", DIGEST, NONE, MD5, EVE),
    ROW("certificate.subject", SUBJECT, NONE, COUNT, ZEEK),
    ROW("certificate.issuer", SUBJECT, NONE, COUNT, ZEEK),
    ROW("subject", SUBJECT, NONE, COUNT, ZEEK),
    ROW("issuer", SUBJECT, NONE, COUNT, ZEEK),
    ROW("san.dns", HOST, NONE, COUNT, ZEEK),
    ROW("san.ip", IP, NONE, COUNT, ZEEK),
    ROW("san.uri", URL, NONE, COUNT, ZEEK),
    ROW("san.email", EMAIL, NONE, COUNT, ZEEK),
    ROW("cert_chain_fps", DIGEST, NONE, COUNT, ZEEK),
    ROW("client_cert_chain_fps", DIGEST, NONE, COUNT, ZEEK),
    ROW("fingerprint", DIGEST, NONE, COUNT, ZEEK),
    ROW("ja3", DIGEST, NONE, MD5, ZEEK),
    ROW("ja3s", DIGEST, NONE, MD5, ZEEK),
    /* HTTP */
    ROW("http.hostname", HOST, HTTP, COUNT, EVE),
    ROW("http.url", PATH, HTTP, COUNT, EVE),
    ROW("http.http_refer", URL, NONE, COUNT, EVE),
    ROW("http.redirect", URL, NONE, COUNT, EVE),
    ROW("request.host", HOST, NONE, COUNT, ZEEK),
    ROW("host", HOST, HTTP, COUNT, ZEEK),
    ROW("uri", PATH, HTTP, COUNT, ZEEK),
    ROW("referrer", URL, NONE, COUNT, ZEEK),
    ROW("arg", URL, NONE, COUNT, ZEEK), /* of ftp.log */
    /* files */
    ROW("md5", DIGEST, NONE, MD5, BOTH),
    ROW("sha1", DIGEST, NONE, SHA1, BOTH),
    ROW("sha256", DIGEST, NONE, SHA256, BOTH),
    ROW("sm3", DIGEST, NONE, SM3, BOTH),
    /* mail */
    ROW("helo", HOST, NONE, COUNT, BOTH),
    ROW("smtp.mail_from", EMAIL, NONE, COUNT, EVE),
    ROW("smtp.rcpt_to", EMAIL, NONE, COUNT, EVE),
    ROW("email.from", EMAIL, NONE, COUNT, EVE),
    ROW("email.to", EMAIL, NONE, COUNT, EVE),
    ROW("email.cc", EMAIL, NONE, COUNT, EVE),
    ROW("email.url", URL, NONE, COUNT, EVE),
    ROW("mailfrom", EMAIL, NONE, COUNT, ZEEK),
    ROW("rcptto", EMAIL, NONE, COUNT, ZEEK),
    ROW("from", EMAIL, NONE, COUNT, ZEEK),
    ROW("to", EMAIL, NONE, COUNT, ZEEK),
    ROW("cc", EMAIL, NONE, COUNT, ZEEK),
    ROW("reply_to", EMAIL, NONE, COUNT, ZEEK),
    /* telephony */
    ROW("sip.uri", SIP, NONE, COUNT, EVE),
    ROW("request_from", SIP, NONE, COUNT, ZEEK),
    ROW("request_to", SIP, NONE, COUNT, ZEEK),
    ROW("response_from", SIP, NONE, COUNT, ZEEK),
    ROW("response_to", SIP, NONE, COUNT, ZEEK),
    /* what Zeek's intelligence framework saw */
    ROW("seen.indicator", ANY, NONE, COUNT, ZEEK),
};

enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

_Static_assert((int)ROW_COUNT < (int)FIELD_RULES_MAX, "a rule has a number of one byte");

uint64_t field_key(struct str key)
{
    uint64_t number = 0;
    size_t n = key.n < sizeof number ? key.n : sizeof number;
    memcpy(&number, key.p + key.n - n, n);
    return number;
}

static struct str last_part(struct str path)
{
    const char *dot = path.n > 0 ? memrchr(path.p, '.', path.n) : NULL;
    return dot ? (struct str){dot + 1, path.n - (size_t)(dot + 1 - path.p)} : path;
}

static size_t slot_of(const struct field_table *table, uint64_t key)
{
    return (size_t)(key * table->multiplier >> 54);
}

static enum field_type wider(enum field_type a, enum field_type b)
{
    return a == b ? a : FIELD_PATH;
}

/* False when two keys share a slot. */
static bool fill(struct field_table *table, enum field_family family)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!(ROWS[i].families >> family & 1))
            continue;
        const struct field_rule *rule = &ROWS[i].rule;
        uint64_t key = field_key(last_part((struct str){rule->path, strlen(rule->path)}));
        size_t slot = slot_of(table, key);
        bool there = table->first[slot] > 0;
        if (there && table->keys[slot] != key)
            return false;
        table->keys[slot] = key;
        table->type[slot] = (uint8_t)(there ? wider((enum field_type)table->type[slot], rule->type)
                                            : rule->type);
        if (rule->group != GROUP_NONE)
            table->group[slot] = (uint8_t)rule->group;
        /* Behind the ones before it: the first that fits is the one. */
        uint8_t *link = &table->first[slot];
        while (*link > 0)
            link = &table->next[*link - 1];
        *link = (uint8_t)(i + 1);
    }
    return true;
}

void field_table_init(struct field_table *table, enum field_family family)
{
    uint64_t multiplier = UINT64_C(0x9E3779B97F4A7C15);
    do {
        memset(table, 0, sizeof *table);
        table->multiplier = multiplier;
        multiplier = multiplier * UINT64_C(6364136223846793005) + 1442695040888963407u;
    } while (!fill(table, family));
}

static bool ends_with(struct str path, const char *rule)
{
    size_t n = strlen(rule);
    return path.n >= n && memcmp(path.p + path.n - n, rule, n) == 0 &&
           (path.n == n || path.p[path.n - n - 1] == '.');
}

const struct field_rule *field_find(const struct field_table *table, struct str path)
{
    uint64_t key = field_key(last_part(path));
    size_t slot = slot_of(table, key);
    if (table->keys[slot] != key)
        return NULL;
    for (uint8_t i = table->first[slot]; i > 0; i = table->next[i - 1])
        if (ends_with(path, ROWS[i - 1].rule.path))
            return &ROWS[i - 1].rule;
    return NULL;
}
