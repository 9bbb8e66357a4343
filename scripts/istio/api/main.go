// Prints what a release of istio.io/api knows: annotations with the kinds that they belong to, and the fields of ProxyConfig,
// and of every message below it, with their types. record.ts runs it once for each release.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"istio.io/api/annotation"
	meshconfig "istio.io/api/mesh/v1alpha1"
)

type annotationFact struct {
	Name       string   `json:"name"`
	Resources  []string `json:"resources"`
	Deprecated bool     `json:"deprecated,omitempty"`
}

type messages map[string]map[string]string

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
	all := messages{}
	all.add((&meshconfig.ProxyConfig{}).ProtoReflect().Descriptor())
	err := json.NewEncoder(os.Stdout).Encode(map[string]any{"annotations": annotations, "messages": all})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// add enters a message and those that it holds, by their full names.
func (all messages) add(message protoreflect.MessageDescriptor) {
	name := string(message.FullName())
	if _, known := all[name]; known {
		return
	}
	fields := map[string]string{}
	all[name] = fields
	for i := 0; i < message.Fields().Len(); i++ {
		field := message.Fields().Get(i)
		held := field
		prefix := ""
		if field.IsMap() {
			held = field.MapValue()
			prefix = "map "
		} else if field.IsList() {
			prefix = "list "
		}
		fields[field.JSONName()] = prefix + typeOf(held)
		if held.Kind() == protoreflect.MessageKind && !strings.HasPrefix(string(held.Message().FullName()), "google.") {
			all.add(held.Message())
		}
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
	return kind
}
