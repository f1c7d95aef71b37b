#include "sensor/flow_draft.h"

#include <string.h>

_Static_assert((int)MEANING_COUNT <= 64, "told has a bit for each meaning");

static bool told(const struct flow_draft *draft, enum flow_meaning meaning)
{
    return draft->told >> meaning & 1;
}

static uint64_t value(const struct flow_draft *draft, enum flow_meaning meaning)
{
    return told(draft, meaning) ? draft->values[meaning] : 0;
}

static size_t address_size(enum flow_meaning meaning)
{
    if (meaning == MEANING_SOURCE_IP4 || meaning == MEANING_TARGET_IP4)
        return 4;
    return meaning == MEANING_SOURCE_IP6 || meaning == MEANING_TARGET_IP6 ? 16 : 0;
}

void flow_draft_add(struct flow_draft *draft, enum flow_meaning meaning, const uint8_t *bytes, size_t size)
{
    size_t address = address_size(meaning);
    if (address > 0) {
        if (size != address)
            return;
        draft->addresses[meaning] = bytes;
        draft->told |= UINT64_C(1) << meaning;
        return;
    }
    if (size == 0 || size > 8)
        return;
    uint64_t number = wire_number(bytes, size);
    if (told(draft, meaning) && number == 0)
        return;
    draft->values[meaning] = number;
    draft->told |= UINT64_C(1) << meaning;
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

/* Templates of both families leave one of the two empty. */
static void finish_address(const struct flow_draft *draft, enum flow_meaning ip4, enum flow_meaning ip6,
                           struct ip *out)
{
    bool has4 = told(draft, ip4);
    bool has6 = told(draft, ip6);
    if (has6 && !(has4 && all_zero(draft->addresses[ip6], 16))) {
        memcpy(out->bytes, draft->addresses[ip6], 16);
        out->bits = 128;
    } else if (has4) {
        memcpy(out->bytes, draft->addresses[ip4], 4);
        out->bits = 32;
    }
}

/* NTP's seconds since 1900 and fractions of 2^-32 s (RFC 7011, 6.1.9 and 6.1.10). */
static int64_t of_ntp(uint64_t ntp)
{
    return (int64_t)(ntp >> 32) * 1000 - INT64_C(2208988800000) +
           (int64_t)(((ntp & UINT32_MAX) * 1000) >> 32);
}

static int64_t of_uptime(const struct flow_draft *draft, const struct flow_clock *clock,
                         const struct exporter *exporter, uint64_t then)
{
    if (told(draft, MEANING_BOOT_MS))
        return (int64_t)(draft->values[MEANING_BOOT_MS] + then);
    if (clock->uptime_ms >= 0)
        return clock->sent_ms - (int32_t)((uint32_t)clock->uptime_ms - (uint32_t)then);
    return exporter->boot_ms > 0 ? exporter->boot_ms + (int64_t)(uint32_t)then : clock->sent_ms;
}

enum { UNIT_MS, UNIT_S, UNIT_NTP, UNIT_UPTIME, UNIT_AGO_US };

/* The ways to tell a time, best first; the end of a flow is the meaning behind each. */
static const struct {
    uint8_t first;
    uint8_t unit;
} TIMES[] = {
    {MEANING_FIRST_MS, UNIT_MS},         {MEANING_FIRST_S, UNIT_S},           {MEANING_FIRST_NTP, UNIT_NTP},
    {MEANING_FIRST_UPTIME, UNIT_UPTIME}, {MEANING_FIRST_AGO_US, UNIT_AGO_US},
};

static bool find_time(const struct flow_draft *draft, const struct flow_clock *clock,
                      const struct exporter *exporter, bool last, int64_t *out)
{
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        enum flow_meaning meaning = (enum flow_meaning)(TIMES[i].first + last);
        uint64_t v = value(draft, meaning);
        if (!told(draft, meaning) || (v > INT64_MAX / 1000 && TIMES[i].unit != UNIT_NTP))
            continue;
        switch (TIMES[i].unit) {
        case UNIT_S: *out = (int64_t)v * 1000; break;
        case UNIT_NTP: *out = of_ntp(v); break;
        case UNIT_UPTIME: *out = of_uptime(draft, clock, exporter, v); break;
        case UNIT_AGO_US: *out = clock->sent_ms - (int64_t)v / 1000; break;
        default: *out = (int64_t)v; break;
        }
        return true;
    }
    return false;
}

