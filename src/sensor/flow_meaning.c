#include "sensor/flow_meaning.h"

#include <stddef.h>

static const struct {
    uint32_t enterprise;
    uint16_t id;
    uint8_t meaning;
} ELEMENTS[] = {
#define MEANING(name)
#define ELEMENT(enterprise, id, name) {enterprise, id, MEANING_##name},
#include "sensor/flow_meanings.def"
#undef MEANING
#undef ELEMENT
};

enum flow_meaning flow_meaning_of(uint32_t enterprise, uint16_t id)
{
    for (size_t i = 0; i < sizeof ELEMENTS / sizeof ELEMENTS[0]; i++)
        if (ELEMENTS[i].enterprise == enterprise && ELEMENTS[i].id == id)
            return (enum flow_meaning)ELEMENTS[i].meaning;
    return MEANING_NONE;
}
