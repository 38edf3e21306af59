// load: steady traffic through a proxy while its configuration is swapped, and the eyes that see
// the swap.
//
//   load --port P --hosts N [--fresh HOST] [--probe HOST --old TEXT --new TEXT] [--connections 64]
//   [--rate 8000]
//        [--probes 32] [--before S] [--after S] [--rename FROM TO] [--signal PID NUMBER] [--run
//        COMMAND]
//
// `connections` keep-alive connections ask `rate` requests a second of N hosts in turn, on a
// schedule that does not wait for answers (so a proxy that stops for a while is seen). `probes`
// further connections, spread by the kernel over all loops or workers, ask PROBE again and again;
// its answer tells the generations apart. After `before` seconds the swap begins: rename, signal,
// command, in this order; the clock starts before the rename. Prints one JSON object. Every request
// has one of three ends: answered as it should be, lost (with a reason), or still under way at the
// end (there are none: we wait). A connection that the proxy closes between two requests is opened
// again and costs nothing; one that is closed under a request is a lost request.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Options {
  int port = 0, hosts = 1, connections = 64, probes = 32, signal_pid = 0, signal_number = 0;
  double rate = 8000, before = 2, after = 4;
  std::string fresh, probe, old_answer, new_answer, from, to, command;
};

struct Connection {
  int fd = -1;
  bool is_probe = false, busy = false, is_fresh = false;
  double due = 0;  // when the request should have gone out: waiting counts
  double sent = 0;
  double next = 0;  // probes: when to ask again
  std::string in;
  // Probes: what they saw, counted from the start of the swap.
  double last_old = -1, first_new = -1;
  bool old_after_new = false;
};

constexpr double kPatience = 10;      // seconds before an unanswered request counts as lost
constexpr double kProbePause = 5e-4;  // between two questions of a probe

struct Load {
  Options options;
  int poll = epoll_create1(0);
  std::vector<Connection> all;
  std::vector<size_t> idle;
  std::map<std::string, long> lost;
  std::vector<float> latencies, latencies_swap;  // ms
  long answered = 0, reconnects = 0, at_host = 0, probe_answers = 0;
  double swap_began = -1, fresh_first = -1, last_fresh_missing = -1;

  void lose(Connection& connection, const char* why) {
    lost[why]++;
    finish(connection);
  }
  void finish(Connection& connection) {
    connection.busy = false;
    connection.in.clear();
    connection.next = now() + kProbePause;
  }

  void watch(size_t id, int operation, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    epoll_ctl(poll, operation, all[id].fd, &event);
  }

