#include "seal/signer.h"

#include "base/plant.h"
#include "base/str.h"
#include "seal/files.h"
#include "seal/journal.h"

#include <stdlib.h>
#include <string.h>

struct signer {
    char node[PROOF_NAME_MAX + 1];
    enum seal_order order;
    struct sign_key *keys[2]; /* by enum seal_ledger */
    struct sign_key *ca_key;  /* NULL: issues nothing */
    char ca_pem[PKI_PEM_SIZE];
    struct guard *guard;
    struct journal *journal; /* NULL: in memory only */
};

/* ---- opening ---- */

static enum errc start(const char *node, enum seal_order order, struct signer **out, struct err *err)
{
    if (!proof_name_valid(node))
        return err_set(err, ERR_INVALID, "\"%.80s\" is not the id of a node", node);
    struct signer *signer = calloc(1, sizeof *signer);
    if (!signer)
        return err_set(err, ERR_NOMEM, "no memory for the signer");
    memcpy(signer->node, node, strlen(node));
    signer->order = order;
    enum errc rc = guard_new(&signer->guard, err);
    if (rc < 0)
        signer_close(signer);
    else
        *out = signer;
    return rc;
}

static enum errc check_suites(const struct signer *signer, struct err *err)
{
    if (sign_key_suite(signer->keys[SEAL_REAL]) != sign_key_suite(signer->keys[SEAL_DRILL]))
        return err_set(err, ERR_INVALID, "the keys of the real ledger and of drills are of different suites");
    return ERR_OK;
}

static enum errc load_ca(struct signer *signer, const struct seal_options *options, struct err *err)
{
    enum errc rc = files_read_key(options->folder, FILES_CA_KEY, options->passphrase, &signer->ca_key, err);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = files_read(options->folder, FILES_CA, signer->ca_pem, sizeof signer->ca_pem, err);
    if (rc == ERR_OK)
        rc = pki_check_key(signer->ca_pem, signer->ca_key, err);
    return rc;
}

enum errc signer_open(const struct seal_options *options, struct signer **out, struct err *err)
{
    struct signer *signer = NULL;
    char path[FILES_PATH_SIZE];
    enum errc rc = start(options->node, options->order, &signer, err);
    if (rc < 0)
        return rc;
    rc = hash_self_test(err);
    if (rc == ERR_OK)
        rc = sign_self_test(err);
    if (rc == ERR_OK)
        rc = files_read_key(options->folder, FILES_REAL_KEY, options->passphrase, &signer->keys[SEAL_REAL],
                            err);
    if (rc == ERR_OK)
        rc = files_read_key(options->folder, FILES_DRILL_KEY, options->passphrase, &signer->keys[SEAL_DRILL],
                            err);
    if (rc == ERR_OK)
        rc = check_suites(signer, err);
    if (rc == ERR_OK)
        rc = load_ca(signer, options, err);
    if (rc == ERR_OK)
        rc = files_path(options->folder, FILES_JOURNAL, path, err);
    if (rc == ERR_OK)
        rc = journal_open(options->journal ? options->journal : path, signer->guard, &signer->journal, err);
    if (rc < 0)
        signer_close(signer);
    else
        *out = signer;
    return rc;
}

enum errc signer_new(const char *node, enum seal_order order, struct sign_key *real, struct sign_key *drill,
                     struct signer **out, struct err *err)
{
    struct signer *signer = NULL;
    enum errc rc = start(node, order, &signer, err);
    if (rc < 0) {
        sign_key_free(real);
        sign_key_free(drill);
        return rc;
    }
    signer->keys[SEAL_REAL] = real;
    signer->keys[SEAL_DRILL] = drill;
    rc = check_suites(signer, err);
    if (rc < 0)
        signer_close(signer);
    else
        *out = signer;
    return rc;
}

void signer_close(struct signer *signer)
{
    if (!signer)
        return;
    sign_key_free(signer->keys[SEAL_REAL]);
    sign_key_free(signer->keys[SEAL_DRILL]);
    sign_key_free(signer->ca_key);
    guard_free(signer->guard);
    journal_close(signer->journal);
    free(signer);
}

