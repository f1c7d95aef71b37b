#include "seal/seal.h"

#include "base/str.h"
#include "seal/files.h"
#include "seal/sandbox.h"
#include "seal/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/asn1.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_TIMEOUT_S = 30 };

struct seal {
    pthread_mutex_t lock; /* one question at a time */
    struct signer *local; /* NULL: the signer is a process */
    int socket;
    int pidfd;
    pid_t pid;
    bool ended;
    struct seal_request request;
    struct seal_reply reply;
    char real_pem[SIGN_PEM_SIZE];
    char drill_pem[SIGN_PEM_SIZE];
};

/* ---- the signer's process ---- */

static void keep_only(int socket)
{
    static const int STANDARD[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    int null = open("/dev/null", O_RDWR);
    for (size_t i = 0; i < 3 && null >= 0; i++)
        (void)dup2(null, STANDARD[i]);
    if (socket > STDERR_FILENO + 1)
        (void)close_range(STDERR_FILENO + 1, (unsigned)socket - 1, 0);
    (void)close_range((unsigned)socket + 1, ~0U, 0);
}

/* The terminal's and the service manager's signals are for the main process: the signer ends when its
 * connection does, after everything that is still to be signed. */
static void quiet_signals(void)
{
    static const int IGNORED[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2};
    sigset_t none;
    for (size_t i = 0; i < sizeof IGNORED / sizeof IGNORED[0]; i++)
        (void)signal(IGNORED[i], SIG_IGN);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Whatever the libraries open or read lazily must have happened before the sandbox. */
static void warm_up(void)
{
    ASN1_TIME *now = ASN1_TIME_set(NULL, 0); /* reads the time zone */
    ASN1_TIME_free(now);
}

static bool exchange_full(int socket, void *bytes, size_t size_bytes, bool writing)
{
    for (;;) {
        ssize_t n = writing ? write(socket, bytes, size_bytes) : read(socket, bytes, size_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        return n == (ssize_t)size_bytes; /* one packet is one message, whole */
    }
}

static _Noreturn void signer_main(int socket, const struct seal_options *options)
{
    struct signer *signer = NULL;
    struct seal_request *request = calloc(1, sizeof *request);
    struct seal_reply *reply = calloc(1, sizeof *reply);
    if (!request || !reply)
        _exit(1);
    keep_only(socket);
    quiet_signals();
    (void)prctl(PR_SET_NAME, "fengsui-signer", 0, 0, 0);
    reply->rc = signer_open(options, &signer, &reply->err);
    if (reply->rc == ERR_OK) {
        warm_up();
        request->op = SEAL_OP_HELLO;
        signer_answer(signer, request, reply);
    }
    if (reply->rc == ERR_OK)
        reply->rc = sandbox_enter(&reply->err);
    /* The first message answers the question nobody had to send: hello. */
    bool going = exchange_full(socket, reply, sizeof *reply, true) && reply->rc == ERR_OK;
    while (going && exchange_full(socket, request, sizeof *request, false)) {
        signer_answer(signer, request, reply);
        going = exchange_full(socket, reply, sizeof *reply, true);
    }
    signer_close(signer);
    _exit(0);
}

/* ---- asking ---- */

static enum errc has_ended(struct seal *seal, struct err *err)
{
    seal->ended = true;
    return err_set(err, ERR_CRYPTO, "the signer has ended; the program must be started again");
}

/* With the lock held and seal->request filled in; the answer is in seal->reply. */
static enum errc ask(struct seal *seal, struct err *err)
{
    if (seal->ended)
        return has_ended(seal, err);
    if (seal->local)
        signer_answer(seal->local, &seal->request, &seal->reply);
    else if (!exchange_full(seal->socket, &seal->request, sizeof seal->request, true) ||
             !exchange_full(seal->socket, &seal->reply, sizeof seal->reply, false))
        return has_ended(seal, err);
    if (seal->reply.rc < 0 && err)
        *err = seal->reply.err;
    return seal->reply.rc;
}

static void begin(struct seal *seal, enum seal_op op)
{
    (void)pthread_mutex_lock(&seal->lock); /* fails only when misused */
    memset(&seal->request, 0, sizeof seal->request);
    seal->request.op = op;
}

static enum errc end(struct seal *seal, enum errc rc)
{
    (void)pthread_mutex_unlock(&seal->lock);
    return rc;
}

static void set_head(struct seal *seal, const struct tree_head *head, const struct growth_proof *growth)
{
    seal->request.head = *head;
    seal->request.has_growth = growth != NULL;
    if (growth)
        seal->request.growth = *growth;
}

enum errc seal_sign_head(struct seal *seal, struct tree_head *head, const struct growth_proof *growth,
                         struct err *err)
{
    begin(seal, SEAL_OP_SIGN);
    set_head(seal, head, growth);
    enum errc rc = ask(seal, err);
    if (rc == ERR_OK)
        *head = seal->reply.head;
    return end(seal, rc);
}

enum errc seal_keep(struct seal *seal, const struct tree_head *head, const struct growth_proof *growth,
                    struct err *err)
{
    begin(seal, SEAL_OP_KEEP);
    set_head(seal, head, growth);
    return end(seal, ask(seal, err));
}

enum errc seal_cosign(struct seal *seal, const struct tree_head *head, const struct growth_proof *growth,
                      int64_t time_ms, struct cosignature *out, struct err *err)
{
    begin(seal, SEAL_OP_COSIGN);
    set_head(seal, head, growth);
    seal->request.time_ms = time_ms;
    enum errc rc = ask(seal, err);
    if (rc == ERR_OK)
        *out = seal->reply.cosignature;
    return end(seal, rc);
}

static enum errc set_name(char out[PROOF_NAME_MAX + 1], const char *name, struct err *err)
{
    if (!proof_name_valid(name))
        return err_set(err, ERR_INVALID, "\"%.80s\" names no node or universe", name);
    memcpy(out, name, strlen(name) + 1);
    return ERR_OK;
}

enum errc seal_kept(struct seal *seal, const char *node, const char *universe, struct merkle_claim *out,
                    struct err *err)
{
    begin(seal, SEAL_OP_KEPT);
    enum errc rc = set_name(seal->request.head.node, node, err);
    if (rc == ERR_OK)
        rc = set_name(seal->request.head.universe, universe, err);
    if (rc == ERR_OK)
        rc = ask(seal, err);
    if (rc == ERR_OK)
        *out = seal->reply.claim;
    return end(seal, rc);
}

enum errc seal_issue(struct seal *seal, const struct pki_order *order, char out[PKI_PEM_SIZE],
                     struct err *err)
{
    size_t size = strnlen(order->request, PKI_PEM_SIZE);
    if (size == PKI_PEM_SIZE)
        return err_set(err, ERR_LIMIT, "the certificate request is too long");
    begin(seal, SEAL_OP_ISSUE);
    enum errc rc = set_name(seal->request.head.node, order->node, err);
    memcpy(seal->request.head.universe, "real", 5);
    memcpy(seal->request.pem, order->request, size);
    seal->request.kind = order->kind;
    seal->request.validity = order->validity;
    if (rc == ERR_OK)
        rc = ask(seal, err);
    if (rc == ERR_OK)
        memcpy(out, seal->reply.pem, PKI_PEM_SIZE);
    return end(seal, rc);
}

/* ---- beginning and end ---- */

enum errc seal_create(const struct seal_options *options, enum suite suite, struct err *err)
{
    static const char *const NAMES[] = {FILES_REAL_KEY, FILES_DRILL_KEY};
    enum errc rc = files_make_folder(options->folder, err);
    for (size_t i = 0; i < 2 && rc == ERR_OK; i++) {
        struct sign_key *key = NULL;
        rc = sign_key_generate(suite, &key, err);
        if (rc == ERR_OK)
            rc = files_write_key(options->folder, NAMES[i], options->passphrase, key, err);
        sign_key_free(key);
    }
    return rc;
}

enum errc seal_create_ca(const struct seal_options *options, const struct sign_key *key, const char *cert_pem,
                         struct err *err)
{
    enum errc rc = pki_check_key(cert_pem, key, err);
    if (rc == ERR_OK)
        rc = files_make_folder(options->folder, err);
    if (rc == ERR_OK)
        rc = files_write(options->folder, FILES_CA, cert_pem, err);
    if (rc == ERR_OK)
        rc = files_write_key(options->folder, FILES_CA_KEY, options->passphrase, key, err);
    return rc;
}

enum errc seal_set_back(const struct seal_options *options, const struct tree_head *head, struct err *err)
{
    struct signer *signer = NULL;
    enum errc rc = signer_open(options, &signer, err);
    if (rc == ERR_OK)
        rc = signer_set_back(signer, head, err);
    signer_close(signer);
    return rc;
}

static enum errc seal_new(struct seal **out, struct err *err)
{
    struct seal *seal = calloc(1, sizeof *seal);
    if (!seal)
        return err_set(err, ERR_NOMEM, "no memory for the seal");
    if (pthread_mutex_init(&seal->lock, NULL) != 0) {
        free(seal);
        return err_set(err, ERR_NOMEM, "no lock for the seal");
    }
    seal->socket = seal->pidfd = -1;
    *out = seal;
    return ERR_OK;
}

/* The answer to hello is in seal->reply. */
static void take_public(struct seal *seal)
{
    memcpy(seal->real_pem, seal->reply.pem, SIGN_PEM_SIZE - 1);
    memcpy(seal->drill_pem, seal->reply.drill_pem, SIGN_PEM_SIZE - 1);
}

static enum errc spawn(struct seal *seal, const struct seal_options *options, struct err *err)
{
    static const struct timeval PATIENCE = {ANSWER_TIMEOUT_S, 0};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return err_set(err, ERR_INTERNAL, "no connection to the signer: %s", strerror(errno));
    seal->pid = fork();
    if (seal->pid == 0) {
        (void)close(ends[0]);
        signer_main(ends[1], options);
    }
    (void)close(ends[1]);
    seal->socket = ends[0];
    if (seal->pid < 0)
        return err_set(err, ERR_INTERNAL, "the signer cannot be started: %s", strerror(errno));
    seal->pidfd = (int)syscall(SYS_pidfd_open, seal->pid, 0);
    if (setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &PATIENCE, sizeof PATIENCE) < 0 ||
        !exchange_full(ends[0], &seal->reply, sizeof seal->reply, false))
        return has_ended(seal, err);
    if (seal->reply.rc < 0 && err)
        *err = seal->reply.err;
    return seal->reply.rc;
}

enum errc seal_start(const struct seal_options *options, struct seal **out, struct err *err)
{
    struct seal *seal = NULL;
    enum errc rc = seal_new(&seal, err);
    if (rc < 0)
        return rc;
    rc = spawn(seal, options, err);
    if (rc < 0) {
        seal_stop(seal);
        return rc;
    }
    take_public(seal);
    *out = seal;
    return ERR_OK;
}

enum errc seal_local(const char *node, enum seal_order order, struct sign_key *real, struct sign_key *drill,
                     struct seal **out, struct err *err)
{
    struct seal *seal = NULL;
    struct signer *signer = NULL;
    enum errc rc = signer_new(node, order, real, drill, &signer, err);
    if (rc < 0)
        return rc;
    rc = seal_new(&seal, err);
    if (rc < 0) {
        signer_close(signer);
        return rc;
    }
    seal->local = signer;
    begin(seal, SEAL_OP_HELLO);
    rc = end(seal, ask(seal, err));
    if (rc < 0) {
        seal_stop(seal);
        return rc;
    }
    take_public(seal);
    *out = seal;
    return ERR_OK;
}

enum errc seal_local_ca(struct seal *seal, struct sign_key *key, const char *cert_pem, struct err *err)
{
    if (!seal->local) {
        sign_key_free(key);
        return err_set(err, ERR_INVALID, "the signer's process reads its CA from its folder");
    }
    return signer_set_ca(seal->local, key, cert_pem, err);
}

void seal_stop(struct seal *seal)
{
    if (!seal)
        return;
    if (seal->socket >= 0)
        (void)close(seal->socket);
    if (seal->pid > 0)
        while (waitpid(seal->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    if (seal->pidfd >= 0)
        (void)close(seal->pidfd);
    signer_close(seal->local);
    (void)pthread_mutex_destroy(&seal->lock);
    free(seal);
}

int seal_fd(const struct seal *seal)
{
    return seal->pidfd;
}

const char *seal_public(const struct seal *seal, enum seal_ledger ledger)
{
    return ledger == SEAL_REAL ? seal->real_pem : seal->drill_pem;
}
