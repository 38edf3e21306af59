#include "runtime/tls/key_pair.h"

#include "runtime/base/file.h"
#include "runtime/tls/openssl.h"

namespace sluice::tls {

KeyPair::~KeyPair() {
  X509_free(leaf_);
  EVP_PKEY_free(key_);
  sk_X509_pop_free(chain_, X509_free);
}

Status KeyPair::finish() {
  if (X509_check_private_key(leaf_, key_) != 1) {
    return tls_error("the key does not belong to the certificate");
  }
  tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(leaf_), &end) != 1) {
    return tls_error("the certificate has no valid end");
  }
  not_after_ = timegm(&end);
  return Done{};
}

bool KeyPair::covers(const std::string& host) const {
  return X509_check_host(leaf_, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                         nullptr) == 1 ||
         X509_check_ip_asc(leaf_, host.c_str(), 0) == 1;
}

Result<std::shared_ptr<const KeyPair>> KeyPair::from_pem(std::string_view chain,
                                                         std::string_view key) {
  auto pair = std::make_shared<KeyPair>();
  const BioPtr certificates(BIO_new_mem_buf(chain.data(), static_cast<int>(chain.size())));
  pair->leaf_ = PEM_read_bio_X509_AUX(certificates.get(), nullptr, nullptr, nullptr);
  if (!pair->leaf_) return tls_error("no certificate in PEM form");
  while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
    if (!pair->chain_) pair->chain_ = sk_X509_new_null();
    sk_X509_push(pair->chain_, next);
  }
  ERR_clear_error();  // the end of the file was one
  const BioPtr secret(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
  // A key under a password is refused: nobody is there to be asked.
  pair->key_ = PEM_read_bio_PrivateKey(
      secret.get(), nullptr, [](char*, int, int, void*) noexcept { return 0; }, nullptr);
  if (!pair->key_) return tls_error("no private key in PEM form");
  if (Status status = pair->finish(); !status) return status.error();
  return std::shared_ptr<const KeyPair>(std::move(pair));
}

Result<std::shared_ptr<const KeyPair>> KeyPair::load(const std::string& chain_path,
                                                     const std::string& key_path) {
  constexpr size_t kLimit = 1 << 20;
  const Result<std::string> chain = read_file(chain_path, kLimit);
  if (!chain) return chain.error();
  Result<std::string> key = read_file(key_path, kLimit);
  if (!key) return key.error();
  auto pair = from_pem(*chain, *key);
  OPENSSL_cleanse(key->data(), key->size());
  if (!pair) return Error{pair.error().code, chain_path + ": " + pair.error().message};
  return pair;
}

}  // namespace sluice::tls
