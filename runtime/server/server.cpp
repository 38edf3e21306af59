#include "runtime/server/server.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>

#include "runtime/base/clock.h"
#include "runtime/base/file.h"
#include "runtime/server/notify.h"

namespace sluice::server {
namespace {

constexpr size_t kMaxHostsFile = size_t{16} << 20;

void say(const std::string& text) { std::fprintf(stderr, "sluiced: %s\n", text.c_str()); }

const char* word(table::Scheme scheme) { return scheme == table::Scheme::https ? "https" : "http"; }

std::string describe(const proxy::Generation& generation) {
  const table::Table& t = generation.table();
  return "table " + generation.digest() + ", site " + std::string(t.text(t.meta().site)) + ", " +
         std::to_string(t.hosts().size()) + " hosts, " + std::to_string(t.routes().size()) +
         " routes";
}

// Connections are descriptors: as many as we may.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

// When running requests have had their time.
class Server::Deadline final : public Timer {
 public:
  explicit Deadline(Server& server) noexcept : server_(server) {}
  void on_timeout() noexcept override {
    say("requests are still running after the time to drain: cutting them");
    server_.stop_now();
  }

 private:
  Server& server_;
};

Server::Server(Options options) : options_(std::move(options)) {
  shared_.settings = options_.settings;
}

Server::~Server() {
  for (std::thread& thread : threads_) thread.join();
}

Status Server::prepare() {
  auto vault = proxy::CertificateVault::open(
      {options_.certificates, options_.internal_ca, options_.internal_ca_for_all});
  if (!vault) return vault.error();
  vault_ = std::move(*vault);
  return read_hosts();
}

Status Server::read_hosts() {
  if (options_.hosts.empty()) return Done{};
  Result<std::string> text = read_file(options_.hosts, kMaxHostsFile);
  if (!text) return text.error();
  Result<net::HostsFile> hosts = net::HostsFile::parse(*text);
  if (!hosts) {
    say("in " + options_.hosts);
    return hosts.error();
  }
  shared_.hosts = std::move(*hosts);
  return Done{};
}

Result<std::shared_ptr<const proxy::Generation>> Server::load() {
  proxy::LoadOptions load;
  load.table_path = options_.table;
  load.secrets = options_.secrets;
  load.https_by_flag = !options_.listen_https.empty();
  auto generation = proxy::Generation::load(load, vault_.get());
  if (generation) {
    for (const table::UpstreamRecord& upstream : (*generation)->table().upstreams()) {
      if (upstream.protocol != table::Protocol::https) continue;
      shared_.client_tls.prepare();
      break;
    }
  }
  return generation;
}

Status Server::check(std::string& summary) {
  if (Status status = prepare(); !status) return status;
  auto generation = load();
  if (!generation) return generation.error();
  summary = describe(**generation);
  return Done{};
}

Status Server::start() {
  raise_descriptor_limit();
  if (Status status = prepare(); !status) return status;
  loaded_version_ = file_version();
  auto generation = load();
  if (!generation) return generation.error();
  if (options_.access_log != "off") {
    auto log = proxy::LogWriter::open(options_.access_log);
    if (!log) return log.error();
    log_ = std::move(*log);
    shared_.log = log_.get();
  }
  const unsigned loops =
      options_.loops != 0 ? options_.loops : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < loops; ++i) workers_.push_back(std::make_unique<proxy::Worker>(shared_));
  publish(*generation);
  auto commit = open_listeners((*generation)->table());
  if (!commit) return commit.error();
  auto watch = net::FolderWatch::start(control_, options_.table, [this] {
    // Also told of what is not a new table: touched attributes, our own reading.
    if (file_version() != loaded_version_) reload("the file was replaced");
  });
  if (!watch) return watch.error();
  watch_ = std::move(*watch);

  std::signal(SIGPIPE, SIG_IGN);
  signals_.on(SIGHUP, [this] { reload("SIGHUP"); });
  signals_.on(SIGTERM, [this] { stop("SIGTERM"); });
  signals_.on(SIGINT, [this] { stop("SIGINT"); });
  signals_.on(SIGUSR1, [this] {
    if (log_) log_->reopen();
  });

