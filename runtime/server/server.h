// The process: workers on their threads, and the control loop (the main thread), which loads
// tables, opens listeners, hears signals and ends it all. The control loop serves no request.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/net/folder_watch.h"
#include "runtime/net/signals.h"
#include "runtime/proxy/worker.h"
#include "runtime/server/options.h"

namespace sluice::server {

class Server {
 public:
  explicit Server(Options options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Loads and opens everything, so that nothing is served when something is wrong.
  Status start();
  // With --check: load only.
  Status check(std::string& summary);
  void run();  // until a signal ends it

 private:
  struct Listening {
    net::SocketAddress asked;  // port 0 takes a free one
    net::SocketAddress address;
    table::Scheme scheme;
    uint64_t id;
    std::unique_ptr<net::ListenerGroup> group;
  };
  struct Wanted {
    net::SocketAddress address;
    table::Scheme scheme;
  };
  class Deadline;

  Status prepare();
  Status read_hosts();
  Result<std::shared_ptr<const proxy::Generation>> load();
  std::vector<Wanted> wanted_listeners(const table::Table& table) const;
  // Opens what is new; what is no longer wanted is closed when `commit` is called.
  Result<std::function<void()>> open_listeners(const table::Table& table);
  void reload(const char* cause);
  void loaded(Result<std::shared_ptr<const proxy::Generation>> generation, int64_t began_us);
  void publish(std::shared_ptr<const proxy::Generation> generation);
  void stop(const char* cause);
  void stop_now();
  std::string file_version() const;

  Options options_;
  std::unique_ptr<proxy::LogWriter> log_;
  std::unique_ptr<proxy::CertificateVault> vault_;
  proxy::Shared shared_;
  net::Loop control_;
  net::Signals signals_{control_};
  std::unique_ptr<net::FolderWatch> watch_;
  std::unique_ptr<Deadline> deadline_;
  std::vector<std::unique_ptr<proxy::Worker>> workers_;
  std::vector<std::thread> threads_;
  std::vector<Listening> listening_;
  uint64_t next_listener_ = 1;
  std::string loaded_version_;
  bool loading_ = false, load_again_ = false;
  bool stopping_ = false;
  size_t undrained_ = 0;
};

}  // namespace sluice::server
