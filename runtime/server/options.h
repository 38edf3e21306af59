// The command line of sluiced: one row a flag (options.cpp). A value; nothing here touches the
// world but the environment variable that a flag names.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "runtime/net/socket_address.h"
#include "runtime/proxy/settings.h"

namespace sluice::server {

struct Options {
  std::string table;
  std::vector<net::SocketAddress> listen_http, listen_https;  // empty: the table's own ports
  unsigned loops = 0;                                         // 0: one a core
  std::string access_log = "-";                               // "-": standard output; "off": none
  std::string certificates;
  std::string internal_ca;
  bool internal_ca_for_all = false;
  std::string secrets;
  std::string hosts;  // a hosts file
  int64_t drain_ms = 30'000;
  bool check = false;
  std::vector<std::string> match;  // METHOD URL
  std::string match_peer;
  proxy::Settings settings;
};

// What to do instead of serving, after the text was printed: --help, --version, a mistake.
struct Exit {
  int code;
};
std::variant<Options, Exit> parse_options(int argc, char** argv);

}  // namespace sluice::server
