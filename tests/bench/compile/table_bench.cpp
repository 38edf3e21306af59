// How a table does by itself: building, loading and matching for 1 to 1,000,000 hosts with three
// routes each. Prints a line a size; the columns that matter are ns per match (any size should read
// alike) and bytes per host. `table_bench [HOSTS…]`.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "runtime/table/build.h"
#include "runtime/table/match.h"
#include "runtime/table/normalize.h"
#include "runtime/table/table.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace sluice::table;

double milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

std::string name_of(uint32_t i) { return "app-" + std::to_string(i) + ".runtime.example.com"; }

TableSpec spec_of(uint32_t hosts) {
  TableSpec spec;
  spec.site = "edge";
  spec.listeners = {{Scheme::http, 80}, {Scheme::https, 443}};
  spec.hosts.resize(hosts);
  spec.upstreams.resize(hosts);
  for (uint32_t i = 0; i < hosts; ++i) {
    UpstreamSpec& upstream = spec.upstreams[i];
    upstream.object = "app-" + std::to_string(i);
    upstream.members = {{"10.0.0." + std::to_string(i % 250 + 1), 8080, 1}};
    HostSpec& host = spec.hosts[i];
    host.name = name_of(i);
    host.object = upstream.object;
    for (const char* path : {"/", "/v1", "/healthz"}) {
      RouteSpec route;
      route.path = path;
      route.path_kind = path[1] == 'h' ? PathKind::exact : PathKind::prefix;
      route.object = upstream.object;
      route.pool = {{i, 10000}};
      host.routes.push_back(std::move(route));
    }
  }
  return spec;
}

struct Ask {
  std::string host, path;
};

// What a request needs of the table: both normal forms, then the match. `spread`: how many hosts
// are asked.
double nanoseconds_per_match(const Table& table, uint32_t hosts, uint32_t spread) {
  static constexpr const char* kPaths[] = {"/", "/v1/users/12345", "/healthz",
                                           "/static/css/site.css"};
  std::vector<Ask> asks(1 << 14);
  uint64_t random = 42;
  for (Ask& ask : asks) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    const auto host = static_cast<uint32_t>((random >> 33) % std::min(hosts, spread));
    ask = {name_of(host * std::max(1U, hosts / std::min(hosts, spread))),
           kPaths[(random >> 20) % 4]};
  }
  std::array<char, 256> host_buffer;
  std::array<char, 4096> path_buffer;
  size_t found = 0;
  std::vector<double> runs;
  for (int run = 0; run < 7; ++run) {
    const Clock::time_point begin = Clock::now();
    for (int round = 0; round < 16; ++round) {
      for (const Ask& ask : asks) {
        const NormalHost host = normalize_host(ask.host, host_buffer);
        const NormalPath path = normalize_path(ask.path, path_buffer);
        found += match(table, host.host, path.path).route != nullptr;
      }
    }
    runs.push_back(milliseconds(begin) * 1e6 / (16.0 * static_cast<double>(asks.size())));
  }
  if (found != 7U * 16 * asks.size()) std::abort();
  std::sort(runs.begin(), runs.end());
  return runs[runs.size() / 2];
}

void measure(uint32_t hosts) {
  const TableSpec spec = spec_of(hosts);
  std::vector<double> builds, loads;
  std::string bytes;
  for (int run = 0; run < 5; ++run) {
    Clock::time_point begin = Clock::now();
    bytes = build(spec);
    builds.push_back(milliseconds(begin));
    begin = Clock::now();
    const auto table = Table::load(bytes);
    loads.push_back(milliseconds(begin));
    if (!table) {
      std::fprintf(stderr, "%s\n", table.error().message.c_str());
      std::exit(1);
    }
  }
  std::sort(builds.begin(), builds.end());
  std::sort(loads.begin(), loads.end());
  const auto table = Table::load(bytes);
  std::printf("%9u %10.2f %10.2f %12.1f %12.1f %12.1f\n", hosts, builds[2], loads[2],
              nanoseconds_per_match(*table, hosts, 1000),
              nanoseconds_per_match(*table, hosts, hosts),
              static_cast<double>(bytes.size()) / hosts);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::printf("%9s %10s %10s %12s %12s %12s\n", "hosts", "build ms", "load ms", "ns (1000)",
              "ns (all)", "bytes/host");
  if (argc > 1) {
    for (int i = 1; i < argc; ++i)
      measure(static_cast<uint32_t>(std::strtoul(argv[i], nullptr, 10)));
  } else {
    for (uint32_t hosts : {1U, 100U, 10000U, 100000U}) measure(hosts);
  }
}
