// ServerContext and ClientContext of session.h.
#include <openssl/core_names.h>
#include <openssl/rand.h>

#include <cstring>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/tls/openssl.h"
#include "runtime/tls/session.h"

namespace sluice::tls {
namespace {

SSL_CTX* make_context(const SSL_METHOD* method) {
  SSL_CTX* context = SSL_CTX_new(method);
  SLUICE_CHECK(context, "OpenSSL gives a context");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // An idle connection gives its record buffers back: 48 KiB become 16.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context,
                         1);  // one read a record, not one for its head and one for its body
  const int set = SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SLUICE_CHECK(set == 1, "OpenSSL knows the suites");
  return context;
}

int on_alpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
            unsigned int in_size, void*) noexcept {
  static constexpr unsigned char kOffered[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOffered, sizeof kOffered - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
              EVP_MAC_CTX* mac, int encrypt) noexcept {
  auto& keys = *static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  TicketKeys::Key key;
  bool renew = false;
  if (encrypt) {
    key = keys.current(monotonic_ms());
    std::memcpy(name, key.name.data(), key.name.size());
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
  } else {
    const auto found = keys.find(name, monotonic_ms());
    if (!found) return 0;  // an unknown key: a full handshake
    key = found->key;
    renew = !found->current;
  }
  char digest[] = "SHA256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  const bool ready =
      EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv, encrypt) == 1 &&
      EVP_MAC_CTX_set_params(mac, parameters) == 1;
  OPENSSL_cleanse(&key, sizeof key);
  if (!ready) return -1;
  return renew ? 2 : 1;
}

}  // namespace

int ServerContext::on_server_name(SSL* ssl, int* alert, void*) noexcept {
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  auto* chooser = static_cast<CertificateChooser*>(SSL_get_app_data(ssl));
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  const std::shared_ptr<const KeyPair> pair = chooser->choose(name ? name : std::string_view());
  if (!pair) return SSL_TLSEXT_ERR_ALERT_FATAL;
  if (SSL_use_cert_and_key(ssl, pair->leaf_, pair->key_, pair->chain_, 1) != 1) {
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  return SSL_TLSEXT_ERR_OK;
}

ServerContext::ServerContext(TicketKeys& tickets) : context_(make_context(TLS_server_method())) {
  SSL_CTX_set_app_data(context_, &tickets);
  SSL_CTX_set_tlsext_servername_callback(context_, on_server_name);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context_, on_ticket);
  SSL_CTX_set_alpn_select_cb(context_, on_alpn, nullptr);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context_, 1);  // each costs 30 to 45 us of a handshake
  static constexpr unsigned char kId[] = "sluice";
  SSL_CTX_set_session_id_context(context_, kId, sizeof kId - 1);
}

ServerContext::~ServerContext() { SSL_CTX_free(context_); }

ClientContext::ClientContext() : context_(make_context(TLS_client_method())) {
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  static constexpr unsigned char kOffered[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(context_, kOffered, sizeof kOffered - 1);
}

void ClientContext::prepare() {
  std::call_once(prepared_, [this] {
    SSL_CTX_set_default_verify_paths(context_);
    ERR_clear_error();
  });
}

ClientContext::~ClientContext() { SSL_CTX_free(context_); }

}  // namespace sluice::tls
