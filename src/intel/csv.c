#include "intel/csv.h"

#include "base/civil.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* rank: of several columns with one meaning the lowest that is not empty counts. */
static const struct {
    const char *name;
    enum csv_role role;
    int rank;
} COLUMNS[] = {
    {"indicator", CSV_VALUE, 0},
    {"ioc", CSV_VALUE, 0},
    {"ioc_value", CSV_VALUE, 0},
    {"value", CSV_VALUE, 0},
    {"observable", CSV_VALUE, 0},
    {"url", CSV_URL, 0},
    {"uri", CSV_URL, 0},
    {"domain", CSV_HOST, 0},
    {"domain_name", CSV_HOST, 0},
    {"fqdn", CSV_HOST, 0},
    {"host", CSV_HOST, 0},
    {"hostname", CSV_HOST, 0},
    {"ip", CSV_HOST, 0},
    {"ip_address", CSV_HOST, 0},
    {"ipaddress", CSV_HOST, 0},
    {"ipv4", CSV_HOST, 0},
    {"ipv6", CSV_HOST, 0},
    {"address", CSV_HOST, 0},
    {"dst_ip", CSV_HOST, 0},
    {"src_ip", CSV_HOST, 0},
    {"cidr", CSV_HOST, 0},
    {"network", CSV_HOST, 0},
    {"hash", CSV_DIGEST, 0},
    {"file_hash", CSV_DIGEST, 0},
    {"md5", CSV_MD5, 0},
    {"md5_hash", CSV_MD5, 0},
    {"sha1", CSV_SHA1, 0},
    {"sha1_hash", CSV_SHA1, 0},
    {"sha256", CSV_SHA256, 0},
    {"sha256_hash", CSV_SHA256, 0},
    {"sm3", CSV_SM3, 0},
    {"sm3_hash", CSV_SM3, 0},
    {"number", CSV_NUMBER, 0},
    {"phone", CSV_NUMBER, 0},
    {"phone_number", CSV_NUMBER, 0},
    {"telephone", CSV_NUMBER, 0},
    {"msisdn", CSV_NUMBER, 0},
    {"type", CSV_TYPE, 0},
    {"ioc_type", CSV_TYPE, 0},
    {"indicator_type", CSV_TYPE, 0},
    {"malware_printable", CSV_FAMILY, 0},
    {"family", CSV_FAMILY, 1},
    {"malware_family", CSV_FAMILY, 1},
    {"malware", CSV_FAMILY, 2},
    {"signature", CSV_FAMILY, 3},
    {"threat", CSV_FAMILY, 4},
    {"tags", CSV_FAMILY, 5},
    {"category", CSV_FAMILY, 6},
    {"confidence", CSV_CONFIDENCE, 0},
    {"confidence_level", CSV_CONFIDENCE, 0},
    {"tlp", CSV_TLP, 0},
    {"valid_from", CSV_FROM, 0},
    {"first_seen", CSV_FROM, 1},
    {"first_seen_utc", CSV_FROM, 1},
    {"dateadded", CSV_FROM, 2},
    {"valid_until", CSV_UNTIL, 0},
    {"expires", CSV_UNTIL, 0},
    {"expiration", CSV_UNTIL, 0},
};

static struct str trim(struct str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (struct str){s.p + 1, s.n - 1};
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

size_t csv_split(struct str line, char delimiter, struct str out[CSV_COLUMNS_MAX])
{
    size_t count = 0;
    size_t from = 0;
    bool quoted = false;
    for (size_t i = 0; i <= line.n && count < CSV_COLUMNS_MAX; i++) {
        if (i < line.n && line.p[i] == '"')
            quoted = !quoted;
        if (i < line.n && (quoted || line.p[i] != delimiter))
            continue;
        struct str cell = trim((struct str){line.p + from, i - from});
        if (cell.n >= 2 && cell.p[0] == '"' && cell.p[cell.n - 1] == '"')
            cell = trim((struct str){cell.p + 1, cell.n - 2});
        out[count++] = cell;
        from = i + 1;
    }
    return count;
}

static int column_of(struct str name)
{
    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++)
        if (strlen(COLUMNS[i].name) == name.n && strncasecmp(COLUMNS[i].name, name.p, name.n) == 0)
            return (int)i;
    return -1;
}

static bool holds_values(enum csv_role role)
{
    return role >= CSV_VALUE && role <= CSV_NUMBER;
}

