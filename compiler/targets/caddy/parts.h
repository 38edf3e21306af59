// The pieces that a Caddyfile is put together from; each is text for one plan value.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/emit/blocks.h"
#include "compiler/plan/plan.h"

namespace sluice::targets::caddy {

// ---------------------------------------------------------------- routes.cpp
// What stands inside a host's site block but its `tls`: its routes in match order, and its error
// answers.
emit::Blocks host_body(const plan::Plan& plan, const plan::Host& host);
// The host is handed on whole to an inner site, which does everything else.
bool is_front(const plan::Host& host);
// The scheme that a Location without one gets.
std::string own_scheme(const plan::Plan& plan, const plan::Host& host);

// ---------------------------------------------------------------- policies.cpp
// One snippet a policy, imported by every route that it guards. Nothing for what must stand in
// place: request headers and prefixes.
emit::Blocks policy_snippets(const plan::Plan& plan);
bool has_snippet(const plan::Policy& policy);
bool edits_answer(const plan::Policy& policy);

// ---------------------------------------------------------------- proxy.cpp
emit::Blocks proxy(const plan::Plan& plan, const plan::Route& route, const plan::Pool& pool);
emit::Blocks front(const plan::Plan& plan, const plan::Front& front);

// ---------------------------------------------------------------- tls.cpp
// The ACME issuer that all of the site's issued certificates come from; nullptr: there are others.
const plan::Issuer* only_acme(const plan::Plan& plan);
// Global options for that issuer.
emit::Blocks issuer_options(const plan::Plan& plan);
// The `tls` of a host; empty when the global options say all, which they do of `only`.
emit::Blocks tls_part(const plan::Plan& plan, const plan::Host& host, const plan::Issuer* only);

// ---------------------------------------------------------------- guards.cpp
// sluice-guards.caddy: what Caddy needs to answer as every other target does.
std::string guards(const plan::Plan& plan);

// ---------------------------------------------------------------- addresses.cpp
// The addresses of a host's site block, as its listeners and plain_http ask.
std::vector<std::string> addresses(const plan::Plan& plan, const plan::Host& host);
// `http://` and `https://`, with a port where it is not the usual one.
std::vector<std::string> catch_all(const plan::Plan& plan, plan::Scheme scheme);
// The port of the first listener of that scheme; 0: none.
uint16_t port_of(const plan::Plan& plan, plan::Scheme scheme);
// Hosts that Caddy has no site address for (`**.x`, `*`): they live in the catch-all sites.
bool in_catch_all(const plan::Host& host);

}  // namespace sluice::targets::caddy
