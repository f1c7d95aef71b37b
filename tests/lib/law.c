#include "lib/law.h"

#include "lib/check.h"
#include "lib/files.h"

void law_open(struct law *law)
{
    struct err err;
    struct embed_set acts = folder_set("api");
    struct embed_set rules = folder_set("rules");
    assert_ok(catalogue_load(&acts, &law->catalogue, &err), &err);
    assert_ok(pack_set_load(&rules, &law->packs, &err), &err);
    folder_set_free(&acts);
    folder_set_free(&rules);
}

void law_close(struct law *law)
{
    pack_set_free(law->packs);
    catalogue_free(law->catalogue);
}
