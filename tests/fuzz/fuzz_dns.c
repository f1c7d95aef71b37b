/* A DNS message of any bytes is read or refused; its names keep to their size, and what it asks for can be
 * judged. Input: the message. */
#include "fuzz.h"
#include "sensor/dns_message.h"
#include "sensor/dns_zone.h"
#include "sensor/lookalike.h"

#include <string.h>

static void check_name(const struct dns_name *name)
{
    must(name->size < DNS_NAME_TEXT && name->text[name->size] == '\0' && strlen(name->text) == name->size);
}

static void see(void *context, const struct dns_record *record)
{
    (void)context;
    check_name(&record->name);
    must(record->address.bits == 0 || record->address.bits == 32 || record->address.bits == 128);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dns_message message;
    struct lookalike *lookalike;
    enum imitation how;
    if (!dns_message_read(data, size, &message))
        return 0;
    check_name(&message.name);
    dns_message_answers(&message, see, NULL);
    struct str name = {message.name.text, message.name.size};
    struct dns_zone zone = dns_zone_of(name);
    must(zone.zone.n <= name.n && zone.before.n <= name.n && zone.tld.n <= name.n);
    must(lookalike_new(&lookalike, NULL) == ERR_OK);
    must(lookalike_protect(lookalike, (struct str){"mybank.example", 14}, NULL) == ERR_OK);
    must((lookalike_find(lookalike, name, &how) != NULL) == (how != IMITATION_NONE));
    must(lookalike_protect(lookalike, name, NULL) == ERR_OK);
    must(lookalike_find(lookalike, name, &how) == NULL); /* nobody imitates himself */
    lookalike_free(lookalike);
    return 0;
}
