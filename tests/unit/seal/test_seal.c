#include "lib/check.h"
#include "lib/shared.h"
#include "lib/toy_ledger.h"
#include "seal/seal.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[SHARED_PATH_SIZE];
static struct seal_options options = {.node = "miit", .folder = folder, .order = SEAL_AFTER_COMMIT};

static int set_up(void **state)
{
    struct err err;
    (void)state;
    options.passphrase = NULL;
    if (!shared_folder(folder))
        return -1;
    assert_ok(seal_create(&options, SUITE_P256_SHA256, &err), &err);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

static struct seal *start(void)
{
    struct err err;
    struct seal *seal = NULL;
    assert_ok(seal_start(&options, &seal, &err), &err);
    return seal;
}

/* A tree of ten acts; its own key is not the seal's, only its hashes are used. */
static struct toy_ledger *ten_acts(void)
{
    struct toy_ledger *toy = toy_new("miit", "real", SUITE_P256_SHA256, NULL);
    for (int i = 0; i < 10; i++)
        toy_append(toy, "act");
    return toy;
}

static void signs_in_its_own_process(void **state)
{
    (void)state;
    struct err err;
    struct seal *seal = start();
    struct toy_ledger *toy = ten_acts();
    struct sign_key *key = NULL;
    struct tree_head head = toy_head(toy, 4, 1000);
    assert_ok(seal_sign_head(seal, &head, NULL, &err), &err);
    assert_ok(sign_key_read_public(seal_public(seal, SEAL_REAL), &key, &err), &err);
    assert_ok(proof_head_verify(&head, key, &err), &err);
    assert_string_not_equal(seal_public(seal, SEAL_REAL), seal_public(seal, SEAL_DRILL));
    struct tree_head lie = head;
    lie.tree.root[0] ^= 1;
    assert_code(seal_sign_head(seal, &lie, NULL, &err), ERR_FORGED);
    assert_true(strlen(err.message) > 0);
    seal_stop(seal);
    sign_key_free(key);
    toy_free(toy);
}

/* Only a head of its own, and only while it does not run: afterwards what follows that head is signed. */
static void can_be_set_back_to_an_earlier_head_of_its_own(void **state)
{
    (void)state;
    struct err err;
    struct toy_ledger *toy = ten_acts();
    struct merkle_claim kept;
    struct seal *seal = start();
    struct tree_head early = toy_head(toy, 4, 1000);
    assert_ok(seal_sign_head(seal, &early, NULL, &err), &err);
    struct tree_head late = toy_head(toy, 10, 1001);
    struct growth_proof growth = toy_growth(toy, 4, 10);
    assert_ok(seal_sign_head(seal, &late, &growth, &err), &err);
    seal_stop(seal);
    struct tree_head lie = early;
    lie.tree.size = 3;
    assert_code(seal_set_back(&options, &lie, &err), ERR_FORGED);
    assert_ok(seal_set_back(&options, &early, &err), &err);
    seal = start();
    assert_ok(seal_kept(seal, "miit", "real", &kept, &err), &err);
    assert_int_equal(kept.size, 4);
    seal_stop(seal);
    toy_free(toy);
}

static void remembers_after_a_restart(void **state)
{
    (void)state;
    struct err err;
    struct toy_ledger *toy = ten_acts();
    struct merkle_claim kept;
    struct seal *seal = start();
    struct tree_head head = toy_head(toy, 4, 1000);
    assert_ok(seal_sign_head(seal, &head, NULL, &err), &err);
    seal_stop(seal);
    seal = start();
    assert_ok(seal_kept(seal, "miit", "real", &kept, &err), &err);
    assert_int_equal(kept.size, 4);
    head = toy_head(toy, 3, 1001);
    assert_code(seal_sign_head(seal, &head, NULL, &err), ERR_FORGED);
    head = toy_head(toy, 10, 1001);
    struct growth_proof growth = toy_growth(toy, 4, 10);
    assert_ok(seal_sign_head(seal, &head, &growth, &err), &err);
    assert_ok(seal_keep(seal, &head, NULL, &err), &err);
    seal_stop(seal);
    toy_free(toy);
}

/* The descriptors that process can use, by what they point to. */
static int descriptors(pid_t pid, char out[8][200])
{
    char path[64];
    int count = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *list = opendir(path);
    assert_non_null(list);
    for (struct dirent *entry = readdir(list); entry && count < 8; entry = readdir(list)) {
        char link[400];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(link, sizeof link, "%s/%s", path, entry->d_name);
        ssize_t n = readlink(link, out[count], 199);
        assert_true(n > 0);
        out[count++][n] = '\0';
    }
    (void)closedir(list);
    return count;
}

static pid_t child_of_this(void)
{
    char path[64];
    char line[64] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)getpid(), (int)getpid());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    (void)fclose(file);
    return (pid_t)strtol(line, NULL, 10);
}

static void holds_nothing_but_its_connection_and_journal(void **state)
{
    (void)state;
    char open[8][200];
    if (geteuid() != 0)
        skip(); /* a process that is not dumpable shows its descriptors to root only */
    int mine = dup(STDERR_FILENO);
    struct seal *seal = start();
    int count = descriptors(child_of_this(), open);
    int sockets = 0;
    int journals = 0;
    for (int i = 0; i < count; i++) {
        sockets += strncmp(open[i], "socket:", 7) == 0;
        journals += strstr(open[i], "/journal") != NULL;
    }
    assert_int_equal(count, 5);
    assert_int_equal(sockets, 1);
    assert_int_equal(journals, 1);
    seal_stop(seal);
    assert_int_equal(close(mine), 0);
}

