#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { IPV6_NETWORK_BYTES = 8 };

enum errc address_table_init(struct address_table *table, size_t connections_max, uint64_t seed,
                             struct err *err)
{
    size_t room = 16;
    while (room < 2 * connections_max)
        room *= 2;
    struct address_row *rows = calloc(room, sizeof *rows);
    if (!rows)
        return err_set(err, ERR_NOMEM, "no memory to count %zu connections by address", connections_max);
    *table = (struct address_table){rows, room - 1, seed};
    return ERR_OK;
}

void address_table_done(struct address_table *table)
{
    free(table->rows);
    table->rows = NULL;
}

struct address_key address_key(const struct sockaddr *address)
{
    struct address_key key = {{0}};
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        key.bytes[10] = key.bytes[11] = 0xFF;
        memcpy(key.bytes + 12, &v4->sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;
        bool mapped = IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);
        memcpy(key.bytes, &v6->sin6_addr, mapped ? ADDRESS_KEY_SIZE : IPV6_NETWORK_BYTES);
    }
    return key;
}

void address_text(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE], uint16_t *port)
{
    (void)snprintf(out, ADDRESS_TEXT_SIZE, "local");
    *port = 0;
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        (void)inet_ntop(AF_INET, &v4->sin_addr, out, ADDRESS_TEXT_SIZE);
        *port = ntohs(v4->sin_port);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;
        (void)inet_ntop(AF_INET6, &v6->sin6_addr, out, ADDRESS_TEXT_SIZE);
        *port = ntohs(v6->sin6_port);
    }
}

static size_t home(const struct address_table *table, const struct address_key *key)
{
    uint64_t high;
    uint64_t low;
    memcpy(&high, key->bytes, sizeof high);
    memcpy(&low, key->bytes + sizeof high, sizeof low);
    uint64_t hash = (high ^ table->seed) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ (hash >> 29) ^ low) * UINT64_C(0xBF58476D1CE4E5B9);
    return (size_t)(hash ^ (hash >> 32)) & table->mask;
}

/* The row of the key, or the free row where it would go. The table is never more than half full. */
static size_t find(const struct address_table *table, const struct address_key *key)
{
    size_t i = home(table, key);
    while (table->rows[i].count > 0 && memcmp(&table->rows[i].key, key, sizeof *key) != 0)
        i = (i + 1) & table->mask;
    return i;
}

bool address_take(struct address_table *table, struct address_key key, size_t max)
{
    struct address_row *row = &table->rows[find(table, &key)];
    if (row->count >= max)
        return false;
    row->key = key;
    row->count++;
    return true;
}

/* Closes the gap: every row behind it that could not be found past it moves up. */
static void remove_row(struct address_table *table, size_t gap)
{
    size_t i = gap;
    table->rows[gap].count = 0;
    for (;;) {
        i = (i + 1) & table->mask;
        if (table->rows[i].count == 0)
            return;
        size_t wants = home(table, &table->rows[i].key);
        if (((i - wants) & table->mask) < ((i - gap) & table->mask))
            continue;
        table->rows[gap] = table->rows[i];
        table->rows[i].count = 0;
        gap = i;
    }
}

void address_give(struct address_table *table, struct address_key key)
{
    size_t i = find(table, &key);
    if (table->rows[i].count > 0 && --table->rows[i].count == 0)
        remove_row(table, i);
}
