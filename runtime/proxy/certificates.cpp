#include "runtime/proxy/certificates.h"

#include <sys/stat.h>

#include <cstdio>
#include <ctime>

namespace sluice::proxy {
namespace {

bool exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

std::string version_of(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return {};
  return std::to_string(info.st_ino) + '.' + std::to_string(info.st_size) + '.' +
         std::to_string(info.st_mtim.tv_sec) + '.' + std::to_string(info.st_mtim.tv_nsec);
}

const char* source_of(table::CertificateFrom from) {
  switch (from) {
    case table::CertificateFrom::acme:
      return "ACME, which is not asked yet";
    case table::CertificateFrom::internal_ca:
      return "the internal CA";
    case table::CertificateFrom::files:
      return "files";
    case table::CertificateFrom::secret:
      return "a secret";
    case table::CertificateFrom::other:
      break;
  }
  return "elsewhere";
}

// FOLDER/<name>.crt with .key, or FOLDER/<name>.pem with both; name is the certificate's object or
// a host.
bool find_files(const std::string& folder, const std::string& name, std::string& chain,
                std::string& key) {
  chain = folder + "/" + name + ".crt";
  key = folder + "/" + name + ".key";
  if (exists(chain) && exists(key)) return true;
  chain = key = folder + "/" + name + ".pem";
  return exists(chain);
}

}  // namespace

Result<std::unique_ptr<CertificateVault>> CertificateVault::open(CertificateOptions options) {
  auto vault = std::make_unique<CertificateVault>();
  if (!options.internal_ca.empty()) {
    Result<tls::InternalCa> ca = tls::InternalCa::open(options.internal_ca);
    if (!ca) return ca.error();
    vault->ca_ = std::move(*ca);
  }
  vault->options_ = std::move(options);
  return vault;
}

Result<std::shared_ptr<const tls::KeyPair>> CertificateVault::load(const std::string& chain,
                                                                   const std::string& key) {
  const std::string name = chain + '\n' + key;
  const std::string version = version_of(chain) + '/' + version_of(key);
  {
    const std::lock_guard lock(mutex_);
    const auto it = loaded_.find(name);
    if (it != loaded_.end() && it->second.version == version) return it->second.pair;
  }
  auto pair = tls::KeyPair::load(chain, key);
  if (!pair) return pair;
  const std::lock_guard lock(mutex_);
  loaded_[name] = {version, *pair};
  return pair;
}

std::shared_ptr<const tls::KeyPair> CertificateVault::issue(
    const std::vector<std::string>& names) noexcept {
  if (!ca_) return nullptr;
  std::string key;
  for (const std::string& name : names) key.append(name).push_back('\n');
  // A leaf is made anew when a third of its life is left.
  const int64_t now = std::time(nullptr);
  const std::lock_guard lock(mutex_);
  auto& slot = issued_[key];
  if (!slot || slot->not_after() - now < tls::InternalCa::kLeafDays * 24 * 3600 / 3) {
    auto made = ca_->issue(names);
    if (!made) {
      std::fprintf(stderr, "sluiced: %s\n", made.error().message.c_str());
      return slot;
    }
    slot = std::move(*made);
  }
  return slot;
}

Result<Certificates> Certificates::load(const table::Table& table, CertificateVault& vault) {
  Certificates out;
  out.vault_ = &vault;
  const CertificateOptions& options = vault.options();
  for (const table::CertificateRecord& record : table.certificates()) {
    One one;
    std::vector<std::string> names;
    for (const table::StringRef ref : table.list(record.names)) names.emplace_back(table.text(ref));
    const std::string object(table.text(record.object));
    std::string chain, key;
    bool found = false;
    if (!options.internal_ca_for_all) {
      if (record.from == table::CertificateFrom::files) {
        chain = table.text(record.certificate_file);
        key = table.text(record.key_file);
        found = true;
      } else if (!options.folder.empty()) {
        found = find_files(options.folder, object, chain, key);
        for (size_t i = 0; !found && i < names.size(); ++i) {
          found = find_files(options.folder, names[i], chain, key);
        }
      }
    }
    const std::string host = names.empty() ? object : names.front();
    if (found) {
      auto pair = vault.load(chain, key);
      if (!pair)
        return Error{pair.error().code, "the certificate of " + host + ": " + pair.error().message};
      for (const std::string& name : names) {
        // A wildcard is tried with a label in its place.
        const std::string asked = name.starts_with("*.") ? "x" + name.substr(1) : name;
        if (!(*pair)->covers(asked)) {
          return Error{ErrorCode::tls,
                       "the certificate of " + host + ", " + chain + ", does not cover " + name};
        }
      }
      one.pair = std::move(*pair);
    } else if (vault.ca() && (options.internal_ca_for_all ||
                              record.from == table::CertificateFrom::internal_ca)) {
      one.names = std::move(names);
    } else if (record.from == table::CertificateFrom::internal_ca) {
      return Error{ErrorCode::not_found,
                   "no certificate for " + host +
                       ": it comes from the internal CA; say where that is kept, "
                       "by --internal-ca FOLDER"};
    } else {
      std::string message = "no certificate for " + host + ": it comes from ";
      message += source_of(record.from);
      if (options.folder.empty()) {
        message +=
            "; give it by --certificates FOLDER, or use --internal-ca-for-all for development";
      } else {
        message += "; looked for " + options.folder + "/" + object + ".crt (or .pem), " +
                   options.folder + "/" + host + ".crt (or .pem)";
      }
      return Error{ErrorCode::not_found, message};
    }
    out.all_.push_back(std::move(one));
  }
  return out;
}

std::shared_ptr<const tls::KeyPair> Certificates::get(uint32_t certificate) const noexcept {
  if (certificate >= all_.size()) return nullptr;
  const One& one = all_[certificate];
  return one.pair ? one.pair : vault_->issue(one.names);
}

}  // namespace sluice::proxy
