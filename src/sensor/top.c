#include "sensor/top.h"

#include <string.h>

void top_add(struct top *top, const struct ip *value, uint64_t count)
{
    size_t least = 0;
    for (size_t i = 0; i < top->used; i++) {
        struct top_entry *entry = &top->entries[i];
        if (memcmp(&entry->address, value, sizeof *value) == 0) {
            entry->count += count;
            return;
        }
        if (entry->count < top->entries[least].count)
            least = i;
    }
    if (top->used < TOP_MAX) {
        top->entries[top->used++] = (struct top_entry){*value, count, 0};
        return;
    }
    uint64_t doubt = top->entries[least].count;
    top->entries[least] = (struct top_entry){*value, doubt + count, doubt};
}

void top_add_number(struct top *top, uint32_t number, uint64_t count)
{
    struct ip value = {.bits = 0};
    memcpy(value.bytes, &number, sizeof number);
    top_add(top, &value, count);
}

uint32_t top_number(const struct top_entry *entry)
{
    uint32_t number;
    memcpy(&number, entry->address.bytes, sizeof number);
    return number;
}

void top_sort(struct top *top)
{
    for (size_t i = 1; i < top->used; i++)
        for (size_t k = i; k > 0 && top->entries[k].count > top->entries[k - 1].count; k--) {
            struct top_entry swap = top->entries[k];
            top->entries[k] = top->entries[k - 1];
            top->entries[k - 1] = swap;
        }
}
