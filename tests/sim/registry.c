#include "sim/registry.h"

#include "base/str.h"

static size_t slot_of(const struct registry *registry, const char *id)
{
    uint64_t hash = UINT64_C(1469598103934665603);
    for (const char *at = id; *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    size_t slot = (size_t)(hash % REGISTRY_SLOTS);
    while (registry->slots[slot] && !streq(registry->slots[slot]->id, id))
        slot = (slot + 1) % REGISTRY_SLOTS;
    return slot;
}

struct made_act *registry_act(const struct registry *registry, const char *id)
{
    return registry->slots[slot_of(registry, id)];
}

struct made_act *registry_add(struct registry *registry, const char *id, struct arena *arena)
{
    struct made_act *act = arena_alloc(arena, sizeof *act);
    if (!act || registry->act_count >= REGISTRY_SLOTS / 2)
        return NULL;
    if (registry->act_count == registry->act_room) {
        size_t room = registry->act_room ? 2 * registry->act_room : 256;
        struct made_act **acts = arena_array(arena, room, sizeof(struct made_act *));
        if (!acts)
            return NULL;
        if (registry->act_count > 0)
            memcpy(acts, registry->acts, registry->act_count * sizeof(struct made_act *));
        registry->acts = acts;
        registry->act_room = room;
    }
    (void)snprintf(act->id, sizeof act->id, "%s", id);
    registry->slots[slot_of(registry, id)] = act;
    registry->acts[registry->act_count++] = act;
    return act;
}

struct matter_fact *registry_matter(const struct registry *registry, const char *id)
{
    for (size_t i = 0; i < registry->matter_count; i++)
        if (streq(registry->matters[i]->id, id))
            return registry->matters[i];
    return NULL;
}

struct matter_fact *registry_add_matter(struct registry *registry, const char *id, struct arena *arena)
{
    struct matter_fact *matter = arena_alloc(arena, sizeof *matter);
    if (!matter || registry->matter_count == MATTERS_MAX)
        return NULL;
    *matter = (struct matter_fact){.owner = COUNTRY_NODES, .assignee = COUNTRY_NODES};
    (void)snprintf(matter->id, sizeof matter->id, "%s", id);
    registry->matters[registry->matter_count++] = matter;
    return matter;
}
