#include "runtime/http/head_out.h"

namespace sluice::http {
namespace {

struct StatusRow {
  uint16_t status;
  std::string_view text;
  std::string_view body;  // of an error
};
#define SLUICE_HTTP_STATUS(status, text) \
  { status, text, #status " " text "\n" }
constexpr StatusRow kStatuses[] = {
    SLUICE_HTTP_STATUS(100, "Continue"),
    SLUICE_HTTP_STATUS(101, "Switching Protocols"),
    SLUICE_HTTP_STATUS(103, "Early Hints"),
    SLUICE_HTTP_STATUS(200, "OK"),
    SLUICE_HTTP_STATUS(201, "Created"),
    SLUICE_HTTP_STATUS(202, "Accepted"),
    SLUICE_HTTP_STATUS(204, "No Content"),
    SLUICE_HTTP_STATUS(205, "Reset Content"),
    SLUICE_HTTP_STATUS(206, "Partial Content"),
    SLUICE_HTTP_STATUS(301, "Moved Permanently"),
    SLUICE_HTTP_STATUS(302, "Found"),
    SLUICE_HTTP_STATUS(303, "See Other"),
    SLUICE_HTTP_STATUS(304, "Not Modified"),
    SLUICE_HTTP_STATUS(307, "Temporary Redirect"),
    SLUICE_HTTP_STATUS(308, "Permanent Redirect"),
    SLUICE_HTTP_STATUS(400, "Bad Request"),
    SLUICE_HTTP_STATUS(401, "Unauthorized"),
    SLUICE_HTTP_STATUS(402, "Payment Required"),
    SLUICE_HTTP_STATUS(403, "Forbidden"),
    SLUICE_HTTP_STATUS(404, "Not Found"),
    SLUICE_HTTP_STATUS(405, "Method Not Allowed"),
    SLUICE_HTTP_STATUS(406, "Not Acceptable"),
    SLUICE_HTTP_STATUS(408, "Request Timeout"),
    SLUICE_HTTP_STATUS(409, "Conflict"),
    SLUICE_HTTP_STATUS(410, "Gone"),
    SLUICE_HTTP_STATUS(411, "Length Required"),
    SLUICE_HTTP_STATUS(412, "Precondition Failed"),
    SLUICE_HTTP_STATUS(413, "Content Too Large"),
    SLUICE_HTTP_STATUS(414, "URI Too Long"),
    SLUICE_HTTP_STATUS(415, "Unsupported Media Type"),
    SLUICE_HTTP_STATUS(416, "Range Not Satisfiable"),
    SLUICE_HTTP_STATUS(417, "Expectation Failed"),
    SLUICE_HTTP_STATUS(418, "I'm a teapot"),
    SLUICE_HTTP_STATUS(421, "Misdirected Request"),
    SLUICE_HTTP_STATUS(422, "Unprocessable Content"),
    SLUICE_HTTP_STATUS(425, "Too Early"),
    SLUICE_HTTP_STATUS(426, "Upgrade Required"),
    SLUICE_HTTP_STATUS(428, "Precondition Required"),
    SLUICE_HTTP_STATUS(429, "Too Many Requests"),
    SLUICE_HTTP_STATUS(431, "Request Header Fields Too Large"),
    SLUICE_HTTP_STATUS(451, "Unavailable For Legal Reasons"),
    SLUICE_HTTP_STATUS(500, "Internal Server Error"),
    SLUICE_HTTP_STATUS(501, "Not Implemented"),
    SLUICE_HTTP_STATUS(502, "Bad Gateway"),
    SLUICE_HTTP_STATUS(503, "Service Unavailable"),
    SLUICE_HTTP_STATUS(504, "Gateway Timeout"),
    SLUICE_HTTP_STATUS(505, "HTTP Version Not Supported"),
    SLUICE_HTTP_STATUS(507, "Insufficient Storage"),
};

const StatusRow* find_status(uint16_t status) noexcept {
  for (const StatusRow& row : kStatuses)
    if (row.status == status) return &row;
  return nullptr;
}

}  // namespace

std::string_view status_text(uint16_t status) noexcept {
  const StatusRow* row = find_status(status);
  return row ? row->text : std::string_view();
}

OwnResponse error_response(uint16_t status, std::string_view date) noexcept {
  OwnResponse response;
  const StatusRow* row = find_status(status);
  response.status = status;
  response.body = row ? row->body : std::string_view("error\n");
  response.date = date;
  return response;
}

size_t write_own_response(const OwnResponse& response, std::span<char> buffer) noexcept {
  Out out(buffer);
  // Our own lines stand for a message's, so that edits see them: a set replaces ours.
  HeaderBlock ours;
  ours.base = "";
  const LineFilter filter(response.edits, response.extra);
  const auto own_line = [&](HeaderId id, std::string_view name, std::string_view value) {
    ours.lines[ours.count++].id = id;
    if (!filter.takes(ours, ours.count - 1u)) out.line(name, value);
  };
  const bool bodiless = response.status < 200 || response.status == 204 || response.status == 304;

  out.put("HTTP/1.1 ");
  out.number(response.status);
  out.put(" ");
  out.put(status_text(response.status));
  out.put("\r\n");
  if (!response.date.empty()) own_line(HeaderId::date, "Date", response.date);
  if (!bodiless) {
    if (!response.body.empty() && !response.content_type.empty())
      own_line(HeaderId::content_type, "Content-Type", response.content_type);
    out.put("Content-Length: ");
    out.number(response.body.size());
    out.put("\r\n");
  }
  put_edits(ours, response.edits, response.extra, filter, out);
  out.put(connection_line(response.keep_alive, response.client_minor));
  out.put("\r\n");
  if (!bodiless && !response.head_only) out.put(response.body);
  return out.size();
}

}  // namespace sluice::http