enum errc signer_set_ca(struct signer *signer, struct sign_key *key, const char *cert_pem, struct err *err)
{
    enum errc rc = pki_check_key(cert_pem, key, err);
    if (rc >= 0 && strnlen(cert_pem, PKI_PEM_SIZE) == PKI_PEM_SIZE)
        rc = err_set(err, ERR_LIMIT, "the certificate is too long");
    if (rc < 0) {
        sign_key_free(key);
        return rc;
    }
    sign_key_free(signer->ca_key);
    signer->ca_key = key;
    memcpy(signer->ca_pem, cert_pem, strlen(cert_pem) + 1);
    return ERR_OK;
}

int signer_fd(const struct signer *signer)
{
    return signer->journal ? journal_fd(signer->journal) : -1;
}

/* ---- heads ---- */

static const struct sign_key *key_of(const struct signer *signer, const char *universe)
{
    return signer->keys[streq(universe, "real") ? SEAL_REAL : SEAL_DRILL];
}

static enum errc check_head(const struct tree_head *head, struct err *err)
{
    if (head->node[PROOF_NAME_MAX] != '\0' || head->universe[PROOF_NAME_MAX] != '\0' ||
        !proof_name_valid(head->node) || !proof_name_valid(head->universe))
        return err_set(err, ERR_INVALID, "the head does not name a node and a universe");
    if (head->tree.size > MERKLE_SIZE_MAX || head->suite < 0 || head->suite >= SUITE_COUNT)
        return err_set(err, ERR_INVALID, "the head's size or suite is out of range");
    return ERR_OK;
}

static enum errc check_own(const struct signer *signer, const struct tree_head *head, struct err *err)
{
    enum errc rc = check_head(head, err);
    if (rc == ERR_OK && !streq(head->node, signer->node))
        rc = err_set(err, ERR_INVALID, "%s does not sign heads of %s", signer->node, head->node);
    return rc;
}

static enum errc row_of(struct signer *signer, const struct tree_head *head, struct guard_row **out,
                        struct err *err)
{
    *out = guard_find(signer->guard, head->node, head->universe);
    return *out ? ERR_OK : guard_add(signer->guard, head->node, head->universe, out, err);
}

/* From here on nothing may contradict this head. It is on disk before the signature goes out. */
static enum errc keep(struct signer *signer, struct guard_row *row, const struct tree_head *head,
                      struct err *err)
{
    struct guard_row next = *row;
    next.kept = head->tree;
    next.open = (struct merkle_claim){0};
    enum errc rc = signer->journal ? journal_write(signer->journal, &next, head->time_ms, err) : ERR_OK;
    if (rc == ERR_OK)
        *row = next;
    return rc;
}

static enum errc sign_head(struct signer *signer, const struct seal_request *request,
                           struct seal_reply *reply, struct err *err)
{
    struct guard_row *row = NULL;
    struct tree_head head = request->head;
    const struct growth_proof *growth = request->has_growth ? &request->growth : NULL;
    enum errc rc = check_own(signer, &head, err);
    if (rc < 0)
        return rc;
    const struct sign_key *key = key_of(signer, head.universe);
    head.suite = sign_key_suite(key);
    rc = row_of(signer, &head, &row, err);
    if (rc == ERR_OK && !PLANTED(SIGN_ANYTHING))
        rc = guard_allow(row, &head, growth, err);
    if (rc == ERR_OK && signer->order == SEAL_AFTER_COMMIT)
        rc = keep(signer, row, &head, err);
    if (rc == ERR_OK)
        rc = proof_head_sign(&head, key, err);
    if (rc < 0)
        return rc;
    if (signer->order == SEAL_BEFORE_COMMIT)
        row->open = head.tree;
    reply->head = head;
    return ERR_OK;
}

static bool same_claim(const struct merkle_claim *a, const struct merkle_claim *b)
{
    return a->size == b->size && memcmp(a->root, b->root, HASH_SIZE) == 0;
}

static enum errc keep_head(struct signer *signer, const struct seal_request *request, struct err *err)
{
    struct guard_row *row = NULL;
    const struct tree_head *head = &request->head;
    const struct growth_proof *growth = request->has_growth ? &request->growth : NULL;
    enum errc rc = check_own(signer, head, err);
    if (rc == ERR_OK)
        rc = row_of(signer, head, &row, err);
    if (rc < 0)
        return rc;
    if (same_claim(&row->kept, &head->tree))
        return ERR_OK;
    /* The open head was signed and allowed a moment ago; any other must show this node's own signature. */
    if (head->tree.size == 0 || !same_claim(&row->open, &head->tree)) {
        rc = proof_head_verify(head, key_of(signer, head->universe), err);
        if (rc == ERR_OK)
            rc = guard_allow(row, head, growth, err);
    }
    return rc < 0 ? rc : keep(signer, row, head, err);
}

