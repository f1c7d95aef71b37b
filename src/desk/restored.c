#include "desk/restored.h"

#include "base/str.h"
#include "desk/desk_internal.h"

/* No more acts than leaves were ever made, so the size that was signed is above every number in use. */
static void skip_numbers(struct desk *desk, const struct restored *restored)
{
    desk->seq_floor = (int64_t)restored->signed_end.size + 1;
}

enum errc desk_tell_restored(struct desk *desk, const struct restored *restored, struct err *err)
{
    char backup_root[HASH_TEXT_SIZE];
    char signed_root[HASH_TEXT_SIZE];
    hex_encode(restored->backup.root, HASH_SIZE, backup_root);
    hex_encode(restored->signed_end.root, HASH_SIZE, signed_root);
    json_t *body = json_pack("{s:s,s:I,s:s,s:I,s:s}", "reason", restored->reason, "backup_size",
                             (json_int_t)restored->backup.size, "backup_root", backup_root, "signed_size",
                             (json_int_t)restored->signed_end.size, "signed_root", signed_root);
    if (!body)
        return err_set(err, ERR_NOMEM, "no memory for the act that tells of the restoring");
    struct submission told = {.kind = "node.restored",
                              .person = restored->person,
                              .post = restored->post,
                              .body = body,
                              .expected_rev = -1,
                              .by_system = true};
    skip_numbers(desk, restored);
    enum errc rc = desk_submit(desk, &told, err);
    json_decref(body);
    return rc;
}
