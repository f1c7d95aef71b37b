#include "sensor/dns_open.h"

#include "intel/hash64.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVIDENCE_MAX_BYTES = 1 << 16 };

enum errc dns_open_list_init(struct dns_open_list *list, struct err *err)
{
    list->count = 0;
    list->detections = list->suppressed = 0;
    list->at = calloc(DNS_OPEN_MAX, sizeof *list->at);
    return list->at ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for detections");
}

void dns_open_list_done(struct dns_open_list *list)
{
    free(list->at);
    list->at = NULL;
}

struct dns_open *dns_open_find(const struct dns_open_list *list, const char *kind, uint64_t key)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].used && list->at[i].key == key && strcmp(list->at[i].kind, kind) == 0)
            return &list->at[i];
    return NULL;
}

struct dns_open *dns_open_begin(struct dns_open_list *list, const char *kind, uint64_t key,
                                const char *target, int64_t first_ms, int64_t now_ms)
{
    size_t place = 0;
    while (place < list->count && list->at[place].used)
        place++;
    if (place == DNS_OPEN_MAX) {
        list->suppressed++;
        return NULL;
    }
    list->count += place == list->count;
    struct dns_open *open = &list->at[place];
    memset(open, 0, sizeof *open);
    sketch_init(&open->distinct);
    open->used = true;
    open->kind = kind;
    open->key = key;
    open->first_ms = first_ms;
    open->last_ms = open->loud_ms = open->opened_ms = now_ms;
    (void)snprintf(open->target, sizeof open->target, "%s", target);
    list->detections++;
    return open;
}

void dns_open_name(struct dns_open *open, const char *name, size_t size)
{
    sketch_add(&open->distinct, hash64(name, size, 0));
    size_t n = size < DNS_OPEN_NAME_SIZE ? size : DNS_OPEN_NAME_SIZE - 1;
    for (size_t i = 0; i < open->name_count; i++)
        if (strncmp(open->names[i], name, n) == 0 && open->names[i][n] == '\0')
            return;
    if (open->name_count == DNS_OPEN_NAMES)
        return;
    memcpy(open->names[open->name_count], name, n);
    open->names[open->name_count++][n] = '\0';
}

static void write_top(const char *name, struct top *top, struct buf *out)
{
    char text[IP_TEXT_SIZE];
    if (top->used == 0)
        return;
    top_sort(top);
    buf_addf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < top->used; i++) {
        const struct top_entry *entry = &top->entries[i];
        ip_format(&entry->address, entry->address.bits, text);
        buf_addf(out, "%s[\"%s\",%" PRIu64 "]", i > 0 ? "," : "", text, entry->count - entry->doubt);
    }
    buf_adds(out, "]");
}

static void write_evidence(struct dns_open *open, const char *state, struct buf *out)
{
    buf_addf(out, "{\"state\":\"%s\"", state);
    if (open->reason)
        buf_addf(out, ",\"reason\":\"%s\"", open->reason);
    buf_addf(out, ",\"messages\":%" PRIu64 ",\"bad\":%" PRIu64 ",\"peak\":%" PRIu64 ",\"names\":%.0f,",
             open->counted, open->bad, open->peak, sketch_count(&open->distinct));
    detection_time("detected", open->opened_ms, out);
    write_top("clients", &open->clients, out);
    write_top("servers", &open->servers, out);
    write_top("answers", &open->answers, out);
    buf_adds(out, ",\"examples\":[");
    for (size_t i = 0; i < open->name_count; i++) {
        buf_adds(out, i > 0 ? "," : "");
        detection_string(open->names[i], strlen(open->names[i]), out);
    }
    buf_adds(out, "]}");
}

static enum errc tell(struct dns_open_list *list, struct dns_open *open, const char *state,
                      const struct loss *lost, struct err *err)
{
    struct buf evidence;
    buf_init(&evidence, EVIDENCE_MAX_BYTES);
    write_evidence(open, state, &evidence);
    const struct detection detection = {.kind = open->kind,
                                        .target = open->target,
                                        .first_ms = open->first_ms,
                                        .last_ms = open->last_ms,
                                        .evidence = evidence.data,
                                        .lost = *lost};
    enum errc rc = buf_check(&evidence, err);
    if (rc == ERR_OK)
        rc = list->tell(list->context, &detection, err);
    buf_done(&evidence);
    return rc;
}

enum errc dns_open_tick(struct dns_open_list *list, int64_t now_ms, const struct loss *lost, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < list->count && rc == ERR_OK; i++) {
        struct dns_open *open = &list->at[i];
        if (!open->used)
            continue;
        if (list->tell_starts && !open->told) {
            open->told = true;
            rc = tell(list, open, "begun", lost, err);
        }
        if (rc == ERR_OK && now_ms - open->loud_ms > open->end_ms) {
            rc = tell(list, open, "ended", lost, err);
            open->used = false;
        }
    }
    return rc;
}

enum errc dns_open_end(struct dns_open_list *list, const struct loss *lost, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < list->count && rc == ERR_OK; i++)
        if (list->at[i].used) {
            rc = tell(list, &list->at[i], "open", lost, err);
            list->at[i].used = false;
        }
    return rc;
}
