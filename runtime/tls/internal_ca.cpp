#include "runtime/tls/internal_ca.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/file.h"
#include "runtime/tls/openssl.h"

namespace sluice::tls {
namespace {

constexpr long kDay = 24L * 3600;

bool extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool start(X509* certificate, EVP_PKEY* key, const char* common_name, long days) {
  unsigned char serial[16];
  if (RAND_bytes(serial, sizeof serial) != 1) return false;
  serial[0] &= 0x7f;
  serial[0] |= 0x40;  // positive, and never shorter
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  const bool numbered = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  X509_NAME* name = X509_get_subject_name(certificate);
  return numbered && X509_set_version(certificate, X509_VERSION_3) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), days * kDay) != nullptr &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name), -1, -1,
                                    0) == 1 &&
         X509_set_pubkey(certificate, key) == 1;
}

template <class Write>
std::string to_pem(Write write) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  write(out.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<size_t>(size)};
}

Status make_ca(const std::string& certificate_path, const std::string& key_path) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr ca(X509_new());
  X509* x = ca.get();
  if (!key || !start(x, key.get(), "Sluice internal CA", 3650) ||
      X509_set_issuer_name(x, X509_get_subject_name(x)) != 1 ||
      !extend(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !extend(x, x, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !extend(x, x, NID_subject_key_identifier, "hash") ||
      X509_sign(x, key.get(), EVP_sha256()) == 0) {
    return tls_error("cannot make the internal CA");
  }
  std::string secret = to_pem([&](BIO* out) {
    PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  // The key first: a certificate without its key would be taken for a CA that is there.
  Status written = replace_file(key_path, secret, 0600);
  OPENSSL_cleanse(secret.data(), secret.size());
  if (!written) return written;
  return replace_file(certificate_path, to_pem([&](BIO* out) { PEM_write_bio_X509(out, x); }),
                      0644);
}

}  // namespace

Result<InternalCa> InternalCa::open(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return io_error("cannot make the folder of the internal CA", folder, errno);
  }
  const int lock = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return io_error("cannot open the folder of the internal CA", folder, errno);
  flock(lock, LOCK_EX);  // ends with its descriptor
  InternalCa ca;
  ca.certificate_path_ = folder + "/ca.crt";
  const std::string key_path = folder + "/ca.key";
  Status made = Done{};
  if (access(ca.certificate_path_.c_str(), F_OK) != 0)
    made = make_ca(ca.certificate_path_, key_path);
  close(lock);
  if (!made) return made.error();
  auto pair = KeyPair::load(ca.certificate_path_, key_path);
  if (!pair) return pair.error();
  ca.ca_ = std::move(*pair);
  return ca;
}

Result<std::shared_ptr<const KeyPair>> InternalCa::issue(std::span<const std::string> names) const {
  std::string alternatives;
  for (const std::string& name : names) {
    if (!alternatives.empty()) alternatives += ',';
    const bool is_ip =
        name.find_first_not_of("0123456789.") == name.npos || name.find(':') != name.npos;
    alternatives.append(is_ip ? "IP:" : "DNS:").append(name);
  }
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr leaf(X509_new());
  X509* x = leaf.get();
  X509* issuer = ca_->leaf_;
  // No common name but a fixed one: names stand in the alternatives alone, and 64 letters bound it.
  if (!key || !start(x, key.get(), "Sluice", kLeafDays) ||
      X509_set_issuer_name(x, X509_get_subject_name(issuer)) != 1 ||
      !extend(x, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !extend(x, issuer, NID_key_usage, "critical,digitalSignature") ||
      !extend(x, issuer, NID_ext_key_usage, "serverAuth") ||
      !extend(x, issuer, NID_subject_alt_name, alternatives) ||
      !extend(x, issuer, NID_subject_key_identifier, "hash") ||
      !extend(x, issuer, NID_authority_key_identifier, "keyid") ||
      X509_sign(x, ca_->key_, EVP_sha256()) == 0) {
    return tls_error("cannot issue a certificate for " + alternatives);
  }
  auto pair = std::make_shared<KeyPair>();
  X509_up_ref(x);
  EVP_PKEY_up_ref(key.get());
  pair->leaf_ = x;
  pair->key_ = key.get();
  if (Status status = pair->finish(); !status) return status.error();
  return std::shared_ptr<const KeyPair>(std::move(pair));
}

}  // namespace sluice::tls
