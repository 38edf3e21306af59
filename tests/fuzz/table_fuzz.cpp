// Whatever the verifier lets through must be safe to use: any name, any path, any request, under
// the address and undefined-behaviour sanitizers. The header is made to fit the bytes (magic,
// length, digest), so that the verifier itself is reached; a mutator changes single fields more
// often than it moves bytes.
#include <xxhash.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "runtime/table/dump.h"
#include "runtime/table/evaluate.h"
#include "runtime/table/match.h"
#include "runtime/table/normalize.h"

namespace {

using namespace sluice::table;

void fit_header(char* bytes, size_t size) {
  Header header;
  std::memcpy(&header, bytes, sizeof(header));
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.endian = kEndianMark;
  header.version = kVersion;
  header.length = size;
  std::memcpy(bytes, &header, sizeof(header));
  const XXH128_hash_t digest = XXH3_128bits(bytes + kDigested, size - kDigested);
  header.digest[0] = digest.low64;
  header.digest[1] = digest.high64;
  std::memcpy(bytes, &header, sizeof(header));
}

void use(const Table& table) {
  if (dump(table).empty()) __builtin_trap();
  static constexpr const char* kPaths[] = {
      "/", "/v1/a", "/healthz", "/u/7", "/old/x?y", "/a/../b", "/.well-known/acme-challenge/x"};
  size_t asked = 0;
  for (const HostRecord& host : table.hosts()) {
    if (++asked > 50) break;
    const std::string name(table.text(host.name));
    for (const std::string& asks : {name, "x." + name, "x.y." + name, "." + name, name + "."}) {
      choose_certificate(table, asks);
      for (const RouteRecord& route : table.routes(host)) {
        const std::string path(table.text(route.path));
        match(table, asks, path);
        match(table, asks, path + "/x");
        if (++asked > 500) break;
      }
      Request request;
      request.listener = asked % 2 == 0 ? Scheme::http : Scheme::https;
      request.headers = {{"Host", asks},
                         {"X-Forwarded-For", "10.0.0.1, 2001:db8::1"},
                         {"X-Forwarded-Proto", "https"},
                         {"Authorization", "Basic x"}};
      request.target = kPaths[asked++ % std::size(kPaths)];
      request.peer = Address::from_v4(0xad2d3001);  // 173.45.48.1
      evaluate(table, request);
      request.peer = *parse_address("2400:cb00::1");
      evaluate(table, request);
    }
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  std::minstd_rand random(seed);
  const size_t begin = sizeof(Header) + kSectionCount * sizeof(SectionEntry);
  if (random() % 5 == 0 || size < begin + 8) return LLVMFuzzerMutate(data, size, max_size);
  for (unsigned changes = 1 + random() % 3; changes > 0; --changes) {
    const size_t at = (random() % 8 == 0 ? sizeof(Header) : begin) / 4 * 4;
    const size_t offset = at + random() % ((size - at - 4) / 4 + 1) * 4;
    uint32_t value;
    std::memcpy(&value, data + offset, 4);
    static constexpr uint32_t kValues[] = {0,     1,      2,          3,          8,
                                           0x100, 0xffff, 0x7fffffff, 0xfffffffe, kNone};
    switch (random() % 4) {
      case 0:
        value = kValues[random() % std::size(kValues)];
        break;
      case 1:
        value += random() % 2 == 0 ? 1 : 0xffffffff;
        break;
      case 2:
        value ^= 1u << random() % 32;
        break;
      default:
        value = static_cast<uint32_t>(random() % 64);
        break;
    }
    std::memcpy(data + offset, &value, 4);
  }
  return size;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < sizeof(Header)) return 0;
  // Aligned, and exactly as long as the input, so that one byte too far is seen.
  std::string bytes(reinterpret_cast<const char*>(data), size);
  bytes.shrink_to_fit();
  fit_header(bytes.data(), bytes.size());
  const sluice::Result<Table> table = Table::load(bytes);
  if (table) use(*table);
  return 0;
}
