// Injects pods by Istio's own injector with the templates and values of its charts, and prints which templates there are, and what
// becomes of each pod:
//
//	go run . FOLDER < annotations.json
//
// FOLDER holds Istio's source, the input is a list of annotations of pods. The error is the injector's own.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/kube/inject"
)

// The templates of the chart, by the files that its ConfigMap takes them from; older releases have fewer.
var templateFiles = map[string]string{
	"sidecar":               "injection-template.yaml",
	"gateway":               "gateway-injection-template.yaml",
	"grpc-simple":           "grpc-simple.yaml",
	"grpc-agent":            "grpc-agent.yaml",
	"waypoint":              "waypoint.yaml",
	"kube-gateway":          "kube-gateway.yaml",
	"agentgateway":          "agentgateway.yaml",
	"agentgateway-waypoint": "agentgateway-waypoint.yaml",
}

type outcome struct {
	Annotations map[string]string `json:"annotations"`
	Init        []string          `json:"init,omitempty"`
	Containers  []string          `json:"containers,omitempty"`
	Error       string            `json:"error,omitempty"`
}

func main() {
	if err := run(filepath.Join(os.Args[1], "manifests/charts/istio-control/istio-discovery")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(chart string) error {
	templates := inject.RawTemplates{}
	for name, file := range templateFiles {
		text, err := os.ReadFile(filepath.Join(chart, "files", file))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		templates[name] = string(text)
	}
	parsed, err := inject.ParseTemplates(templates)
	if err != nil {
		return err
	}
	values, err := readValues(chart)
	if err != nil {
		return err
	}
	var pods []map[string]string
	if err := json.NewDecoder(os.Stdin).Decode(&pods); err != nil {
		return err
	}
	outcomes := []outcome{}
	for _, annotations := range pods {
		outcomes = append(outcomes, injectOne(parsed, values, annotations))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(map[string]any{"templates": slices.Sorted(maps.Keys(templates)), "outcomes": outcomes})
}

// readValues takes the chart's own values, as its ConfigMap scopes them.
func readValues(chart string) (inject.ValuesConfig, error) {
	text, err := os.ReadFile(filepath.Join(chart, "values.yaml"))
	if err != nil {
		return inject.ValuesConfig{}, err
	}
	var file struct {
		Defaults map[string]any `json:"_internal_defaults_do_not_set"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return inject.ValuesConfig{}, err
	}
	scoped := map[string]any{}
	for _, key := range []string{"global", "sidecarInjectorWebhook", "revision"} {
		scoped[key] = file.Defaults[key]
	}
	scoped["pilot"] = map[string]any{"cni": map[string]any{"enabled": false}, "env": map[string]any{}}
	written, err := yaml.Marshal(scoped)
	if err != nil {
		return inject.ValuesConfig{}, err
	}
	return inject.NewValuesConfig(string(written))
}

// inOrder sorts the templates that an error lists: Istio names them in any order.
func inOrder(message string) string {
	before, listed, found := strings.Cut(message, "; have ")
	if !found {
		return message
	}
	names := strings.Split(listed, ", ")
	slices.Sort(names)
	return before + "; have " + strings.Join(names, ", ")
}

func injectOne(templates inject.Templates, values inject.ValuesConfig, annotations map[string]string) (result outcome) {
	result.Annotations = annotations
	pod := corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "shop", Annotations: annotations},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "app"}}},
	}
	text, err := yaml.Marshal(pod)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	var out bytes.Buffer
	err = inject.IntoResourceFile(nil, templates, values, "", mesh.DefaultMeshConfig(), bytes.NewReader(text), &out, func(string) {})
	if err != nil {
		result.Error = inOrder(strings.TrimSpace(err.Error()))
		return result
	}
	var injected corev1.Pod
	if err := yaml.Unmarshal([]byte(strings.TrimSuffix(out.String(), "---\n")), &injected); err != nil {
		result.Error = err.Error()
		return result
	}
	for _, container := range injected.Spec.InitContainers {
		result.Init = append(result.Init, container.Name)
	}
	for _, container := range injected.Spec.Containers {
		result.Containers = append(result.Containers, container.Name)
	}
	return result
}
