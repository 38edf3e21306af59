// The .slt file: one routing table as bytes that are used where they lie.
//
// A 64-byte Header, then a directory of sections, then the sections: arrays of flat little-endian
// records in the order of `Section`, each beginning at a multiple of 64 and padded with zeros.
// Records name each other by index and text by StringRef; there are no pointers, so a file may be
// mapped anywhere. The same TableSpec gives the same bytes. The layout is exact: offsets follow
// from the counts, nothing overlaps, nothing is left over; a reader refuses anything else.
//
// A change of any record below raises kVersion; readers know one version and refuse the others by
// name. A source file's secrets never stand here, only their names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace sluice::table {

inline constexpr char kMagic[8] = {'\x89', 'S',  'L',    'T',
                                   '\r',   '\n', '\x1a', '\n'};  // as PNG: shows text-mode damage
inline constexpr uint32_t kEndianMark = 0x01020304;
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kNone = 0xffffffff;  // an index that is not there
inline constexpr uint64_t kAlign = 64;
inline constexpr uint32_t kMaxProbe = 256;  // steps that a hash lookup takes at most
inline constexpr uint32_t kMaxHostLength = 253;

// Magic, endian mark, version and length are compared exactly, all that follows is under the
// digest: so no changed bit passes.
struct Header {
  char magic[8];
  uint32_t endian;
  uint32_t version;
  uint64_t length;     // of the whole file
  uint64_t digest[2];  // XXH3-128 (low, high) of everything after this field
  uint32_t sections;   // kSectionCount
  uint32_t reserved[5];
};

inline constexpr size_t kDigested = offsetof(Header, digest) + sizeof(Header::digest);

// The order of the file. One line a section: SLUICE_SECTION(id, record).
#define SLUICE_TABLE_SECTIONS(SLUICE_SECTION)        \
  SLUICE_SECTION(site, Meta)                         \
  SLUICE_SECTION(listeners, ListenerRecord)          \
  SLUICE_SECTION(edges, EdgeRecord)                  \
  SLUICE_SECTION(cidr_sets, CidrSetRecord)           \
  SLUICE_SECTION(ranges4, Range4)                    \
  SLUICE_SECTION(ranges6, Range6)                    \
  SLUICE_SECTION(hosts, HostRecord)                  \
  SLUICE_SECTION(host_objects, StringRef)            \
  SLUICE_SECTION(host_slots, Slot)                   \
  SLUICE_SECTION(host_labels, LabelRecord)           \
  SLUICE_SECTION(host_label_slots, Slot)             \
  SLUICE_SECTION(routes, RouteRecord)                \
  SLUICE_SECTION(route_objects, StringRef)           \
  SLUICE_SECTION(regexes, StringRef)                 \
  SLUICE_SECTION(chains, ChainRecord)                \
  SLUICE_SECTION(steps, uint32_t)                    \
  SLUICE_SECTION(policies, PolicyRecord)             \
  SLUICE_SECTION(rate_limits, RateLimitRecord)       \
  SLUICE_SECTION(basic_auths, BasicAuthRecord)       \
  SLUICE_SECTION(edits, EditRecord)                  \
  SLUICE_SECTION(pools, PoolRecord)                  \
  SLUICE_SECTION(shares, ShareRecord)                \
  SLUICE_SECTION(upstreams, UpstreamRecord)          \
  SLUICE_SECTION(members, MemberRecord)              \
  SLUICE_SECTION(fronts, FrontRecord)                \
  SLUICE_SECTION(responds, RespondRecord)            \
  SLUICE_SECTION(redirects, RedirectRecord)          \
  SLUICE_SECTION(certificates, CertificateRecord)    \
  SLUICE_SECTION(certificate_names, CertificateName) \
  SLUICE_SECTION(certificate_slots, Slot)            \
  SLUICE_SECTION(certificate_labels, LabelRecord)    \
  SLUICE_SECTION(certificate_label_slots, Slot)      \
  SLUICE_SECTION(gaps, GapRecord)                    \
  SLUICE_SECTION(lists, StringRef)                   \
  SLUICE_SECTION(strings, char)

enum class Section : uint32_t {
#define SLUICE_SECTION(id, record) id,
  SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION
};
inline constexpr uint32_t kSectionCount = static_cast<uint32_t>(Section::strings) + 1;

