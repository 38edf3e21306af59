// What stands on a request's way allocates nothing. RE2 is left out: it fills caches of its own at
// first.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

#include "runtime/table/answer.h"
#include "runtime/table/client.h"
#include "runtime/table/forward.h"
#include "runtime/table/match.h"
#include "runtime/table/normalize.h"
#include "tests/unit/table/everything.h"
#include "tests/unit/table/spec_help.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLUICE_COUNTS_ALLOCATIONS 0
#else
#define SLUICE_COUNTS_ALLOCATIONS 1
namespace {
std::atomic<size_t> allocations{0};
}
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }
#endif

namespace sluice::table {
namespace {

TEST(Allocations, NoneOnARequestsWay) {
#if SLUICE_COUNTS_ALLOCATIONS
  const Loaded t = load(everything());
  const Address peer = *parse_address("173.245.48.9");
  const std::array<std::string_view, 2> lines = {"198.51.100.1, 10.0.0.1", "173.245.48.10"};
  std::array<char, 256> host_buffer, list_buffer;
  std::array<char, 1024> path_buffer, location_buffer;
  size_t seen = 0;
  const size_t before = allocations;
  for (const std::string_view raw_host :
       {"API.example.com:80", "a.b.apps.example.com", "x.example.com", "other"}) {
    for (const std::string_view target :
         {"/v1//users/%41?q=1", "/healthz", "/old/x", "/admin", "/nothing"}) {
      const NormalHost host = normalize_host(raw_host, host_buffer);
      const Target split = split_target(target);
      const NormalPath path = normalize_path(split.path, path_buffer);
      const HostRecord* chosen = choose_host(t.table, host.host);
      // The routes of "everything" with a regex are asked for paths that an exact or prefix route
      // answers.
      const RouteRecord* route =
          chosen->regex > 0 ? nullptr : choose_route(t.table, *chosen, path.path);
      const Client client = client_address(t.table, peer, lines);
      const bool https = scheme_is_https(t.table, Scheme::http, client.trusted, "https");
      seen += static_cast<size_t>(plain_http(t.table, *chosen, route, https, path.path));
      seen += choose_certificate(t.table, host.host) != kNone;
      if (route != nullptr) {
        seen += peers_allow(t.table, t.table.chain(*route), peer) &&
                clients_allow(t.table, t.table.chain(*route), client);
        const LocationInput in{https, raw_host, path.path, path.path, split.query};
        if (route->answer_kind == AnswerKind::redirect)
          seen += write_location(t.table, *route, in, location_buffer);
        seen += write_https_location(t.table, in, location_buffer);
      }
      seen += write_forwarded_for(client.trusted, lines, peer, list_buffer);
    }
  }
  const size_t after = allocations;
  EXPECT_EQ(after - before, 0U);
  EXPECT_GT(seen, 0U);
#else
  GTEST_SKIP() << "a sanitizer has its own allocator";
#endif
}

}  // namespace
}  // namespace sluice::table
