// The Helm values: only what the site needs, only keys that the chart's version knows.
#include <algorithm>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

bool is_node_port(uint16_t port) { return port >= 30000 && port <= 32767; }

uint16_t port_of(const plan::Plan& plan, plan::Scheme scheme) {
  for (const plan::Listener& listener : plan.listeners) {
    if (listener.scheme == scheme) return *listener.port;
  }
  return 0;
}

bool behind_edge(const plan::Plan& plan) { return !plan.edges.empty(); }

// What every entry point that clients reach is told.
void entry_point(Yaml& port, const Context& context) {
  if (!context.trust.empty()) port["forwardedHeaders"]["trustedIPs"] = emit::list(context.trust);
  if (behind_edge(context.plan)) {
    Yaml& timeout = port["transport"]["respondingTimeouts"]["readTimeout"] = 0;
    timeout.comment("Uploads may take their time; slow clients are the edge's business.");
  }
  if (context.options.major < 39) return;
  Yaml& http = port["http"];
  for (const char* name :
       {"allowEncodedSlash", "allowEncodedBackSlash", "allowEncodedNullCharacter"}) {
    http["encodedCharacters"][name] = false;
  }
  http["encodedCharacters"].comment(
      "Paths that could be read in two ways are refused, as at every other site.");
  http["maxHeaderBytes"] = 61440;
  if (context.options.major >= 41) http["underscoreHeadersStrategy"] = "delete";
}

Yaml ports(const Context& context) {
  Yaml result;
  bool node_ports = false;
  for (const plan::Listener& listener : context.plan.listeners) {
    node_ports = node_ports || is_node_port(*listener.port);
  }
  for (plan::Scheme scheme : {plan::Scheme::http, plan::Scheme::https}) {
    std::string name = scheme == plan::Scheme::http ? "web" : "websecure";
    uint16_t port = port_of(context.plan, scheme);
    uint16_t usual = scheme == plan::Scheme::http ? 80 : 443;
    if (port == 0) {
      if (context.options.host_network) {
        result[name] = Yaml();  // null takes the chart's entry point away
      } else {
        result[name]["expose"]["default"] = false;
      }
      continue;
    }
    if (context.options.host_network) {
      result[name]["port"] = port;
      result[name]["hostPort"] = port;
    } else if (node_ports) {
      result[name]["nodePort"] = port;
    } else if (port != usual) {
      result[name]["exposedPort"] = port;
    }
    entry_point(result[name], context);
  }
  return result;
}

void pods(Yaml& values, const Context& context) {
  const Options& options = context.options;
  if (options.daemonset) values["deployment"]["kind"] = "DaemonSet";
  if (!options.host_network) return;
  if (dials_names(context.plan)) values["deployment"]["dnsPolicy"] = "ClusterFirstWithHostNet";
  values["hostNetwork"] = true;
  values["service"]["enabled"] = false;
  values["service"].comment("Clients reach the nodes' own ports.");
  values["updateStrategy"]["type"] = "RollingUpdate";
  values["updateStrategy"]["rollingUpdate"] = emit::map({{"maxUnavailable", 1}, {"maxSurge", 0}});
  values["updateStrategy"].comment("A second pod could not bind the node's ports.");
  Yaml& security = values["securityContext"];
  security["capabilities"]["drop"] = emit::flow({"ALL"});
  security["capabilities"]["add"] = emit::flow({"NET_BIND_SERVICE"});
  security["readOnlyRootFilesystem"] = true;
  security["runAsGroup"] = 65532;
  security["runAsNonRoot"] = true;
  security["runAsUser"] = 65532;
}

Yaml providers(const Context& context) {
  Yaml result;
  if (crosses_namespaces(context.plan)) result["kubernetesCRD"]["allowCrossNamespace"] = true;
  if (dials_names(context.plan)) {
    Yaml& names = result[context.options.ingress ? "kubernetesIngress" : "kubernetesCRD"];
    names["allowExternalNameServices"] = true;
  }
  bool http01 =
      std::any_of(context.plan.issuers.begin(), context.plan.issuers.end(), [](const auto& issuer) {
        const auto* acme = std::get_if<plan::Acme>(&*issuer.kind);
        return acme != nullptr && acme->challenge->kind == plan::ChallengeKind::http01;
      });
  if (http01 && !context.options.ingress) {
    result["kubernetesIngress"]["enabled"] = true;
    result["kubernetesIngress"].comment("ACME solvers are Ingresses.");
  }
  if (context.options.ingress) result["kubernetesIngress"]["strictPrefixMatching"] = true;
  return result;
}

Yaml values(const Context& context) {
  Yaml result;
  pods(result, context);
  bool node_ports = std::any_of(context.plan.listeners.begin(), context.plan.listeners.end(),
                                [](const auto& listener) { return is_node_port(*listener.port); });
  if (node_ports && !context.options.host_network) {
    result["service"]["spec"] =
        emit::map({{"type", "NodePort"}, {"externalTrafficPolicy", "Local"}});
  }
  result["ports"] = ports(context);
  if (Yaml provided = providers(context); !provided.empty()) result["providers"] = provided;
  std::vector<std::string> flags;
  for (plan::Scheme scheme : {plan::Scheme::http, plan::Scheme::https}) {
    if (port_of(context.plan, scheme) == 0) continue;
    std::string name = scheme == plan::Scheme::http ? "web" : "websecure";
    flags.push_back("--entryPoints." + name + ".http.encodeQuerySemicolons=true");
  }
  result["additionalArguments"] = emit::list(flags);
  result["additionalArguments"].comment("A `;` in a query is no second `&`.");
  return result;
}

}  // namespace

bool has_listener(const plan::Plan& plan, plan::Scheme scheme) {
  return port_of(plan, scheme) != 0;
}
uint16_t https_port(const plan::Plan& plan) { return port_of(plan, plan::Scheme::https); }

void platform(Context& context, emit::Artifacts& artifacts) {
  Span origin = context.plan.site.target.at;
  Yaml written = values(context);
  const std::string& chart = context.options.chart;
  if (!context.options.k3s) {
    std::string heading = "Values of the Traefik Helm chart for site " + context.plan.site.name +
                          ":\n  helm upgrade --install traefik traefik/traefik -n traefik" +
                          (chart.empty() ? "" : " --version " + chart) + " --values values.yaml";
    artifacts.push_back({"00-platform/values.yaml", emit::write(written, heading), {origin}});
    return;
  }
  Yaml& config =
      context.out.add(Folder::platform, "helm.cattle.io/v1", "HelmChartConfig", "kube-system",
                      "traefik", origin, "Values for the Traefik that k3s brings along.");
  if (!chart.empty()) {
    config["metadata"]["annotations"]["sluice.dev/chart"] = chart;
    config["metadata"]["annotations"].comment(
        "The chart that these values are written for; k3s chooses it, not this object.");
  }
  config["spec"]["failurePolicy"] = "abort";
  config["spec"]["failurePolicy"].comment("A failed upgrade leaves the running Traefik alone.");
  config["spec"]["valuesContent"] = emit::block(emit::write(written));
}

}  // namespace sluice::targets::traefik