struct SectionEntry {
  uint64_t offset;  // from the file's first byte
  uint64_t count;   // records
};

struct StringRef {  // into `strings`
  uint32_t offset;
  uint32_t length;
};
struct Slice {  // `count` records from `first`
  uint32_t first;
  uint32_t count;
};

// ---------------------------------------------------------------- finding names
// Open addressing, linear, a power of two of slots of which at least half are empty.
struct Slot {
  uint32_t tag;  // upper half of the key's hash
  uint32_t id;   // kNone: empty
};
// A node of the label trie that holds the wildcards of hosts (or certificates), read from the
// right: "*.b.test" is root -> "test" -> "b". Node 0 is the root; a parent stands before its
// children.
struct LabelRecord {
  StringRef label;
  uint32_t parent;     // kNone for the root
  uint32_t one_label;  // who has "*." here, or kNone
  uint32_t any_depth;  // who has "**." here, or kNone
  uint32_t reserved;
};

enum class HostKind : uint8_t { exact, one_label, any_depth, any };
enum class PlainHttp : uint8_t { redirect, serve, refuse };
struct HostRecord {
  StringRef name;        // lower case, without "*." and "**."; empty for `any`
  uint32_t routes;       // first of exact + regex + prefix routes, which follow each other
  uint32_t exact;        // how many, ascending in path_order
  uint32_t regex;        // how many, as their host writes them
  uint32_t prefix;       // how many, ascending in path_order
  uint32_t certificate;  // kNone: TLS does not end here for this host
  HostKind kind;
  PlainHttp plain_http;
  uint16_t reserved;
};

// ---------------------------------------------------------------- routes
enum class PathKind : uint8_t { exact, regex, prefix };
enum class AnswerKind : uint8_t { pool, respond, redirect };
struct RouteRecord {
  StringRef path;  // normal form; for regex the pattern
  uint32_t above;  // prefix: the route (of all) with the longest other prefix of it, or kNone;
                   // regex: index into `regexes`; exact: kNone
  uint32_t chain;
  uint32_t answer;  // into `pools`, `responds` or `redirects`
  uint32_t front;   // kNone, or the front that hands this host on whole (its answer is a pool)
  PathKind path_kind;
  AnswerKind answer_kind;
  uint16_t reserved;
  uint32_t host;  // whose it is
};

// What acts on a route's requests, prepared: equal chains are one.
struct ChainRecord {
  Slice steps;          // all policies in phase order, as indices in `steps`
  uint32_t guards;      // of those, how many from the first may refuse (all before the edits)
  uint32_t flags;       // kHas…
  StringRef strip;      // the prefix to take off, or empty
  Slice request_edits;  // of all steps, in order
  Slice response_edits;
  StringRef response_lines;  // every answer `set` and `add`: "Name: value\r\n", to be copied
};
inline constexpr uint32_t kHasAllowPeers = 1;
inline constexpr uint32_t kHasClientLists = 2;  // allow_ips, deny_ips
inline constexpr uint32_t kHasRateLimit = 4;
inline constexpr uint32_t kHasBasicAuth = 8;
inline constexpr uint32_t kHasStripPrefix = 16;
inline constexpr uint32_t kHasClientLimit = 32;  // a rate limit by client address
inline constexpr uint32_t kChainFlags = 63;

enum class PolicyKind : uint8_t {
  allow_peers,
  allow_ips,
  deny_ips,
  rate_limit,
  basic_auth,
  header_edits,
  strip_prefix
};
struct PolicyRecord {
  StringRef object;  // readable, unique
  Slice groups;      // the middleware names that brought it, in `lists`
  uint32_t value;    // a CIDR set, or an index into rate_limits or basic_auths; else kNone
  PolicyKind kind;
  uint8_t reserved[3];
  StringRef prefix;     // strip_prefix
  Slice request_edits;  // header_edits
  Slice response_edits;
};
enum class LimitBy : uint8_t { client_ip, header, host, everyone };
struct RateLimitRecord {
  uint32_t count;           // requests …
  uint32_t period_seconds;  // … per period
  uint32_t burst;           // capacity
  LimitBy by;
  uint8_t reserved[3];
  StringRef header;
};
struct BasicAuthRecord {
  StringRef users;  // the secret's name
  StringRef key;    // within the secret, or empty
  StringRef realm;
};
enum class EditOp : uint8_t { set, add, remove };
struct EditRecord {
  StringRef name;   // as written
  StringRef lower;  // for HTTP/2 and comparisons
  StringRef value;  // empty for remove
  StringRef line;   // "Name: value\r\n"; empty for remove
  EditOp op;
  uint8_t reserved[3];
};

