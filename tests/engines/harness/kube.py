"""A real API server over a real etcd, with the custom resource definitions that our artifacts need.

No controllers and no nodes run beside it: what a controller would make (endpoints, Secrets of a Certificate) the
judge writes by hand. `Cluster.kubectl` is the way in; Traefik reads it through `Cluster.kubeconfig`.
"""

import http.client
import json
import os
import ssl
import subprocess

import yaml

from . import engines, pki, space
from .process import Process

API = "10.77.0.1"
TOKEN = "sluice-judge"
DEFINITIONS = ("traefik", "cert-manager", "helm")


class Cluster:
    def __init__(self):
        self.home = os.path.join(space.folder(), "kube")
        os.makedirs(self.home)
        self.kubeconfig = os.path.join(self.home, "kubeconfig")
        self.processes = []
        self.made = set()
        self.resources = {}

    def start(self):
        """Starts both, waits until the API is ready and every definition is established."""
        space.own(API)
        self._keys()
        etcd = Process("etcd", [engines.program("etcd"), "--data-dir", os.path.join(self.home, "etcd"),
                                "--unsafe-no-fsync", "--listen-client-urls", "http://127.0.0.1:2379",
                                "--advertise-client-urls", "http://127.0.0.1:2379", "--log-level", "error"])
        self.processes.append(etcd)
        server = Process("kube-apiserver", [
            engines.program("kube", "kube-apiserver"), "--etcd-servers=http://127.0.0.1:2379",
            f"--cert-dir={self.home}", f"--bind-address={API}", f"--advertise-address={API}", "--secure-port=6443",
            "--service-cluster-ip-range=10.0.0.0/24", "--authorization-mode=RBAC",
            f"--token-auth-file={self.home}/tokens.csv", "--disable-admission-plugins=ServiceAccount",
            "--service-account-issuer=https://kubernetes", f"--service-account-key-file={self.home}/sa.pub",
            f"--service-account-signing-key-file={self.home}/sa.key", "--endpoint-reconciler-type=none"])
        self.processes.append(server)
        server.wait_ready(lambda: self.kubectl("get", "--raw", "/readyz", check=False).returncode == 0)
        for name in DEFINITIONS:
            self.kubectl("apply", "--server-side", "-f", os.path.join(engines.folder("crds"), name))
        self.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
        return self

    def stop(self):
        for process in reversed(self.processes):
            process.stop()

    def _keys(self):
        key = os.path.join(self.home, "sa.key")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", os.path.join(self.home, "sa.pub")],
                       check=True, capture_output=True)
        with open(os.path.join(self.home, "tokens.csv"), "w") as file:
            file.write(f'{TOKEN},admin,1,"system:masters"\n')
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "judge",
                  "clusters": [{"name": "judge", "cluster": {"server": f"https://{API}:6443",
                                                             "insecure-skip-tls-verify": True}}],
                  "users": [{"name": "judge", "user": {"token": TOKEN}}],
                  "contexts": [{"name": "judge", "context": {"cluster": "judge", "user": "judge"}}]}
        with open(self.kubeconfig, "w") as file:
            yaml.safe_dump(config, file)

    def kubectl(self, *arguments, objects=None, check=True):
        """Runs kubectl; `objects` (a list) goes to its standard input. Its own words are the error."""
        given = "\n---\n".join(json.dumps(item) for item in objects) if objects is not None else None
        done = subprocess.run([engines.program("kube", "kubectl"), "--kubeconfig", self.kubeconfig, *arguments],
                              input=given, capture_output=True, text=True, env=dict(os.environ, HOME=self.home))
        if check and done.returncode != 0:
            raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
        return done

    def start_kubectl(self, *arguments):
        """The same, running beside the judge."""
        return subprocess.Popen([engines.program("kube", "kubectl"), "--kubeconfig", self.kubeconfig, *arguments],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ, HOME=self.home))

    def api(self, method, path, body=None, media="application/json"):
        """One call of the API: (status, what it said)."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(API, 6443, timeout=30, context=context)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {TOKEN}", "Content-Type": media})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def place_of(self, item):
        """The path under which the API keeps an object."""
        version = item["apiVersion"]
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if version not in self.resources:
            self.resources[version] = {found["kind"]: found for found in self.api("GET", root)[1]["resources"]
                                       if "/" not in found["name"]}
        found = self.resources[version][item["kind"]]
        within = f"/namespaces/{item['metadata']['namespace']}" if found["namespaced"] else ""
        return f"{root}{within}/{found['name']}/{item['metadata']['name']}"

    def dry_run(self, item):
        """What a strict server-side dry run says against an object; None when it is content."""
        status, said = self.api("PATCH", self.place_of(item) + "?dryRun=All&fieldValidation=Strict&fieldManager=judge&force=true",
                                json.dumps(item), "application/apply-patch+yaml")
        return None if status in (200, 201) else said.get("message", status)

    def apply(self, objects):
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", objects=objects)

    def namespace(self, name):
        """Makes a namespace that the artifacts take for granted."""
        if name and name not in self.made:
            self.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])
            self.made.add(name)

    def accept(self, site):
        """Applies a site's artifacts as an operator would: namespaces first, then the folders in their order.

        What the chart and cert-manager would make is made by hand: the IngressClass, and a Secret for each Certificate.
        Answers the root certificate that those were made under.
        """
        objects = [item for _, item in site.objects()]
        for item in objects:
            self.namespace(item["metadata"].get("namespace"))
        self.apply([{"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "traefik"},
                     "spec": {"controller": "traefik.io/ingress-controller"}}])
        for item in objects:
            if item["kind"] == "Certificate" and not item["spec"].get("isCA"):
                self.apply([pki.secret(item["metadata"]["namespace"], item["spec"]["secretName"], item["spec"]["dnsNames"])])
        self.apply(objects)
        return pki.authority()

    def forget(self, site):
        self.kubectl("delete", "--ignore-not-found", "--wait=false", "-f", "-", objects=[item for _, item in site.objects()])
