// Prints what a release of istio.io/api knows: annotations with the kinds that they belong to, and the fields of ProxyConfig
// with their types. record.ts runs it once for each release.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"google.golang.org/protobuf/reflect/protoreflect"
	"istio.io/api/annotation"
	meshconfig "istio.io/api/mesh/v1alpha1"
)

type annotationFact struct {
	Name       string   `json:"name"`
	Resources  []string `json:"resources"`
	Deprecated bool     `json:"deprecated,omitempty"`
}

func main() {
	var annotations []annotationFact
	for _, a := range annotation.AllResourceAnnotations() {
		fact := annotationFact{Name: a.Name, Deprecated: a.Deprecated, Resources: []string{}}
		for _, r := range a.Resources {
			fact.Resources = append(fact.Resources, r.String())
		}
		sort.Strings(fact.Resources)
		annotations = append(annotations, fact)
	}
	sort.Slice(annotations, func(i, j int) bool { return annotations[i].Name < annotations[j].Name })
	fields := map[string]string{}
	message := (&meshconfig.ProxyConfig{}).ProtoReflect().Descriptor()
	for i := 0; i < message.Fields().Len(); i++ {
		field := message.Fields().Get(i)
		fields[field.JSONName()] = typeOf(field)
	}
	err := json.NewEncoder(os.Stdout).Encode(map[string]any{"annotations": annotations, "proxyConfig": fields})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func typeOf(field protoreflect.FieldDescriptor) string {
	kind := field.Kind().String()
	switch field.Kind() {
	case protoreflect.MessageKind:
		kind = string(field.Message().FullName())
	case protoreflect.EnumKind:
		kind = "enum"
		for i := 0; i < field.Enum().Values().Len(); i++ {
			kind += " " + string(field.Enum().Values().Get(i).Name())
		}
	}
	if field.IsMap() {
		return "map"
	}
	if field.IsList() {
		return "list"
	}
	return kind
}