// ---------------------------------------------------------------- answers
enum class Protocol : uint8_t { http, https };
struct PoolRecord {
  Slice shares;
};
struct ShareRecord {
  uint32_t upstream;
  uint32_t weight;  // basis points; a pool's sum is 10,000
};
struct UpstreamRecord {
  StringRef object;   // readable, unique
  StringRef written;  // the `upstream` block's name, or empty
  StringRef service;  // "ns/name:port" as written, or empty
  Slice members;
  Protocol protocol;
  uint8_t reserved[3];
};
struct MemberRecord {
  StringRef host;   // a name, an address (IPv6 without brackets), or a path
  uint32_t weight;  // relative within its upstream
  uint16_t port;    // 0: host is the path of a unix socket
  uint16_t reserved;
};
struct FrontRecord {
  StringRef inner;  // the site that stands behind
  uint32_t pool;
};
struct RespondRecord {
  StringRef body;
  StringRef media_type;
  uint16_t status;
  uint16_t reserved;
};
enum class RedirectKind : uint8_t { permanent, temporary, exact };
struct RedirectRecord {
  StringRef location;
  uint16_t code;  // for exact; else 0
  RedirectKind kind;
  uint8_t flags;  // kKeep…
};
inline constexpr uint8_t kKeepPath = 1;
inline constexpr uint8_t kKeepRest = 2;
inline constexpr uint8_t kKeepQuery = 4;

// ---------------------------------------------------------------- the site
struct Meta {
  StringRef site;
  uint32_t any_host;  // the host `*`, or kNone
  uint32_t trust;     // the CIDR set of all edges together, or kNone: nobody may speak for a client
  uint64_t host_seed, host_label_seed, certificate_seed, certificate_label_seed;  // of the hashes
  Slice needs;          // names of features in `lists`, sorted
  uint32_t https_port;  // where the redirect to HTTPS leads; 0: no https listener
  uint32_t tls_ended;   // 1: an edge ends TLS, and what it says of the scheme holds
};
enum class Scheme : uint8_t { http, https };
struct ListenerRecord {
  uint16_t port;
  Scheme scheme;
  uint8_t reserved;
};
struct EdgeRecord {
  StringRef name;
  uint32_t trust;  // a CIDR set
  uint8_t tls_ended;
  uint8_t is_site;
  uint16_t reserved;
};

// Sorted, disjoint, not touching: a lookup is one binary search. IPv4-mapped addresses are IPv4.
struct CidrSetRecord {
  Slice v4;
  Slice v6;
};
struct Range4 {
  uint32_t first, last;
};
struct Range6 {
  uint64_t first_high, first_low, last_high, last_low;
};

// ---------------------------------------------------------------- certificates
enum class CertificateFrom : uint8_t { acme, internal_ca, files, secret, other };
enum class ChallengeKind : uint8_t { http01, tls_alpn01, dns01 };
struct CertificateRecord {
  StringRef object;
  Slice names;                           // host patterns in `lists`
  StringRef issuer;                      // its name, or empty
  StringRef directory, email, provider;  // acme; provider and credentials for dns-01
  StringRef credentials;
  StringRef certificate_file, key_file;  // files
  StringRef secret;                      // where it is kept, or the existing secret
  CertificateFrom from;
  ChallengeKind challenge;
  uint8_t shared;  // declared by `certificate N`
  uint8_t reserved;
};
// A name that a certificate covers and no host of the table would lead to.
struct CertificateName {
  StringRef name;  // without "*."
  uint32_t certificate;
  HostKind kind;  // exact or one_label
  uint8_t reserved[3];
};
struct GapRecord {
  StringRef feature, host, reason;
};

static_assert(sizeof(Header) == 64 && sizeof(SectionEntry) == 16);
static_assert(sizeof(HostRecord) == 32 && sizeof(RouteRecord) == 32);
static_assert(sizeof(Meta) == 64 && sizeof(Slot) == 8 && sizeof(Range6) == 32);
// No padding: every byte of a record is said.
#define SLUICE_SECTION(id, record) static_assert(std::has_unique_object_representations_v<record>);
SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION

}  // namespace sluice::table