static void finish_times(const struct flow_draft *draft, const struct flow_clock *clock,
                         const struct exporter *exporter, struct flow *out)
{
    int64_t event = told(draft, MEANING_EVENT_MS) && value(draft, MEANING_EVENT_MS) <= INT64_MAX / 1000
                        ? (int64_t)value(draft, MEANING_EVENT_MS)
                        : clock->sent_ms;
    uint64_t duration = value(draft, MEANING_DURATION_MS);
    if (!find_time(draft, clock, exporter, true, &out->last_ms))
        out->last_ms = event;
    if (!find_time(draft, clock, exporter, false, &out->first_ms))
        out->first_ms = out->last_ms - (int64_t)(duration < UINT32_MAX ? duration : 0);
    if (out->first_ms > out->last_ms)
        out->first_ms = out->last_ms;
}

static void finish_counts(const struct flow_draft *draft, struct flow *out)
{
    static const uint8_t BYTES[] = {MEANING_BYTES, MEANING_TOTAL_BYTES, MEANING_OUT_BYTES};
    static const uint8_t PACKETS[] = {MEANING_PACKETS, MEANING_TOTAL_PACKETS, MEANING_OUT_PACKETS};
    for (size_t i = 0; i < sizeof BYTES; i++) {
        out->bytes = out->bytes ? out->bytes : value(draft, (enum flow_meaning)BYTES[i]);
        out->packets = out->packets ? out->packets : value(draft, (enum flow_meaning)PACKETS[i]);
    }
    out->reverse_bytes = value(draft, MEANING_REVERSE_BYTES);
    out->reverse_packets = value(draft, MEANING_REVERSE_PACKETS);
}

static uint32_t ratio(const struct flow_draft *draft)
{
    uint64_t interval = value(draft, MEANING_SAMPLING);
    uint64_t space = value(draft, MEANING_SAMPLING_SPACE);
    if (interval > 0 && space > 0) /* so many taken, then so many left out */
        interval = (interval + space) / interval;
    return interval < UINT32_MAX ? (uint32_t)interval : 0;
}

void flow_draft_finish(const struct flow_draft *draft, const struct flow_clock *clock,
                       const struct exporter *exporter, struct flow *out)
{
    struct flow flow = {
        .protocol = (uint8_t)value(draft, MEANING_PROTOCOL),
        .tcp_flags = (uint8_t)value(draft, MEANING_TCP_FLAGS),
        .source_port = (uint16_t)value(draft, MEANING_SOURCE_PORT),
        .target_port = (uint16_t)value(draft, MEANING_TARGET_PORT),
        .fragment = value(draft, MEANING_FRAGMENT) > 0,
        .input = (uint32_t)value(draft, MEANING_INPUT),
        .output = (uint32_t)value(draft, MEANING_OUTPUT),
        .source_as = (uint32_t)value(draft, MEANING_SOURCE_AS),
        .target_as = (uint32_t)value(draft, MEANING_TARGET_AS),
        .sampling = ratio(draft),
    };
    finish_address(draft, MEANING_SOURCE_IP4, MEANING_SOURCE_IP6, &flow.source);
    finish_address(draft, MEANING_TARGET_IP4, MEANING_TARGET_IP6, &flow.target);
    finish_counts(draft, &flow);
    finish_times(draft, clock, exporter, &flow);
    if (flow.sampling == 0)
        flow.sampling = told(draft, MEANING_SAMPLER)
                            ? exporter_sampling(exporter, value(draft, MEANING_SAMPLER))
                            : exporter->sampling;
    if (flow.sampling == 0)
        flow.sampling = 1;
    if ((flow.protocol == FLOW_ICMP || flow.protocol == FLOW_ICMP6) && flow.target_port == 0)
        flow.target_port = (uint16_t)(value(draft, MEANING_ICMP) | value(draft, MEANING_ICMP_TYPE) << 8 |
                                      value(draft, MEANING_ICMP_CODE));
    *out = flow;
}

void flow_draft_options(const struct flow_draft *draft, struct exporter *exporter)
{
    uint32_t interval = ratio(draft);
    if (interval > 0 && told(draft, MEANING_SAMPLER))
        exporter_set_sampler(exporter, value(draft, MEANING_SAMPLER), interval);
    else if (interval > 0)
        exporter->sampling = interval;
    if (told(draft, MEANING_BOOT_MS))
        exporter->boot_ms = (int64_t)value(draft, MEANING_BOOT_MS);
}
