// The matcher against the obvious one, on random tables: words from small alphabets, so that names
// and paths meet. Seeded: a failure names its table and its request, and comes again.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <set>

#include "runtime/table/match.h"
#include "runtime/table/normalize.h"
#include "tests/unit/table/reference_matcher.h"
#include "tests/unit/table/spec_help.h"

namespace sluice::table {
namespace {

class Chance {
 public:
  explicit Chance(uint32_t seed) : random_(seed) {}
  size_t below(size_t n) { return random_() % n; }
  template <size_t N>
  std::string one_of(const std::array<const char*, N>& words) {
    return words[below(N)];
  }
  std::string name() {
    static constexpr std::array<const char*, 6> kLabels = {"a", "b", "ab", "w", "test", "x-1"};
    std::string text = one_of(kLabels);
    for (size_t more = below(4); more > 0; --more) text += "." + one_of(kLabels);
    return text;
  }
  std::string path() {
    static constexpr std::array<const char*, 8> kSegments = {"a",  "b", "ab",     "a-b",
                                                             "a!", "7", "%C3%A9", "a.b"};
    std::string text = "/" + one_of(kSegments);
    for (size_t more = below(4); more > 0; --more) text += "/" + one_of(kSegments);
    return below(12) == 0 ? "/" : text;
  }

 private:
  std::mt19937 random_;
};

HostSpec random_host(Chance& chance, const std::string& pattern) {
  static constexpr std::array<const char*, 6> kRegexes = {"^/a",  "^/[ab]+$",   "^/.*/7$",
                                                          "^/b/", "^/(a|ab)/b", "^/x"};
  std::vector<RouteSpec> routes;
  std::set<std::pair<PathKind, std::string>> known;
  const size_t count = chance.below(chance.below(8) == 0 ? 60 : 8);
  for (size_t i = 0; i < count; ++i) {
    const auto kind = static_cast<PathKind>(chance.below(3));
    const std::string path = kind == PathKind::regex ? chance.one_of(kRegexes)
                             : kind == PathKind::exact && chance.below(4) == 0 ? chance.path() + "/"
                                                                               : chance.path();
    const std::string normal = path == "//" ? "/" : path;
    if (known.emplace(kind, normal).second) routes.push_back(route(kind, normal));
  }
  return host(pattern, routes);
}

TableSpec random_spec(Chance& chance) {
  TableSpec spec;
  std::set<std::string> known;
  const size_t count = 1 + chance.below(30);
  for (size_t i = 0; i < count; ++i) {
    static constexpr std::array<const char*, 4> kKinds = {"", "", "*.", "**."};
    const std::string pattern = chance.below(40) == 0 ? "*" : chance.one_of(kKinds) + chance.name();
    if (known.insert(pattern).second) spec.hosts.push_back(random_host(chance, pattern));
  }
  return spec;
}

// A name or a path that was written, bent a little.
std::string near(Chance& chance, std::string text, char separator) {
  switch (chance.below(6)) {
    case 0:
      return text + separator + "a";
    case 1:
      return text + separator;
    case 2:
      return text.empty() ? text : text.substr(0, text.size() - 1);
    case 3:
      return text + "a";
    default:
      return text;
  }
}

TEST(Differential, TheMatcherAgreesWithTheObviousOne) {
  size_t asked = 0, found = 0;
  for (uint32_t seed = 1; seed <= 1000; ++seed) {
    Chance chance(seed);
    const TableSpec spec = random_spec(chance);
    const Loaded t = load(spec);
    for (int i = 0; i < 150; ++i, ++asked) {
      const HostSpec& base = spec.hosts[chance.below(spec.hosts.size())];
      std::string name = chance.below(3) == 0 ? chance.name() : base.name;
      if (chance.below(2) == 0) name = chance.name() + "." + name;
      if (chance.below(8) == 0) name = near(chance, name, '.');
      std::string path = base.routes.empty() || chance.below(2) == 0
                             ? chance.path()
                             : base.routes[chance.below(base.routes.size())].path;
      path = near(chance, path, '/');
      if (!path.starts_with('/')) path = "/" + path;

      const HostSpec* host = reference::host(spec, name);
      const RouteSpec* route = host == nullptr ? nullptr : reference::route(*host, path);
      const Match match = table::match(t.table, name, path);
      ASSERT_EQ(match.host != nullptr, host != nullptr) << "seed " << seed << ": " << name;
      ASSERT_EQ(match.route != nullptr, route != nullptr)
          << "seed " << seed << ": " << name << path;
      if (host == nullptr) continue;
      ASSERT_EQ(t.table.id_of(*match.host), static_cast<uint32_t>(host - spec.hosts.data()))
          << "seed " << seed << ": " << name;
      if (route == nullptr) continue;
      ++found;
      ASSERT_EQ(t.table.text(match.route->path), route->path)
          << "seed " << seed << ": " << name << path;
      ASSERT_EQ(match.route->path_kind, route->path_kind)
          << "seed " << seed << ": " << name << path;
    }
  }
  EXPECT_GE(asked, 100000U);
  EXPECT_GT(found, asked / 6);  // not only misses were compared
}

// P2 read off the page: decode, then merge, then resolve, each on the whole text.
std::string slow_normal(const std::string& raw) {
  std::string decoded;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      decoded += raw[i];
      continue;
    }
    const std::string hex = raw.substr(i + 1, 2);
    const int value = std::stoi(hex, nullptr, 16);
    const bool plain =
        std::isalnum(value) != 0 || value == '-' || value == '.' || value == '_' || value == '~';
    if (plain) {
      decoded += static_cast<char>(value);
    } else {
      decoded += '%';
      for (char c : hex) decoded += static_cast<char>(std::toupper(c));
    }
    i += 2;
  }
  std::string merged;
  for (char c : decoded) {
    if (c != '/' || merged.empty() || merged.back() != '/') merged += c;
  }
  std::vector<std::string> segments = reference::split(merged.substr(1), '/'), kept;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i] == ".") continue;
    if (segments[i] != "..") {
      kept.push_back(segments[i]);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out;
  for (const std::string& segment : kept) out += "/" + segment;
  return out.empty() ? "/" : out;
}

TEST(Differential, NormalisationAgreesWithTheObviousOne) {
  static constexpr std::array<const char*, 12> kPieces = {"/",   "/",   "/",   ".",   "..",  "a",
                                                          "%2e", "%61", "%3b", "b.c", "%20", "~"};
  Chance chance(7);
  for (int i = 0; i < 100000; ++i) {
    std::string raw = "/";
    for (size_t more = chance.below(9); more > 0; --more) raw += chance.one_of(kPieces);
    std::array<char, 256> buffer;
    const NormalPath normal = normalize_path(raw, buffer);
    ASSERT_EQ(normal.fault, PathFault::none) << raw;
    ASSERT_EQ(normal.path, slow_normal(raw)) << raw;
    const std::string once(normal.path);
    ASSERT_EQ(normalize_path(once, {}).path, once) << "not a fixed point: " << raw;
  }
}

}  // namespace
}  // namespace sluice::table