enum errc signer_set_back(struct signer *signer, const struct tree_head *head, struct err *err)
{
    struct guard_row *row = NULL;
    enum errc rc = check_own(signer, head, err);
    if (rc == ERR_OK)
        rc = proof_head_verify(head, key_of(signer, head->universe), err);
    if (rc == ERR_OK)
        rc = row_of(signer, head, &row, err);
    return rc == ERR_OK && row ? keep(signer, row, head, err) : rc;
}

static enum errc cosign(struct signer *signer, const struct seal_request *request, struct seal_reply *reply,
                        struct err *err)
{
    struct guard_row *row = NULL;
    const struct tree_head *head = &request->head;
    const struct growth_proof *growth = request->has_growth ? &request->growth : NULL;
    enum errc rc = check_head(head, err);
    if (rc == ERR_OK && streq(head->node, signer->node))
        rc = err_set(err, ERR_INVALID, "a node does not witness itself");
    if (rc == ERR_OK)
        rc = row_of(signer, head, &row, err);
    if (rc == ERR_OK && !PLANTED(COSIGN_ANYTHING))
        rc = guard_allow(row, head, growth, err);
    if (rc == ERR_OK && !same_claim(&row->kept, &head->tree))
        rc = keep(signer, row, head, err);
    if (rc < 0)
        return rc;
    struct cosignature made = {.time_ms = request->time_ms};
    memcpy(made.witness, signer->node, sizeof made.witness);
    rc = proof_cosignature_sign(&made, head, key_of(signer, head->universe), err);
    if (rc == ERR_OK)
        reply->cosignature = made;
    return rc;
}

static enum errc kept(const struct signer *signer, const struct seal_request *request,
                      struct seal_reply *reply, struct err *err)
{
    enum errc rc = check_head(&request->head, err);
    if (rc < 0)
        return rc;
    const struct guard_row *row = guard_find(signer->guard, request->head.node, request->head.universe);
    if (row)
        reply->claim = row->kept;
    return ERR_OK;
}

/* ---- the rest ---- */

static enum errc hello(const struct signer *signer, struct seal_reply *reply, struct err *err)
{
    enum errc rc = sign_key_write_public(signer->keys[SEAL_REAL], reply->pem, err);
    if (rc == ERR_OK)
        rc = sign_key_write_public(signer->keys[SEAL_DRILL], reply->drill_pem, err);
    return rc;
}

static enum errc issue(const struct signer *signer, const struct seal_request *request,
                       struct seal_reply *reply, struct err *err)
{
    if (!signer->ca_key)
        return err_set(err, ERR_UNSUPPORTED, "%s does not issue certificates", signer->node);
    enum errc rc = check_head(&request->head, err);
    if (rc == ERR_OK && (strnlen(request->pem, PKI_PEM_SIZE) == PKI_PEM_SIZE ||
                         (request->kind != PKI_LEAF && request->kind != PKI_CA)))
        rc = err_set(err, ERR_INVALID, "the order of a certificate is not well formed");
    if (rc < 0)
        return rc;
    struct pki_order order = {request->pem, request->head.node, request->kind, request->validity};
    return pki_issue(signer->ca_key, signer->ca_pem, &order, &ENV_REAL, reply->pem, err);
}

static enum errc answer(struct signer *signer, const struct seal_request *request, struct seal_reply *reply,
                        struct err *err)
{
    switch (request->op) {
    case SEAL_OP_HELLO: return hello(signer, reply, err);
    case SEAL_OP_SIGN: return sign_head(signer, request, reply, err);
    case SEAL_OP_KEEP: return keep_head(signer, request, err);
    case SEAL_OP_COSIGN: return cosign(signer, request, reply, err);
    case SEAL_OP_KEPT: return kept(signer, request, reply, err);
    case SEAL_OP_ISSUE: return issue(signer, request, reply, err);
    default: return err_set(err, ERR_INVALID, "the signer knows no operation %d", (int)request->op);
    }
}

void signer_answer(struct signer *signer, const struct seal_request *request, struct seal_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    reply->rc = answer(signer, request, reply, &reply->err);
}
