#include "runtime/server/options.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace sluice::server {
namespace {

struct Duration {
  const char* flag;
  int64_t proxy::Settings::*value;
  const char* about;
};
constexpr Duration kDurations[] = {
    {"--handshake-timeout", &proxy::Settings::handshake_ms, "a client's TLS handshake"},
    {"--head-timeout", &proxy::Settings::head_ms,
     "a request's head, from its first byte to its last"},
    {"--keep-alive-timeout", &proxy::Settings::keep_alive_ms, "a client between two requests"},
    {"--body-timeout", &proxy::Settings::body_idle_ms, "a request's body without a byte"},
    {"--send-timeout", &proxy::Settings::send_idle_ms,
     "a client or an upstream that takes no byte"},
    {"--connect-timeout", &proxy::Settings::connect_ms, "connecting to an upstream, TLS included"},
    {"--response-timeout", &proxy::Settings::response_head_ms, "an upstream's answer to begin"},
    {"--response-idle-timeout", &proxy::Settings::response_idle_ms,
     "an answer's body without a byte"},
    {"--upstream-keep-alive", &proxy::Settings::upstream_idle_ms,
     "an upstream's connection between two requests"},
};

struct Count {
  const char* flag;
  uint32_t proxy::Settings::*value;
  const char* about;
};
constexpr Count kCounts[] = {
    {"--max-clients", &proxy::Settings::max_clients, "client connections, a loop"},
    {"--max-upstream", &proxy::Settings::max_upstream,
     "connections to one upstream address, a loop"},
    {"--max-idle", &proxy::Settings::max_idle, "of those, kept without a request"},
};

bool read_addresses(const std::vector<std::string>& texts, const char* flag,
                    std::vector<net::SocketAddress>& out) {
  for (const std::string& text : texts) {
    const auto address = net::SocketAddress::parse(text);
    if (!address) {
      std::fprintf(stderr, "sluiced: %s %s: not ADDRESS:PORT\n", flag, text.c_str());
      return false;
    }
    out.push_back(*address);
  }
  return true;
}

}  // namespace

std::variant<Options, Exit> parse_options(int argc, char** argv) {
  Options o;
  std::vector<std::string> http, https;
  double drain_s = static_cast<double>(o.drain_ms) / 1000;
  std::vector<double> seconds;

  CLI::App app{"Serves a table that `sluice compile` wrote (target table)."};
  app.set_version_flag("--version", "sluiced " SLUICE_VERSION);
  app.add_option("TABLE", o.table,
                 "the table, an .slt file; replace it by rename, or send SIGHUP, to reload")
      ->required();
  app.add_option("--listen-http", http, "ADDRESS:PORT instead of the table's http ports");
  app.add_option("--listen-https", https, "ADDRESS:PORT instead of the table's https ports");
  app.add_option("--loops", o.loops, "event loops, each a thread [one a core]")
      ->check(CLI::Range(1u, 256u));
  app.add_option("--access-log", o.access_log, "FILE, - for standard output, or off")
      ->capture_default_str();
  app.add_option(
      "--certificates", o.certificates,
      "folder of NAME.crt with NAME.key, or NAME.pem; NAME is the certificate's object or a host");
  app.add_option("--internal-ca", o.internal_ca,
                 "folder of the internal CA (ca.crt, ca.key), made when missing");
  app.add_flag("--internal-ca-for-all", o.internal_ca_for_all,
               "every certificate from the internal CA: for development");
  app.add_option("--secrets", o.secrets, "folder of user lists: NAME, or NAME.KEY")
      ->envname("CREDENTIALS_DIRECTORY");
  app.add_option("--hosts", o.hosts, "a file as /etc/hosts, asked for upstreams' names before DNS");
  app.add_option("--drain", drain_s, "seconds that running requests get when it stops")
      ->capture_default_str();
  app.add_flag("--check", o.check, "load everything as for serving, say what is wrong, and end");
  app.add_option("--match", o.match, "METHOD URL: say which route answers and why, and end")
      ->expected(2);
  app.add_option("--from", o.match_peer, "with --match: the address that the request comes from");

  seconds.reserve(std::size(kDurations));
  for (const Duration& row : kDurations) {
    seconds.push_back(static_cast<double>(o.settings.*row.value) / 1000);
    app.add_option(row.flag, seconds.back(), std::string("seconds for ") + row.about)
        ->check(CLI::Range(0.001, 1e6))
        ->capture_default_str()
        ->group("Time limits");
  }
  for (const Count& row : kCounts) {
    app.add_option(row.flag, o.settings.*row.value, row.about)
        ->check(CLI::Range(1u, 1u << 20))
        ->capture_default_str()
        ->group("Limits");
  }
  app.add_option("--max-head", o.settings.head.max_head, "bytes of a request's head; beyond: 431")
      ->check(CLI::Range(1024u, 61440u))
      ->capture_default_str()
      ->group("Limits");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Exit{app.exit(error) == 0 ? 0 : 2};
  }
  for (size_t i = 0; i < seconds.size(); ++i) {
    o.settings.*kDurations[i].value = static_cast<int64_t>(seconds[i] * 1000);
  }
  o.drain_ms = static_cast<int64_t>(drain_s * 1000);
  if (!read_addresses(http, "--listen-http", o.listen_http) ||
      !read_addresses(https, "--listen-https", o.listen_https)) {
    return Exit{2};
  }
  if (o.internal_ca_for_all && o.internal_ca.empty()) {
    std::fprintf(stderr, "sluiced: --internal-ca-for-all needs --internal-ca FOLDER\n");
    return Exit{2};
  }
  return o;
}

}  // namespace sluice::server
