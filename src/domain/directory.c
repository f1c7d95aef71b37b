#include "domain/directory.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 8, PROVINCE_DIGITS = 2 };

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct node_card *)a)->id, ((const struct node_card *)b)->id);
}

void directory_init(struct directory *dir, struct node_card *cards, size_t count)
{
    if (count > 1)
        qsort(cards, count, sizeof *cards, by_id);
    *dir = (struct directory){cards, count};
}

const struct node_card *directory_find(const struct directory *dir, const char *id)
{
    struct node_card key = {.id = id};
    if (!id || dir->count == 0)
        return NULL;
    return bsearch(&key, dir->cards, dir->count, sizeof key, by_id);
}

const struct node_card *directory_ministry(const struct directory *dir)
{
    for (size_t i = 0; i < dir->count; i++)
        if (dir->cards[i].tier == TIER_MINISTRY)
            return &dir->cards[i];
    return NULL;
}

const struct node_card *directory_province(const struct directory *dir, const char *region)
{
    if (!region || strlen(region) < PROVINCE_DIGITS)
        return NULL;
    for (size_t i = 0; i < dir->count; i++) {
        const struct node_card *card = &dir->cards[i];
        if (card->tier == TIER_PROVINCE && strncmp(card->region, region, PROVINCE_DIGITS) == 0)
            return card;
    }
    return NULL;
}

bool directory_below(const struct directory *dir, const char *id, const char *above)
{
    const struct node_card *card = directory_find(dir, id);
    for (int depth = 0; card && depth < DEPTH_MAX; depth++) {
        if (streq(card->parent, above))
            return true;
        card = directory_find(dir, card->parent);
    }
    return false;
}

bool card_has_role(const struct node_card *card, const char *role)
{
    for (size_t i = 0; i < card->role_count; i++)
        if (streq(card->roles[i], role))
            return true;
    return false;
}
