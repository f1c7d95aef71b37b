/* Tickets, bids and grants of enrolment: whatever is read can be written, and reads back the same. */
#include "fuzz.h"
#include "link/enrol.h"

#include <string.h>

static void check_ticket(const char *text)
{
    struct enrol_ticket once;
    struct enrol_ticket twice;
    char first[ENROL_TICKET_SIZE];
    char second[ENROL_TICKET_SIZE];
    if (enrol_ticket_read(text, &once, NULL) < 0)
        return;
    enrol_ticket_write(&once, first);
    must(enrol_ticket_read(first, &twice, NULL) == ERR_OK);
    enrol_ticket_write(&twice, second);
    must(strcmp(first, second) == 0);
}

static void check_bid(const char *text, size_t size, struct arena *arena)
{
    struct enrol_bid bid;
    struct buf out;
    uint8_t secret[ADMIT_SECRET_BYTES];
    if (enrol_bid_read(text, size, secret, arena, &bid, NULL) < 0)
        return;
    buf_init(&out, 1 << 20);
    must(enrol_bid_write(&bid, &out, NULL) == ERR_OK);
    must(enrol_bid_read(out.data, out.size_bytes, secret, arena, &bid, NULL) == ERR_OK);
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct enrol_grant grant;
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    arena_init(&arena, 64 << 20);
    check_ticket(text);
    check_bid(text, size, &arena);
    if (enrol_grant_read(text, size, &arena, &grant, NULL) == ERR_OK)
        must(grant.chain && grant.root && grant.authority);
    arena_done(&arena);
    free(text);
    return 0;
}
