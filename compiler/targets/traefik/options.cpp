#include <cstdlib>

#include "compiler/targets/traefik/context.h"

namespace sluice::targets::traefik {

int chart_major(const std::string& chart) {
  size_t up = chart.find("+up");
  std::string version = up == std::string::npos ? chart : chart.substr(up + 3);
  size_t digits = version.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos || digits > 4 || version[digits] != '.') return 0;
  return std::atoi(version.c_str());
}

Options read_options(const plan::Plan& plan) {
  Options result;
  for (const auto& option : plan.site.options) {
    if (option->name == "platform") result.k3s = option->value == "k3s";
    if (option->name == "kind") result.ingress = option->value == "ingress";
    if (option->name == "daemonset") result.daemonset = true;
    if (option->name == "host_network") result.host_network = true;
    if (option->name != "chart") continue;
    result.chart = option->value;
    if (int major = chart_major(option->value); major != 0) result.major = major;
  }
  return result;
}

}  // namespace sluice::targets::traefik
