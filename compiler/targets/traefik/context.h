// What the emitters of this target share: the plan, its options, and the objects made so far.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "compiler/emit/artifacts.h"
#include "compiler/emit/yaml.h"
#include "compiler/plan/plan.h"

namespace sluice::targets::traefik {

// ---------------------------------------------------------------- options.cpp
struct Options {
  bool k3s = false;
  bool ingress = false;
  bool daemonset = false;
  bool host_network = false;
  std::string chart;  // as written: "39.0.501+up39.0.5"; empty: not written
  int major = 41;  // of the chart that reads the values: the newest measured, when none is written
};
Options read_options(const plan::Plan& plan);
// The chart's upstream version and its major; 0: not a version.
int chart_major(const std::string& chart);

// ---------------------------------------------------------------- objects.cpp
// The folders of design §6, applied in this order.
enum class Folder : uint8_t { platform, issuers, site };

// Kubernetes objects, each of which becomes a file; later ones never replace earlier ones.
// Within a folder they are listed as they must be applied: policies, then certificates, guards,
// routes.
class Objects {
 public:
  explicit Objects(const plan::Plan& plan) : plan_(plan) {}

  // A new object with its metadata; fill in its spec. `why` stands at the top of its file.
  emit::Yaml& add(Folder folder, std::string_view api, std::string_view kind,
                  const std::string& name_space, const std::string& name, Span origin,
                  std::string_view why = {});
  bool has(std::string_view kind, const std::string& name_space, const std::string& name) const;
  emit::Artifacts artifacts() const;

 private:
  struct Object {
    Folder folder;
    int rank;
    std::string file, why;
    emit::Yaml body;
    Span origin;
  };
  const plan::Plan& plan_;
  std::vector<std::unique_ptr<Object>> objects_;
  std::set<std::string> names_;
};

// ---------------------------------------------------------------- priorities.cpp
// The priorities of a host's routers. All stand at 90 or below, so that the router of an ACME
// solver (91 and more) always wins; those of an exact name stand above those of every wildcard that
// covers it.
struct Priorities {
  std::vector<int> routes;  // one less is free for the guard twin of each
  int last = 0;             // a router that answers what no route of the host does
};
inline constexpr int kGuardPriority = 90;
std::vector<Priorities> priorities(const plan::Plan& plan);
// Whether some request for a host of `inner` could be taken for one of `outer`.
bool covers(const plan::HostPattern& outer, const plan::HostPattern& inner);

struct Context {
  const plan::Plan& plan;
  Options options;
  Objects& out;
  std::vector<Priorities> priorities;
  plan::CidrList trust;                         // of all edges together
  bool any_host = false;                        // some host is `*`
  std::vector<std::string> certificate_spaces;  // the namespace of each certificate's Secret
};

// ---------------------------------------------------------------- policies.cpp
// The Middlewares of a route's chain in the order in which they act, made in that namespace if need
// be.
std::vector<std::string> chain(Context& context, const plan::Route& route,
                               const std::string& name_space);
// Whether the chain keeps someone out, so that the route must not be answered without it.
bool guarded(const plan::Plan& plan, const plan::Route& route);
// Middlewares for `allow_peers` that all routes of the host have.
std::vector<std::string> common_peers(Context& context, const plan::Host& host,
                                      const std::string& name_space);
// A Middleware that answers every request with that status. Returns its name.
std::string refusal(Context& context, const std::string& name_space, int status);
// The one that answers 403 where a guard is missing.
std::string closed(Context& context, const std::string& name_space);
std::string to_https(Context& context, const std::string& name_space);
emit::Yaml& middleware(Context& context, const std::string& name_space, const std::string& name,
                       Span origin, std::string_view why = {});

// ---------------------------------------------------------------- cidrs.cpp
// Every address that is in none of the ranges, as ranges; canonical, sorted.
plan::CidrList complement(const plan::CidrList& ranges);

// ---------------------------------------------------------------- upstreams.cpp
struct Backend {
  std::string name_space, name;
  uint16_t port = 0;
  uint64_t weight = 1;
  bool https = false;
  std::string transport;  // ServersTransport: empty, none
};
// What a pool sends to, with the Services that addresses need.
std::vector<Backend> backends(Context& context, const plan::Pool& pool,
                              const std::string& name_space);
bool dials_names(const plan::Plan& plan);  // some upstream is a name: an ExternalName Service
bool crosses_namespaces(const plan::Plan& plan);

// ---------------------------------------------------------------- answers.cpp
// Middlewares that make a redirect or a static answer by themselves, appended to the list.
void own_answer(Context& context, const plan::Route& route, const std::string& name_space,
                std::vector<std::string>& middlewares);

// ---------------------------------------------------------------- matches.cpp
std::string host_match(const plan::HostPattern& pattern);
std::string path_match(const plan::PathMatch& path);  // empty: every path
std::string regex_escape(std::string_view text);

// ---------------------------------------------------------------- the objects
void platform(Context& context, emit::Artifacts& artifacts);  // platform.cpp
void issuers(Context& context);                               // issuers.cpp
void certificates(Context& context);                          // certificates.cpp
std::string host_space(const plan::Plan& plan, const plan::Host& host);
// The Secret that a host's routes name, when it lies in that namespace.
std::string secret_in(const Context& context, const plan::Host& host,
                      const std::string& name_space);
void ingress_routes(Context& context);  // ingressroutes.cpp
void ingresses(Context& context);       // ingresses.cpp
bool has_listener(const plan::Plan& plan, plan::Scheme scheme);
uint16_t https_port(const plan::Plan& plan);
// A host as part of a name: dots as dashes, `*` as `wildcard`.
std::string dashed(const plan::HostPattern& pattern);

}  // namespace sluice::targets::traefik
