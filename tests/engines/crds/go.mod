module sluice.test/engines/crds

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.21.1
	github.com/k3s-io/helm-controller v0.17.7
)
