"""kube: every emitted object before the real API server, strictly; and the same objects broken, which it must refuse."""

import copy

from harness import artifacts
from harness.kube import Cluster

NEEDS = ("etcd", "kube", "crds")


def judge(account):
    cluster = Cluster()
    try:
        cluster.start()
        found = 0
        for example in artifacts.EXAMPLES + artifacts.MEANING:
            for site in artifacts.sites(example):
                if site.objects():
                    found += 1
                    judge_site(account, cluster, site)
        account.check("sites with Kubernetes objects", found, found >= 2, "2 or more")
    finally:
        cluster.stop()


def name_of(item):
    return f"{item['kind']} {item['metadata'].get('namespace', '')}/{item['metadata']['name']}".replace(" /", " ")


def judge_site(account, cluster, site):
    account.heading(f"{site} before kube-apiserver")
    objects = site.objects()
    for _, item in objects:
        cluster.namespace(item["metadata"].get("namespace"))
    for path, item in objects:
        verdict = cluster.dry_run(item)
        account.check(f"strict dry run of {name_of(item)} ({path})", verdict or "accepted", verdict is None)
    judge_gate(account, cluster, site, objects)
    judge_folders(account, cluster, site, objects)
    judge_bite(account, cluster, objects)
    cluster.forget(site)


def judge_gate(account, cluster, site, objects):
    """kubectl's own gate over the whole folder, warnings included."""
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-",
                           objects=[item for _, item in objects], check=False)
    said = done.stderr.strip().replace("\n", " | ")
    account.check(f"kubectl apply --server-side --dry-run=server --validate=strict of {len(objects)} objects",
                  said[:400] or "accepted without a warning", done.returncode == 0 and not said)


def judge_folders(account, cluster, site, objects):
    """A real apply of each ordered folder through its kustomization.yaml, then a diff that must be empty."""
    folders = sorted(path.rsplit("/", 1)[0] for path in map(site.path_of, site.files("kustomization.yaml")) if "/" in path)
    listed = 0
    for folder in folders:
        place = f"{site.folder}/{folder}"
        built = cluster.kubectl("kustomize", place).stdout
        listed += sum(1 for line in built.splitlines() if line.startswith("kind:"))
        done = cluster.kubectl("apply", "--server-side", "--validate=strict", "-k", place, check=False)
        account.check(f"apply -k {folder}", "applied" if done.returncode == 0 else done.stderr.strip(), done.returncode == 0)
    account.equal("objects that the kustomizations list", listed, len(objects))
    for folder in folders:
        done = cluster.kubectl("diff", "--server-side", "-k", f"{site.folder}/{folder}", check=False)
        said = (done.stdout + done.stderr).strip().replace("\n", " | ")
        account.check(f"diff -k {folder} after the apply", said[:300] or "empty", done.returncode == 0 and not done.stdout)


def judge_bite(account, cluster, objects):
    """The gate must bite: each object is given an unknown field, then a field of a wrong type; all are refused."""
    tried, slipped = 0, []
    for _, item in objects:
        for how, broken in breaks(item):
            tried += 1
            if cluster.dry_run(broken) is None:
                slipped.append(f"{name_of(item)} with {how}")
    account.check(f"{tried} objects with one field broken each", f"{tried - len(slipped)} refused",
                  tried >= len(objects) and not slipped, f"all refused; accepted: {', '.join(slipped)}")


def breaks(item):
    body = next((key for key in ("spec", "data", "stringData", "rules") if isinstance(item.get(key), dict)), None)
    holder = copy.deepcopy(item)
    if body == "spec":
        holder["spec"]["sluiceNoSuchField"] = "x"
    else:
        holder["sluiceNoSuchField"] = "x"
    yield "an unknown field", holder
    if body:
        wrong = copy.deepcopy(item)
        place = first_leaf(wrong[body], [body])
        if place:
            path, parent, key = place
            parent[key] = {"broken": True}
            yield f"a map at {'.'.join(map(str, path))}", wrong


def first_leaf(node, path):
    """The first scalar below `node`, with the place that holds it."""
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in entries:
        if isinstance(value, (dict, list)):
            found = first_leaf(value, path + [key])
            if found:
                return found
        else:
            return path + [key], node, key
    return None
