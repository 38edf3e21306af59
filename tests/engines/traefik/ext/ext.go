// Package ext stands in for the nested module that Traefik's published zip leaves out.
// Its two types are embedded inline in Traefik's dynamic configuration and are empty there too.
package ext

type HTTP struct{}

type Router struct{}
