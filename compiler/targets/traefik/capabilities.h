// What Traefik 3 can do of each feature, by IngressRoute and by plain Ingress.
#pragma once

#include "compiler/capability/capability.h"

namespace sluice::targets::traefik {

inline constexpr std::string_view kNoIngress =
    "a plain Ingress cannot say it; take `kind ingressroute`";
inline constexpr std::string_view kNoEmitBody =
    "Traefik answers with the status text only; an upstream must say it";
inline constexpr std::string_view kAdding =
    "Traefik sets headers, it cannot add a line beside the upstream's";

inline constexpr Capabilities kIngressRoute = {
    .host_exact = native(),
    .host_wildcard =
        emulated("a pattern of exactly one label; the Host matcher learned wildcards in 3.7 only"),
    .host_deep_wildcard = emulated("a pattern of one or more labels"),
    .host_any = native(),
    .route_prefix = emulated("Path or PathPrefix with a slash; Traefik's own goes by letters"),
    .route_exact = native(),
    .route_regex = native(),
    .strip_prefix = native(),
    .respond = emulated("a refusal with that status, for every address"),
    .respond_body = unsupported(kNoEmitBody),
    .redirect = native(),
    .redirect_code =
        emulated("a fixed Location and a refusal with that code; the URL must be whole and fixed"),
    .upstream_service = native(),
    .upstream_address =
        emulated("a Service without selector and its EndpointSlice, or an ExternalName"),
    .pool = native(),
    .allow_peers = native(),
    .allow_ips = native(),
    .deny_ips = emulated("an allow list of all other addresses"),
    .rate_limit = partial(
        "a request just out of tokens may be served up to half a second later instead of refused"),
    .rate_limit_other = partial("as rate_limit; `everyone` is a constant header, taken off again"),
    .basic_auth = native(),
    .request_headers = native(),
    .request_headers_add = unsupported(kAdding),
    .response_headers = native(),
    .response_headers_add = unsupported(kAdding),
    .tls = native(),
    .plain_http_redirect = native(),
    .plain_http_serve = emulated("a second IngressRoute on the plain entry point"),
    .plain_http_refuse = native(),
    .acme_http01 = emulated("by cert-manager, through a solver's Ingress of its own"),
    .acme_tls_alpn01 = unsupported("cert-manager has no tls-alpn-01; take http-01 or dns-01"),
    .acme_dns01 = emulated("by cert-manager; the provider `ovh` through its webhook"),
    .internal_ca = emulated("a CA kept by cert-manager"),
    .acm = unsupported("certificates of ACM never leave AWS"),
    .issuer_installed = native(),
    .certificate_shared = native(),
    .certificate_secret = native(),
    .certificate_files = unsupported("a pod has no files of its host; take `secret`"),
    .trusted_edge = native(),
    .front = unsupported("Traefik in front of another site is not built yet"),
};

inline constexpr Capabilities ingress() {
  Capabilities table = kIngressRoute;
  table.host_wildcard = native();
  table.host_deep_wildcard = unsupported(kNoIngress);
  table.route_prefix = emulated("pathType Prefix, with the chart's strictPrefixMatching");
  table.route_exact = emulated("an Ingress of its own with a higher priority");
  table.route_regex = unsupported(kNoIngress);
  table.respond = emulated("a refusal with that status, before any Service of the site");
  table.pool = unsupported(kNoIngress);
  table.redirect = emulated("a middleware before any Service of the site");
  table.plain_http_serve = emulated("a second Ingress on the plain entry point");
  return table;
}
inline constexpr Capabilities kIngress = ingress();

}  // namespace sluice::targets::traefik