/* The cells, and roles of one column each: where two columns mean one thing, the better one keeps it. */
static bool read_header(struct str line, char delimiter, struct csv *out)
{
    struct str cells[CSV_COLUMNS_MAX];
    int ranks[CSV_COLUMNS_MAX];
    bool values = false;
    out->delimiter = delimiter;
    out->count = csv_split(line, delimiter, cells);
    for (size_t i = 0; i < out->count; i++) {
        int column = column_of(cells[i]);
        out->roles[i] = column < 0 ? CSV_OTHER : COLUMNS[column].role;
        ranks[i] = column < 0 ? 0 : COLUMNS[column].rank;
        values = values || holds_values(out->roles[i]);
        for (size_t k = 0; k < i && !holds_values(out->roles[i]); k++)
            if (out->roles[k] == out->roles[i])
                out->roles[ranks[k] <= ranks[i] ? i : k] = CSV_OTHER;
    }
    return values;
}

bool csv_header(struct str line, struct csv *out)
{
    static const char DELIMITERS[] = {',', ';', '\t', '|'};
    for (size_t i = 0; i < sizeof DELIMITERS; i++)
        if (line.n > 0 && memchr(line.p, DELIMITERS[i], line.n) && read_header(line, DELIMITERS[i], out))
            return true;
    /* One column has no delimiter. */
    return read_header(line, ',', out);
}

bool csv_is_value(const struct csv *csv, enum csv_role role)
{
    bool any = false;
    bool url = false;
    for (size_t i = 0; i < csv->count; i++) {
        any = any || csv->roles[i] == CSV_VALUE;
        url = url || csv->roles[i] == CSV_URL;
    }
    if (any)
        return role == CSV_VALUE;
    /* The host of a bad URL is not a bad host. */
    return holds_values(role) && !(url && role == CSV_HOST);
}

int64_t csv_time(struct str text)
{
    char copy[40];
    int64_t ms;
    struct civil_date date;
    if (text.n >= sizeof copy - 1 || text.n < 10)
        return LABEL_NO_TIME;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    if (text.n == 10)
        return civil_parse_date(copy, &date, NULL) == ERR_OK ? civil_day_start_ms(date, 0) : LABEL_NO_TIME;
    if (text.n > 4 && strcmp(copy + text.n - 4, " UTC") == 0)
        copy[text.n - 4] = '\0';
    size_t n = strlen(copy);
    if (n == 19) {
        copy[10] = copy[10] == ' ' ? 'T' : copy[10];
        copy[19] = 'Z';
        copy[20] = '\0';
    }
    return civil_parse_time(copy, &ms, NULL) == ERR_OK ? ms : LABEL_NO_TIME;
}

static int confidence_of(struct str cell)
{
    int value = 0;
    if (cell.n == 0 || cell.n > 3)
        return LABEL_UNKNOWN;
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] < '0' || cell.p[i] > '9')
            return LABEL_UNKNOWN;
        value = value * 10 + (cell.p[i] - '0');
    }
    return value <= LABEL_CONFIDENCE_MAX ? value : LABEL_UNKNOWN;
}

void csv_read_said(const struct csv *csv, const struct str *cells, size_t count, struct csv_said *said)
{
    *said = (struct csv_said){
        .confidence = LABEL_UNKNOWN, .valid_from_ms = LABEL_NO_TIME, .valid_until_ms = LABEL_NO_TIME};
    for (size_t i = 0; i < count && i < csv->count; i++) {
        int tlp;
        switch (csv->roles[i]) {
        case CSV_TYPE: said->type = cells[i]; break;
        case CSV_FAMILY: said->family = cells[i]; break;
        case CSV_CONFIDENCE: said->confidence = confidence_of(cells[i]); break;
        case CSV_TLP:
            tlp = tlp_parse(cells[i]);
            said->tlp = tlp < 0 ? TLP_UNKNOWN : (enum tlp)tlp;
            break;
        case CSV_FROM: said->valid_from_ms = csv_time(cells[i]); break;
        case CSV_UNTIL: said->valid_until_ms = csv_time(cells[i]); break;
        case CSV_OTHER:
        case CSV_VALUE:
        case CSV_URL:
        case CSV_HOST:
        case CSV_DIGEST:
        case CSV_MD5:
        case CSV_SHA1:
        case CSV_SHA256:
        case CSV_SM3:
        case CSV_NUMBER:
        case CSV_ROLE_COUNT: break;
        }
    }
}