  bool open(size_t id) {
    Connection& connection = all[id];
    connection.fd = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(options.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // On loopback a connect is answered at once by the kernel, or refused.
    if (connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      close(connection.fd);
      connection.fd = -1;
      return false;
    }
    watch(id, EPOLL_CTL_ADD, EPOLLIN);
    return true;
  }
  void shut(size_t id) {
    if (all[id].fd >= 0) close(all[id].fd);
    all[id].fd = -1;
  }

  void ask(size_t id, const std::string& host, double due) {
    Connection& connection = all[id];
    connection.busy = true;
    connection.due = due;
    connection.sent = now();
    if (connection.fd < 0) {
      if (!open(id)) {
        lose(connection, "refused");
        if (!connection.is_probe) idle.push_back(id);
        return;
      }
      reconnects++;
    }
    std::string request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: load\r\n\r\n";
    if (send(connection.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      shut(id);
      lose(connection, "closed under a request");
      if (!connection.is_probe) idle.push_back(id);
    }
  }

  // Reads what has come; a whole answer goes to `answer`. Answers without Content-Length count as
  // empty.
  void receive(size_t id) {
    Connection& connection = all[id];
    char chunk[16384];
    ssize_t got = recv(connection.fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      shut(id);
      if (!connection.busy) return;  // between two requests: its right
      lose(connection, connection.in.empty() ? "closed under a request" : "cut off");
      if (!connection.is_probe) idle.push_back(id);
      return;
    }
    connection.in.append(chunk, static_cast<size_t>(got));
    size_t end = connection.in.find("\r\n\r\n");
    if (end == std::string::npos) return;
    std::string head = connection.in.substr(0, end + 2);
    std::transform(head.begin(), head.end(), head.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    size_t length = 0;
    if (size_t at = head.find("\r\ncontent-length:"); at != std::string::npos)
      length = static_cast<size_t>(std::atol(head.c_str() + at + 17));
    if (connection.in.size() < end + 4 + length) return;
    answer(id, std::atoi(head.c_str() + 9), connection.in.substr(end + 4, length));
    if (head.find("\r\nconnection: close") != std::string::npos) shut(id);
  }

  void answer(size_t id, int status, const std::string& body) {
    Connection& connection = all[id];
    double time = now();
    if (connection.is_fresh) {  // a host that only the new generation has: 404 until it is there
      if (status == 200 && fresh_first < 0) fresh_first = time - swap_began;
      if (status != 200) last_fresh_missing = time - swap_began;
      finish(connection);
      return;
    }
    if (status != 200) {
      lose(connection, ("status " + std::to_string(status)).c_str());
    } else if (connection.is_probe) {
      probe_answers++;
      see(connection, body, time);
      finish(connection);
    } else {
      answered++;
      auto took = static_cast<float>((time - connection.due) * 1e3);
      (swap_began >= 0 && time - swap_began < 2 ? latencies_swap : latencies).push_back(took);
      finish(connection);
    }
    if (!connection.is_probe) idle.push_back(id);
  }

  void see(Connection& probe, const std::string& body, double time) {
    if (body.starts_with(options.new_answer)) {
      if (probe.first_new < 0) probe.first_new = time - swap_began;
    } else if (body.starts_with(options.old_answer)) {
      if (swap_began >= 0) probe.last_old = time - swap_began;
      if (probe.first_new >= 0) {
        probe.old_after_new = true;
        probe.first_new = -1;
      }
    } else {
      lost["neither answer"]++;
    }
  }

  pid_t begin_swap() {
    swap_began = now();
    if (!options.from.empty() && rename(options.from.c_str(), options.to.c_str()) != 0) {
      std::perror("load: rename");
      std::exit(1);
    }
    if (options.signal_pid && kill(options.signal_pid, options.signal_number) != 0) {
      std::perror("load: kill");
      std::exit(1);
    }
    if (options.command.empty()) return 0;
    pid_t child = fork();
    if (child == 0) {
      execl("/bin/sh", "sh", "-c", options.command.c_str(), nullptr);
      _exit(127);
    }
    return child;
  }

  void run();
  void report(double command_took, int command_status);
};

void Load::run() {
  size_t total =
      static_cast<size_t>(options.connections + (options.probe.empty() ? 0 : options.probes));
  all.resize(total + (options.fresh.empty() ? 0 : 1));
  for (size_t id = 0; id < all.size(); ++id) {
    all[id].is_probe = id >= static_cast<size_t>(options.connections);
    all[id].is_fresh = id >= total;
    if (!open(id)) {
      std::fputs("load: the proxy refuses connections\n", stderr);
      std::exit(1);
    }
    if (!all[id].is_probe) idle.push_back(id);
  }
  double began = now(), end = began + options.before + options.after, sweep = began;
  long issued = 0;
  pid_t child = 0;
  double command_took = -1;
  int command_status = 0;
  epoll_event events[256];
  for (;;) {
    double time = now();
    if (swap_began < 0 && time >= began + options.before) child = begin_swap();
    if (child > 0 && waitpid(child, &command_status, WNOHANG) == child) {
      command_took = time - swap_began;
      child = 0;
    }
    if (child > 0) end = std::max(end, time + 1);
    bool over = time >= end;
    if (!over) {
      long due = static_cast<long>((time - began) * options.rate);
      while (issued < due && !idle.empty()) {
        size_t id = idle.back();
        idle.pop_back();
        ask(id, "h" + std::to_string(at_host) + ".bench.example",
            began + static_cast<double>(issued) / options.rate);
        at_host = (at_host + 7919) % options.hosts;
        issued++;
      }
      for (size_t id = static_cast<size_t>(options.connections); id < all.size(); ++id)
        if (!all[id].busy && time >= all[id].next && (!all[id].is_fresh || swap_began >= 0))
          ask(id, all[id].is_fresh ? options.fresh : options.probe, time);
    }
    if (time - sweep > 0.5 || over) {
      sweep = time;
      bool waiting = false;
      for (size_t id = 0; id < all.size(); ++id) {
        if (all[id].busy && time - all[id].sent > kPatience) {
          shut(id);
          lose(all[id], "no answer");
          if (!all[id].is_probe) idle.push_back(id);
        }
        waiting |= all[id].busy;
      }
      if (over && !waiting) break;
    }
    int ready = epoll_wait(poll, events, 256, 1);
    for (int i = 0; i < ready; ++i)
      if (all[events[i].data.u64].fd >= 0) receive(events[i].data.u64);
  }
  report(command_took, command_status);
}

double percentile(std::vector<float>& values, double part) {
  if (values.empty()) return -1;
  size_t at =
      std::min(values.size() - 1, static_cast<size_t>(part * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

void Load::report(double command_took, int command_status) {
  double last_old = -1, all_new = -1;
  long never = 0, back = 0;
  for (const Connection& connection : all) {
    if (!connection.is_probe || connection.is_fresh) continue;
    last_old = std::max(last_old, connection.last_old);
    all_new = std::max(all_new, connection.first_new);
    never += connection.first_new < 0;
    back += connection.old_after_new;
  }
  long total = 0;
  std::string reasons;
  for (const auto& [why, count] : lost) {
    total += count;
    reasons += (reasons.empty() ? "\"" : ", \"") + why + "\": " + std::to_string(count);
  }
  std::printf(
      "{\"answered\": %ld, \"probe_answers\": %ld, \"lost\": %ld, \"reasons\": {%s}, "
      "\"reconnects\": %ld,\n"
      " \"all_new_ms\": %.3f, \"last_old_ms\": %.3f, \"fresh_ms\": %.3f, \"never_new\": %ld, "
      "\"old_after_new\": %ld,\n"
      " \"command_ms\": %.3f, \"command_status\": %d,\n"
      " \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"swap_p99_ms\": %.3f, "
      "\"swap_max_ms\": %.3f}\n",
      answered, probe_answers, total, reasons.c_str(), reconnects, all_new * 1e3, last_old * 1e3,
      std::max(fresh_first, last_fresh_missing) * 1e3, never, back, command_took * 1e3,
      command_status, percentile(latencies, 0.5), percentile(latencies, 0.99),
      percentile(latencies, 1), percentile(latencies_swap, 0.99), percentile(latencies_swap, 1));
}

}  // namespace

int main(int argc, char** argv) {
  Load load;
  Options& options = load.options;
  for (int i = 1; i < argc;) {
    std::string_view word = argv[i++];
    auto value = [&]() -> const char* {
      if (i < argc) return argv[i++];
      std::fprintf(stderr, "load: %s wants a value\n", argv[i - 1]);
      std::exit(2);
    };
    if (word == "--port")
      options.port = std::atoi(value());
    else if (word == "--hosts")
      options.hosts = std::atoi(value());
    else if (word == "--fresh")
      options.fresh = value();
    else if (word == "--probe")
      options.probe = value();
    else if (word == "--old")
      options.old_answer = value();
    else if (word == "--new")
      options.new_answer = value();
    else if (word == "--connections")
      options.connections = std::atoi(value());
    else if (word == "--probes")
      options.probes = std::atoi(value());
    else if (word == "--rate")
      options.rate = std::atof(value());
    else if (word == "--before")
      options.before = std::atof(value());
    else if (word == "--after")
      options.after = std::atof(value());
    else if (word == "--rename")
      options.from = value(), options.to = value();
    else if (word == "--signal")
      options.signal_pid = std::atoi(value()), options.signal_number = std::atoi(value());
    else if (word == "--run")
      options.command = value();
    else {
      std::fprintf(stderr, "load: unknown option %s\n", argv[i - 1]);
      return 2;
    }
  }
  signal(SIGPIPE, SIG_IGN);
  load.run();
}
