// One request and its answer, from the complete head to the log line. A small state machine that is
// driven by its two connections: `drive` does all that can be done now and returns.
//
// The request's head stays where it was read, in the client's buffer, until the exchange is over:
// host, path and headers are views of it. Nothing is allocated in the usual course; Exchanges are
// pooled. Pins one generation: what was decided by a table is finished by it. The order of things
// is D32's; table::evaluate says the same without sockets.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/io_result.h"
#include "runtime/http/body.h"
#include "runtime/http/head.h"
#include "runtime/http/response_parser.h"
#include "runtime/http/write_head.h"
#include "runtime/net/socket_address.h"
#include "runtime/proxy/local_generation.h"
#include "runtime/table/answer.h"
#include "runtime/table/client.h"

namespace sluice::proxy {

class ClientConnection;
class UpstreamConnection;
class Worker;
struct Endpoint;

class Exchange {
 public:
  explicit Exchange(Worker& worker) noexcept : worker_(worker) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // For the client, which parses into `request`.
  http::RequestHead request;
  void begin(ClientConnection& client) noexcept;
  void drive() noexcept;
  // Answers to a head that could not be parsed, or did not come in time; the connection closes
  // after it.
  void refuse_head(ClientConnection& client, uint16_t status, std::string_view reason) noexcept;
  void client_timed_out() noexcept;
  void abort() noexcept;  // the connection is to be closed; logs what there is to say

  // For the upstream's connection.
  void upstream_event() noexcept;
  void upstream_ready() noexcept;
  void upstream_unreachable() noexcept;
  void upstream_timed_out() noexcept;

 private:
  enum class Phase : uint8_t {
    free,  // in the pool
    deciding,
    password,    // a check runs off the loop
    reaching,    // a name is looked up, or a connection is dialled
    forwarding,  // the request is on its way, and then the answer
    finishing,   // the answer is complete but for what the client has not taken
  };

  void start(ClientConnection& client) noexcept;

  // exchange_route.cpp: what the table says.
  void decide() noexcept;
  void read_peer() noexcept;
  bool guards() noexcept;  // false: answered, or waiting
  bool check_rate(const table::PolicyRecord& policy) noexcept;
  bool check_password(const table::PolicyRecord& policy) noexcept;
  void ask_password(const table::PolicyRecord& policy) noexcept;
  void answer_route() noexcept;
  void redirect_to_https() noexcept;
  std::string_view stripped_path() const noexcept;
  table::LocationInput location_input(std::string_view path) const noexcept;

  // exchange_answer.cpp: answers of our own.
  void refuse(uint16_t status, std::string_view reason) noexcept;
  void refuse_with(uint16_t status, std::string_view reason, const http::ExtraLine& line) noexcept;
  void redirect(uint16_t status, std::string_view location, std::string_view reason) noexcept;
  void respond(http::OwnResponse response, std::string_view reason) noexcept;
  bool body_is_here() noexcept;

  // exchange_upstream.cpp: getting a connection, and what may go wrong with it.
  void reach(const table::PoolRecord& pool) noexcept;
  void connect() noexcept;
  void dial(const net::SocketAddress& address) noexcept;
  void send_head() noexcept;
  void upstream_broke() noexcept;  // before it answered
  void drop_upstream() noexcept;
  bool may_retry() const noexcept;

  // exchange_pump.cpp: bytes. Where a bool comes back, false means that there is no more to do now.
  void pump() noexcept;
  bool send_request(std::string_view head) noexcept;
  bool read_request_body() noexcept;
  void pump_request() noexcept;
  void pump_response() noexcept;
  bool read_response() noexcept;
  bool read_response_head() noexcept;
  bool send_response(std::string_view head) noexcept;
  void upstream_ended(Io how) noexcept;
  void upstream_refused(std::string_view reason) noexcept;
  void response_complete() noexcept;
  void client_gone() noexcept;
  void flush_answer() noexcept;
  void finish() noexcept;
  void end(bool keep, bool cut) noexcept;
  void log() noexcept;

  // The first half of the loop's scratch is for what is written, the second for parts of it.
  static constexpr size_t kHalfScratch = 128UL * 1024;

  Worker& worker_;
  ClientConnection* client_ = nullptr;
  LocalGeneration* generation_ = nullptr;
  UpstreamConnection* upstream_ = nullptr;
  Endpoint* endpoint_ = nullptr;
  uint64_t serial_ = 0;  // tells a task that comes back whether its exchange is still the same
  Phase phase_ = Phase::free;

  const table::HostRecord* host_ = nullptr;
  const table::RouteRecord* route_ = nullptr;
  std::string_view path_;  // normal
  std::string path_copy_;  // under path_, where it is not as sent
  std::string target_;     // for the upstream, where it is not as sent
  table::Client who_;
  bool https_ = false;
  uint32_t step_ = 0;  // of the chain's guards, the next
  bool password_ok_ = false;
  bool authorised_ = false;

  http::ResponseHead response_;
  http::ResponseParser parser_;
  http::BodyDecoder request_body_, response_body_;
  http::Framing framing_;
  size_t body_at_ = 0;  // in the client's buffer: body that was not yet passed on
  uint32_t attempts_ = 0;
  bool request_ended_ = false;  // its last byte has been written or queued
  bool request_cut_ = false;    // the upstream takes no more of it
  bool answering_ = false;      // the answer's head went to the client
  bool retried_ = false;
  bool close_after_ = false;  // the client's connection ends with this answer
  bool body_moved_ = false;   // body bytes were given up: the request cannot be sent again

  uint16_t status_ = 0;
  uint64_t sent_ = 0, upstream_sent_ = 0;
  int64_t began_us_ = 0, asked_us_ = 0, upstream_us_ = 0;
  std::string_view reason_;
};

}  // namespace sluice::proxy