static void its_end_is_told_and_nothing_is_signed_after(void **state)
{
    (void)state;
    struct err err;
    struct seal *seal = start();
    struct toy_ledger *toy = ten_acts();
    struct tree_head head = toy_head(toy, 4, 1000);
    struct pollfd watch = {seal_fd(seal), POLLIN, 0};
    pid_t pid = child_of_this();
    assert_int_equal(kill(pid, SIGTERM), 0); /* not for it */
    assert_ok(seal_sign_head(seal, &head, NULL, &err), &err);
    assert_int_equal(poll(&watch, 1, 0), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(poll(&watch, 1, 10000), 1);
    assert_code(seal_sign_head(seal, &head, NULL, &err), ERR_CRYPTO);
    assert_code(seal_sign_head(seal, &head, NULL, &err), ERR_CRYPTO);
    seal_stop(seal);
    toy_free(toy);
}

static void opens_encrypted_keys_only_with_their_passphrase(void **state)
{
    (void)state;
    struct err err;
    struct seal *seal = NULL;
    shared_remove(folder);
    options.passphrase = "烽火";
    assert_ok(seal_create(&options, SUITE_SM2_SM3, &err), &err);
    assert_code(seal_create(&options, SUITE_SM2_SM3, &err), ERR_CONFLICT);
    options.passphrase = "wrong";
    assert_code(seal_start(&options, &seal, &err), ERR_SYNTAX);
    options.passphrase = NULL;
    assert_code(seal_start(&options, &seal, &err), ERR_SYNTAX);
    assert_null(seal);
    options.passphrase = "烽火";
    seal = start();
    seal_stop(seal);
}

static void keys_that_others_may_read_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct seal *seal = NULL;
    char path[SHARED_PATH_SIZE + 20];
    (void)snprintf(path, sizeof path, "%s/real.pem", folder);
    assert_int_equal(chmod(path, 0644), 0);
    assert_code(seal_start(&options, &seal, &err), ERR_PERMISSION);
    assert_int_equal(unlink(path), 0);
    assert_code(seal_start(&options, &seal, &err), ERR_NOT_FOUND);
}

static void a_local_seal_keeps_the_same_rules(void **state)
{
    (void)state;
    struct err err;
    struct seal *seal = NULL;
    struct sign_key *keys[2] = {NULL, NULL};
    struct cosignature cosignature;
    struct toy_ledger *toy = ten_acts();
    for (size_t i = 0; i < 2; i++)
        assert_ok(sign_key_generate(SUITE_P256_SHA256, &keys[i], &err), &err);
    assert_ok(seal_local("pca-330000", SEAL_BEFORE_COMMIT, keys[0], keys[1], &seal, &err), &err);
    assert_int_equal(seal_fd(seal), -1);
    struct tree_head head = toy_head(toy, 4, 1000);
    assert_code(seal_sign_head(seal, &head, NULL, &err), ERR_INVALID);
    assert_ok(seal_cosign(seal, &head, NULL, 2000, &cosignature, &err), &err);
    assert_string_equal(cosignature.witness, "pca-330000");
    head = toy_head(toy, 5, 1000);
    assert_code(seal_cosign(seal, &head, NULL, 2000, &cosignature, &err), ERR_FORGED);
    assert_code(seal_kept(seal, "NO NODE", "real", &head.tree, &err), ERR_INVALID);
    seal_stop(seal);
    toy_free(toy);
}

static void *sign_many(void *context)
{
    struct err err;
    struct toy_ledger *toy = ten_acts();
    for (int i = 0; i < 50; i++) {
        struct tree_head head = toy_head(toy, 4, i);
        if (seal_sign_head(context, &head, NULL, &err) < 0 || head.time_ms != i)
            return toy;
    }
    toy_free(toy);
    return NULL;
}

static void threads_get_their_own_answers(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct seal *seal = start();
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sign_many, seal), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    seal_stop(seal);
}

static void issues_certificates_when_it_has_a_ca(void **state)
{
    (void)state;
    struct err err;
    char root[PKI_PEM_SIZE];
    char request[PKI_PEM_SIZE];
    char cert[PKI_PEM_SIZE];
    struct sign_key *ca = NULL;
    struct sign_key *tls = NULL;
    struct pki_identity identity;
    struct pki_validity validity = {0, INT64_C(86400000) * PKI_DAYS_LEAF};
    assert_ok(sign_key_generate(SUITE_SM2_SM3, &ca, &err), &err);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &tls, &err), &err);
    assert_ok(pki_root(ca, "miit", &validity, &ENV_REAL, root, &err), &err);
    assert_code(seal_create_ca(&options, tls, root, &err), ERR_INVALID);
    assert_ok(seal_create_ca(&options, ca, root, &err), &err);
    assert_ok(pki_request(tls, "pca-330000", request, &err), &err);
    struct seal *seal = start();
    struct pki_order order = {request, "pca-330000", PKI_LEAF, validity};
    assert_ok(seal_issue(seal, &order, cert, &err), &err);
    assert_ok(pki_verify(cert, root, 1000, &identity, &err), &err);
    assert_string_equal(identity.node, "pca-330000");
    order.node = "pca-310000";
    assert_code(seal_issue(seal, &order, cert, &err), ERR_INVALID);
    seal_stop(seal);
    sign_key_free(ca);
    sign_key_free(tls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(signs_in_its_own_process, set_up, tear_down),
        cmocka_unit_test_setup_teardown(can_be_set_back_to_an_earlier_head_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(remembers_after_a_restart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(holds_nothing_but_its_connection_and_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(its_end_is_told_and_nothing_is_signed_after, set_up, tear_down),
        cmocka_unit_test_setup_teardown(opens_encrypted_keys_only_with_their_passphrase, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_that_others_may_read_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_local_seal_keeps_the_same_rules, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_get_their_own_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(issues_certificates_when_it_has_a_ca, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
