#include "runtime/http/write_head.h"

#include "runtime/http/head_out.h"
#include "runtime/http/scan.h"

namespace sluice::http {
namespace {

// Copies head[from, lines_end) without the lines that the filter takes away: in as few pieces as
// there are gaps.
void copy_lines(const HeaderBlock& head, size_t from, const LineFilter& filter, Out& out) noexcept {
  for (size_t i = 0; i < head.count; ++i) {
    if (!filter.takes(head, i)) continue;
    const size_t line = head.lines[i].name.at;
    out.put({head.base + from, line - from});
    from = i + 1 < head.count ? head.lines[i + 1].name.at : head.lines_end;
  }
  out.put({head.base + from, head.lines_end - from});
}

bool is_sendable_target(std::string_view target) noexcept {
  for (const char *p = target.data(), *end = p + target.size(); p != end; ++p) {
    p = target_end(p, end);
    if (p == end) return true;
    if (uint8_t(*p) < 0x80) return false;
  }
  return !target.empty();
}

// The list that a trusted proxy sent, all its lines joined, and the peer.
void put_forwarded_for(const RequestHead& head, const Forwarded& forwarded, Out& out) noexcept {
  out.put("X-Forwarded-For: ");
  if (forwarded.trusted) {
    for (size_t i = head.find(HeaderId::x_forwarded_for); i != head.npos;
         i = head.find(HeaderId::x_forwarded_for, i + 1)) {
      if (head.value(i).empty()) continue;
      out.put(head.value(i));
      out.put(", ");
    }
  }
  out.put(forwarded.peer);
  out.put("\r\n");
}

void put_forwarded(const RequestHead& head, const Forwarded& forwarded, const LineFilter& filter,
                   Out& out) noexcept {
  const auto ours = [&](HeaderId id) {
    return !filter.is_edited(id) && !(forwarded.trusted && head.has(id));
  };
  if (!filter.is_edited(HeaderId::x_forwarded_for)) put_forwarded_for(head, forwarded, out);
  if (ours(HeaderId::x_forwarded_proto)) out.line("X-Forwarded-Proto", forwarded.proto);
  if (ours(HeaderId::x_forwarded_host)) out.line("X-Forwarded-Host", head.host());
}

}  // namespace

size_t write_request_head(const RequestHead& head, const RequestChanges& changes,
                          std::span<char> buffer) noexcept {
  Out out(buffer);
  const std::string_view method =
      changes.method.empty() ? head.text(head.method_text) : changes.method;
  const std::string_view target = changes.target.empty() ? head.text(head.target) : changes.target;
  if (!is_token(method) || !is_sendable_target(target) || !is_field_value(changes.host)) return 0;

  // Host: as it came, unless another one decided or is asked for.
  const size_t host_line = head.find(HeaderId::host);
  const std::string_view host = changes.host.empty() ? head.host() : changes.host;
  const bool same_host = host_line != head.npos && head.value(host_line) == host;

  LineFilter filter(changes.edits, changes.extra);
  if (!same_host) filter.take(HeaderId::host);
  if (changes.without_body) filter.take(HeaderId::content_length);
  if (!changes.forwarded.trusted)
    filter.take_all(kForwardedIds);
  else if (!changes.forwarded.peer.empty())
    filter.take(HeaderId::x_forwarded_for);

  if (head.minor == 1 && method == head.text(head.method_text) &&
      target == head.text(head.target)) {
    copy_lines(head, head.start, filter, out);
  } else {
    out.put(method);
    out.put(" ");
    out.put(target);
    out.put(" HTTP/1.1\r\n");
    copy_lines(head, head.lines_at, filter, out);
  }
  if (!same_host && !filter.is_edited(HeaderId::host)) out.line("Host", host);
  if (!changes.forwarded.peer.empty()) put_forwarded(head, changes.forwarded, filter, out);
  put_edits(head, changes.edits, changes.extra, filter, out);

  if (head.body == BodyKind::chunked && !changes.without_body)
    out.put("Transfer-Encoding: chunked\r\n");
  const bool websocket = changes.websocket && head.websocket;
  if (websocket) out.put("Upgrade: websocket\r\n");
  if (head.te_trailers) out.put("TE: trailers\r\n");
  if (websocket || changes.close || head.te_trailers) {
    out.put("Connection: ");
    if (websocket || changes.close) out.put(websocket ? "Upgrade" : "close");
    if (head.te_trailers) out.put(websocket || changes.close ? ", TE" : "TE");
    out.put("\r\n");
  }
  out.put("\r\n");
  return out.size();
}

Framing frame_response(const RequestHead& request, const ResponseHead& response,
                       bool may_keep) noexcept {
  const bool keep = may_keep && request.keep_alive;
  switch (response.body) {
    case BodyKind::none:
    case BodyKind::length:
      return {response.body, keep};
    case BodyKind::chunked:
    case BodyKind::until_close:
      break;
  }
  // HTTP/1.0 has no chunks; only the end of the connection ends such a body.
  if (request.minor == 0) return {BodyKind::until_close, false};
  return {BodyKind::chunked, keep};
}

bool upstream_reusable(const ResponseHead& response) noexcept {
  return response.keep_alive && response.body != BodyKind::until_close && response.status != 101;
}

size_t write_response_head(const ResponseHead& head, const ResponseChanges& changes,
                           std::span<char> buffer) noexcept {
  Out out(buffer);
  const Framing framing = changes.framing;
  LineFilter filter(changes.edits, changes.extra);
  // The length may stand where it is true, and where it tells what a body would have had (HEAD,
  // 304); never beside chunks, nor on 1xx and 204 (RFC 9110 8.6).
  const bool bodiless_status = head.status < 200 || head.status == 204;
  if (bodiless_status || (framing.body != BodyKind::length && framing.body != BodyKind::none))
    filter.take(HeaderId::content_length);

  const bool whole_line = head.minor == 1 && head.base[head.start + 12] == ' ';
  if (whole_line) {
    copy_lines(head, head.start, filter, out);
  } else {
    out.put("HTTP/1.1 ");
    out.number(head.status);
    out.put(" ");
    out.put(head.text(head.reason));
    out.put("\r\n");
    copy_lines(head, head.lines_at, filter, out);
  }
  put_edits(head, changes.edits, changes.extra, filter, out);
  if (head.status == 101) {
    out.put("Upgrade: websocket\r\nConnection: Upgrade\r\n");
  } else if (head.status >= 200) {
    if (framing.body == BodyKind::chunked) out.put("Transfer-Encoding: chunked\r\n");
    out.put(connection_line(framing.keep_alive, changes.client_minor));
  }
  out.put("\r\n");
  return out.size();
}

}  // namespace sluice::http
