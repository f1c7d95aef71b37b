/* intel/decoder.h — one log format: which it is, where a record ends, and which of its fields matter.
 *
 * Layer    intel.
 * Owns     nothing outside itself.
 * Threads  const while blocks are read; decoder_header() makes a new state for what follows.
 * Errors   none: a line that cannot be read has no fields.
 * Data     FORMATS: the names of the command line.
 * Tests    tests/unit/intel/test_decoder.c, tests/fuzz/fuzz_log.c
 */
#ifndef INTEL_DECODER_H
#define INTEL_DECODER_H

#include "intel/json_read.h"
#include "intel/zeek_tsv.h"

enum decoder_format {
    FORMAT_TEXT, /* one value a line */
    FORMAT_EVE,  /* Suricata */
    FORMAT_ZEEK_TSV,
    FORMAT_ZEEK_JSON,
    FORMAT_DNS_TEXT, /* dnsmasq, unbound, BIND, CoreDNS */
    FORMAT_SQUID,    /* squid, nginx, Apache */
    FORMAT_JSON,     /* records of EVE or Zeek, or with their fields in them */
    FORMAT_COUNT
};

const char *decoder_format_name(enum decoder_format format);
/* -1 for any other name. */
int decoder_format_parse(const char *name);

/* By the first bytes of a log. */
enum decoder_format decoder_guess(struct str head);

struct decoder {
    enum decoder_format format;
    bool spans; /* a record may go over several lines: JSON laid out for people, or one array */
    struct field_table table;
    struct zeek_header zeek;
};

void decoder_init(struct decoder *decoder, enum decoder_format format, struct str head);

/* True when a line changes how the next ones are read: '#' lines of Zeek. */
static inline bool decoder_has_headers(const struct decoder *decoder)
{
    return decoder->format == FORMAT_ZEEK_TSV;
}

/* The first record of rest. *out_behind, where the next one begins, is always behind rest.p. */
struct str decoder_record(const struct decoder *decoder, struct str rest, const char **out_behind);

/* How many bytes of a buffer are whole records. */
size_t decoder_whole(const struct decoder *decoder, struct str buffer);

/* The fields of one record. */
void decoder_read(const struct decoder *decoder, struct str record, struct read_space *space,
                  field_visit_fn *visit, void *context);

#endif
