#include "base/plant.h"

static const struct plant_row {
    const char *name;
    const char *what;
} PLANTS[PLANT_COUNT] = {
#define PLANT(name, what) {#name, what},
#include "base/plants.def"
#undef PLANT
};

const char *plant_name(enum plant plant)
{
    return PLANTS[plant].name;
}

const char *plant_what(enum plant plant)
{
    return PLANTS[plant].what;
}

#ifdef FENGSUI_PLANT
static bool active[PLANT_COUNT];

bool plant_on(enum plant plant)
{
    return active[plant];
}

void plant_set(enum plant plant, bool on)
{
    active[plant] = on;
}
#endif
