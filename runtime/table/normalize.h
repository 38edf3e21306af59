// The normal forms of a request's target and host (SEMANTICS P1-P3, H1, H6, H7). Pure; nothing is
// allocated. What is already normal is found by one scan and given back as a view of the input;
// else the caller's buffer holds the result.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::table {

enum class TargetForm : uint8_t {
  origin,    // "/a?b"
  absolute,  // "http://h/a?b": its authority is the host (H7)
  asterisk,  // "*": answered 200 for OPTIONS without a route, else refused
  bad,       // anything else: 400
};
struct Target {
  TargetForm form = TargetForm::bad;
  std::string_view authority;  // absolute only
  std::string_view path;       // raw; "/" where an absolute target has none
  std::string_view query;      // raw, with its `?`; empty when there is none
};
Target split_target(std::string_view target);

enum class PathFault : uint8_t {
  none,
  malformed_escape,   // "%zz", "%2"
  forbidden_escape,   // %2F, %5C, %00
  forbidden_byte,     // raw backslash, `#`, control, space, not ASCII
  dot_segment_param,  // "/..;x", "/.;x"
  too_long,           // the buffer is too small: 431, all others 400
};
const char* describe(PathFault fault);

struct NormalPath {
  PathFault fault = PathFault::none;
  std::string_view path;  // a view of the input or of the buffer; begins with '/'
};
// Escapes of unreserved characters decoded, then runs of '/' merged, then dot segments resolved.
// Other escapes stay, their hex digits in upper case; the bytes "<>^`{|} are escaped, as every
// engine sends them. A buffer of three times the input is always enough. `raw` begins with '/' and
// holds no '?'.
NormalPath normalize_path(std::string_view raw, std::span<char> buffer);

enum class HostFault : uint8_t { none, missing, malformed };
// Longer names are malformed: none such can be looked up.
inline constexpr size_t kMaxHostText = 255;
struct NormalHost {
  HostFault fault = HostFault::none;
  std::string_view
      host;  // lower case, without port; "a." keeps its dot and so is another host than "a"
};
// `raw` is a Host line's value, an authority or a server name. At least 256 bytes of buffer.
NormalHost normalize_host(std::string_view raw, std::span<char> buffer);

// The part of a Host that a Location keeps when a scheme is set: without port, case kept.
std::string_view without_port(std::string_view raw_host);

// strip_prefix (R1): what is left of a normal path; a view, never empty. Unchanged when it has not
// the prefix.
std::string_view strip_prefix(std::string_view path, std::string_view prefix);

// The order of `exact` and `prefix` routes: by bytes, '/' before all others, so that what lies
// below a prefix follows it at once.
int path_order(std::string_view a, std::string_view b);
// Whether `prefix` (without trailing '/', but for "/") holds `path` by whole segments.
bool has_prefix(std::string_view path, std::string_view prefix);

}  // namespace sluice::table
