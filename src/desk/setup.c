#include "desk/setup.h"

#include "base/str.h"
#include "desk/desk_internal.h"
#include "store/nodes.h"

static enum errc check_anchor(struct desk *desk, const struct node_card *card, struct err *err)
{
    const struct node_card *known = directory_find(&desk->dir, card->id);
    if (known && !streq(known->key_pem, card->key_pem))
        return err_field(err, ERR_CONFLICT, "card.key_pem", "%s is known here with another key", card->id);
    return ERR_OK;
}

enum errc desk_install_cards(struct desk *desk, const struct node_card *cards, size_t count, struct err *err)
{
    enum errc rc = begin_batch(desk, err);
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        rc = check_anchor(desk, &cards[i], err);
        if (rc >= 0)
            rc = nodes_save(desk->parts.store, &cards[i], "", err);
    }
    if (rc < 0) {
        abandon_batch(desk);
        return rc;
    }
    desk->nodes_changed = true;
    return commit_batch(desk, err);
}
