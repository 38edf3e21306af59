"""chart: every set of Helm values against the schema of the chart version that will read it."""

import copy
import os

import jsonschema

from harness import artifacts, chart

NEEDS = ()


def judge(account):
    found = 0
    for example in artifacts.EXAMPLES + artifacts.MEANING:
        for site in artifacts.sites(example):
            for path, _, values in artifacts.values_of(site):
                found += 1
                judge_values(account, site, path, values)
    account.check("sets of Helm values in the examples", found, found >= 2, "2 or more")


def chart_version(site):
    """The version the artifacts say they are for; the newest known when they say none."""
    return artifacts.chart_of(site) or chart.NEWEST


def without_nulls(values):
    """Helm takes a null as "remove the chart's default" and drops the key before it validates."""
    if isinstance(values, dict):
        return {key: without_nulls(value) for key, value in values.items() if value is not None}
    return values


def complaints(version, values):
    schema = chart.schema(version)
    kind = jsonschema.validators.validator_for(schema)
    return [f"{'.'.join(map(str, error.absolute_path)) or 'top'}: {error.message}"
            for error in kind(schema).iter_errors(without_nulls(values))]


def judge_values(account, site, path, values):
    version = chart_version(site)
    account.heading(f"{site} {path} for chart {version}")
    there = os.path.isdir(os.path.join(chart.SCHEMAS, version))
    if not account.check("a schema for that version", "there" if there else "missing", there):
        return
    said = complaints(version, values)
    account.check("the values against the schema", "; ".join(said)[:400] or "valid", not said)
    judge_templates(account, version, values)
    judge_bite(account, version, values)


def judge_templates(account, version, values):
    """What the chart's templates and the DaemonSet rules of the API server check beside the schema, and what it
    would pass over."""
    try:
        flags = chart.command_line(values, version)
        account.check("the chart's own template checks", f"pass, {len(flags)} flags", True)
    except chart.ChartRefuses as refusal:
        account.check("the chart's own template checks", refusal, False, "no refusal")


def judge_bite(account, version, values):
    """The schema must be seen to refuse. Up to chart 38 it is open at the top, so a wrong type stands in there."""
    unknown = copy.deepcopy(values)
    unknown["sluiceNoSuchKey"] = True
    in_port = copy.deepcopy(values)
    in_port.setdefault("ports", {}).setdefault("web", {})["sluiceNoSuchKey"] = True
    wrong = copy.deepcopy(values)
    wrong.setdefault("ports", {}).setdefault("web", {})["port"] = "eighty"
    broken = [("a wrong type at ports.web.port", wrong)]
    if int(version.split(".")[0]) >= 39:
        broken += [("an unknown key at the top", unknown), ("an unknown key in ports.web", in_port)]
    typo = copy.deepcopy(values)
    typo.setdefault("ports", {}).setdefault("web", {})["forwardedHeaders"] = {"trustedIps": ["10.0.0.0/8"]}
    account.check("the same with trustedIps for trustedIPs (the schema lets it pass)", chart.silent_keys(typo, version),
                  bool(chart.silent_keys(typo, version)), "a complaint of the judge's own")
    before = complaints(version, values)
    for how, candidate in broken:
        said = [line for line in complaints(version, candidate) if line not in before]
        account.check(f"the same with {how}", said[0][:120] if said else "valid", bool(said), "a refusal")
