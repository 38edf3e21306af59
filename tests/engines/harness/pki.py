"""A certificate authority for what cert-manager would issue: makes the Secret that a site's Certificate names."""

import base64
import os
import subprocess

from . import space


def _openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=space.folder())


def authority():
    """The root certificate's path; made once."""
    root = os.path.join(space.folder(), "judge-root.crt")
    if not os.path.exists(root):
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                 "-subj", "/CN=judge root", "-addext", "keyUsage=critical,keyCertSign", "-keyout", "judge-root.key",
                 "-out", "judge-root.crt")
    return root


def secret(namespace, name, names):
    """A kubernetes.io/tls Secret whose certificate is for `names` (wildcards too)."""
    authority()
    with open(os.path.join(space.folder(), f"{name}.ext"), "w") as file:
        file.write("subjectAltName=" + ",".join(f"DNS:{item}" for item in names))
    _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/", "-keyout",
             f"{name}.key", "-out", f"{name}.csr")
    _openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "judge-root.crt", "-CAkey", "judge-root.key",
             "-CAcreateserial", "-days", "1", "-extfile", f"{name}.ext", "-out", f"{name}.crt")
    data = {}
    for key, file in (("tls.crt", f"{name}.crt"), ("tls.key", f"{name}.key")):
        with open(os.path.join(space.folder(), file), "rb") as opened:
            data[key] = base64.b64encode(opened.read()).decode()
    return {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
            "metadata": {"name": name, "namespace": namespace}, "data": data}
