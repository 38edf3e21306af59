"""What the judges share: a network of their own, processes, the API server, requests, counting."""