  (*commit)();
  for (const auto& worker : workers_) threads_.emplace_back([&w = *worker] { w.run(); });
  std::string where;
  for (const Listening& l : listening_)
    where += std::string(", ") + word(l.scheme) + " " + l.address.text();
  say("serving " + describe(**generation) + where + ", " + std::to_string(loops) +
      (loops == 1 ? " loop" : " loops"));
  notify("READY=1");
  return Done{};
}

void Server::run() { control_.run(); }

std::vector<Server::Wanted> Server::wanted_listeners(const table::Table& table) const {
  std::vector<Wanted> wanted;
  const bool by_flag = !options_.listen_http.empty() || !options_.listen_https.empty();
  for (const net::SocketAddress& a : options_.listen_http)
    wanted.push_back({a, table::Scheme::http});
  for (const net::SocketAddress& a : options_.listen_https)
    wanted.push_back({a, table::Scheme::https});
  if (by_flag) return wanted;
  for (const table::ListenerRecord& l : table.listeners()) {
    wanted.push_back({net::SocketAddress::any(l.port), l.scheme});
  }
  return wanted;
}

Result<std::function<void()>> Server::open_listeners(const table::Table& table) {
  const std::vector<Wanted> wanted = wanted_listeners(table);
  auto fresh = std::make_shared<std::vector<Listening>>();
  std::vector<uint64_t> kept;
  for (const Wanted& w : wanted) {
    bool open = false;
    for (const Listening& l : listening_) {
      if (l.scheme == w.scheme && l.asked == w.address) open = true, kept.push_back(l.id);
    }
    if (open) continue;
    auto group = net::ListenerGroup::open(w.address, static_cast<unsigned>(workers_.size()));
    if (!group) return group.error();
    fresh->push_back({w.address, group->address(), w.scheme, next_listener_++,
                      std::make_unique<net::ListenerGroup>(std::move(*group))});
  }
  return std::function<void()>([this, fresh, kept] {
    for (Listening& l : *fresh) {
      for (unsigned i = 0; i < workers_.size(); ++i) {
        auto socket = std::make_shared<net::Socket>(l.group->take(i));
        workers_[i]->loop.post([worker = workers_[i].get(), socket, id = l.id, scheme = l.scheme] {
          worker->listen(id, std::move(*socket), scheme);
        });
      }
    }
    std::erase_if(listening_, [&](const Listening& l) {
      if (std::find(kept.begin(), kept.end(), l.id) != kept.end()) return false;
      for (const auto& worker : workers_) {
        worker->loop.post([w = worker.get(), id = l.id] { w->unlisten(id); });
      }
      return true;
    });
    for (Listening& l : *fresh) listening_.push_back(std::move(l));
  });
}

void Server::publish(std::shared_ptr<const proxy::Generation> generation) {
  for (const auto& worker : workers_) {
    worker->loop.post([w = worker.get(), generation] { w->publish(generation); });
  }
}

std::string Server::file_version() const {
  struct stat info {};
  if (stat(options_.table.c_str(), &info) != 0) return {};
  return std::to_string(info.st_ino) + "." + std::to_string(info.st_size) + "." +
         std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

void Server::reload(const char* cause) {
  if (stopping_) return;
  if (loading_) {
    load_again_ = true;
    return;
  }
  (void)cause;
  loading_ = true;
  loaded_version_ = file_version();
  notify("RELOADING=1");
  auto result =
      std::make_shared<Result<std::shared_ptr<const proxy::Generation>>>(Error{ErrorCode::io, ""});
  const int64_t began = monotonic_ns() / 1000;
  control_.submit([this, result] { *result = load(); },
                  [this, result, began] { loaded(std::move(*result), began); });
}

void Server::loaded(Result<std::shared_ptr<const proxy::Generation>> generation, int64_t began_us) {
  loading_ = false;
  if (stopping_) return;
  Result<std::function<void()>> commit = generation
                                             ? open_listeners((*generation)->table())
                                             : Result<std::function<void()>>(generation.error());
  if (!commit) {
    say("not reloaded, the running table stays: " + commit.error().message);
  } else {
    publish(*generation);
    (*commit)();
    const int64_t us = monotonic_ns() / 1000 - began_us;
    say("reloaded in " + std::to_string(us / 1000) + "." + std::to_string(us / 100 % 10) +
        " ms: " + describe(**generation));
  }
  notify("READY=1");
  if (std::exchange(load_again_, false)) reload("again");
}

void Server::stop(const char* cause) {
  if (stopping_) return stop_now();
  stopping_ = true;
  notify("STOPPING=1");
  watch_.reset();
  say(std::string("stopping (") + cause + "): running requests have " +
      std::to_string(options_.drain_ms / 1000) + " s");
  deadline_ = std::make_unique<Deadline>(*this);
  control_.timers().set(*deadline_, control_.now_ms() + options_.drain_ms);
  undrained_ = workers_.size();
  for (const auto& worker : workers_) {
    worker->loop.post([this, w = worker.get()] {
      w->drain([this] {
        control_.post([this] {
          if (--undrained_ == 0) stop_now();
        });
      });
    });
  }
}

void Server::stop_now() {
  if (deadline_) control_.timers().clear(*deadline_);
  for (const auto& worker : workers_) {
    worker->loop.post([w = worker.get()] { w->stop(); });
  }
  control_.stop();
}

}  // namespace sluice::server
