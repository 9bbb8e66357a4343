// Makes patches of objects by the API server's own code, and prints what it says of each:
//
//	go run . < patches.json > answers.json
//
// The tests read what it has printed (test/fixtures/patches), because building it takes minutes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
)

type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

var strategies = map[string]strategy{
	"apps/DaemonSet":            daemonset.Strategy,
	"apps/Deployment":           deployment.Strategy,
	"apps/StatefulSet":          statefulset.Strategy,
	"batch/CronJob":             cronjob.Strategy,
	"batch/Job":                 job.Strategy,
	"/ConfigMap":                configmap.Strategy,
	"/Namespace":                namespace.Strategy,
	"/Pod":                      pod.Strategy,
	"/Service":                  service.Strategy,
	"networking.k8s.io/Ingress": ingress.Strategy,
}

type question struct {
	Object map[string]any `json:"object"`
	// Made one after the other.
	Steps []step `json:"steps"`
}

type step struct {
	Type  string          `json:"type"`
	Patch json.RawMessage `json:"patch"`
}

type answer struct {
	// Why the patch is refused: what is wrong after it and was not before.
	Refused []string `json:"refused"`
	// The kind is none of Kubernetes' own: only that the patch fits the object is known.
	Custom bool `json:"custom,omitempty"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var questions []question
	if err := json.Unmarshal(input, &questions); err != nil {
		return err
	}
	answers := make([]answer, 0, len(questions))
	for _, one := range questions {
		answers = append(answers, ask(one))
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func ask(q question) answer {
	object := unstructured.Unstructured{Object: q.Object}
	live(&object)
	gvk := object.GroupVersionKind()
	own, known := strategies[gvk.Group+"/"+gvk.Kind]
	raw, err := json.Marshal(object.Object)
	if err != nil {
		return answer{Refused: []string{err.Error()}}
	}
	if !known {
		after, err := patch(raw, q)
		return answer{Custom: true, Refused: append(words(err), moved(raw, after)...)}
	}
	ctx := request.WithRequestInfo(request.WithNamespace(request.NewContext(), object.GetNamespace()), &request.RequestInfo{
		IsResourceRequest: true, APIGroup: gvk.Group, APIVersion: gvk.Version, Verb: "patch", Name: object.GetName(),
	})
	old, err := decode(raw)
	if err != nil {
		return answer{Refused: []string{"object: " + err.Error()}}
	}
	before := words(create(ctx, own, old))
	stored, err := encode(old, gvk.GroupVersion())
	if err != nil {
		return answer{Refused: words(err)}
	}
	patched, err := patch(stored, q)
	if err != nil {
		return answer{Refused: words(err)}
	}
	if refused := moved(stored, patched); len(refused) > 0 {
		return answer{Refused: refused}
	}
	updated, err := decode(patched)
	if err != nil {
		return answer{Refused: words(err)}
	}
	after := words(rest.BeforeUpdate(own, ctx, updated, old))
	return answer{Refused: slices.DeleteFunc(after, func(fault string) bool { return slices.Contains(before, fault) })}
}

// What a file leaves out and an object in a cluster has.
func live(object *unstructured.Unstructured) {
	object.SetUID("00000000-0000-4000-8000-000000000000")
	object.SetResourceVersion("1")
	if object.GetNamespace() == "" && object.GetKind() != "Namespace" {
		object.SetNamespace("default")
	}
	if object.GetKind() == "Namespace" {
		object.SetNamespace("")
	}
	spec, _ := object.Object["spec"].(map[string]any)
	if object.GetKind() != "Service" || object.GetAPIVersion() != "v1" || spec == nil {
		return
	}
	address := "10.0.0.10"
	if spec["clusterIP"] == "None" {
		address = "None"
	}
	spec["clusterIP"] = address
	spec["clusterIPs"] = []any{address}
	spec["ipFamilies"] = []any{"IPv4"}
	spec["ipFamilyPolicy"] = "SingleStack"
}

// As the API server stores it: with what its creation adds, such as the selector of a Job.
func create(ctx context.Context, own strategy, object runtime.Object) error {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return err
	}
	uid, version := accessor.GetUID(), accessor.GetResourceVersion()
	accessor.SetResourceVersion("")
	err = rest.BeforeCreate(own, ctx, object)
	accessor.SetUID(uid)
	accessor.SetResourceVersion(version)
	return err
}

func decode(raw []byte) (runtime.Object, error) {
	return runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), raw)
}

func encode(object runtime.Object, version schema.GroupVersion) ([]byte, error) {
	return runtime.Encode(legacyscheme.Codecs.LegacyCodec(version), object)
}

func patch(raw []byte, q question) (after []byte, err error) {
	after = raw
	for _, step := range q.Steps {
		if step.Type == "merge" {
			after, err = jsonpatch.MergePatch(after, step.Patch)
		} else if operations, fault := jsonpatch.DecodePatch(step.Patch); fault != nil {
			err = fault
		} else {
			after, err = operations.Apply(after)
		}
		if err != nil {
			return nil, err
		}
	}
	return after, nil
}

// The API server refuses to patch what an object is found by; its handlers say so, not its validation.
func moved(before, after []byte) []string {
	if after == nil {
		return nil
	}
	var a, b unstructured.Unstructured
	if json.Unmarshal(before, &a.Object) != nil || json.Unmarshal(after, &b.Object) != nil {
		return nil
	}
	if a.GetName() != b.GetName() || a.GetNamespace() != b.GetNamespace() || a.GroupVersionKind() != b.GroupVersionKind() {
		return []string{"the object is another one after it"}
	}
	return nil
}

func words(err error) []string {
	if err == nil {
		return []string{}
	}
	var status *apierrors.StatusError
	if errors.As(err, &status) && status.ErrStatus.Details != nil && len(status.ErrStatus.Details.Causes) > 0 {
		found := []string{}
		for _, cause := range status.ErrStatus.Details.Causes {
			message, _, _ := strings.Cut(cause.Message, "\n")
			found = append(found, cause.Field+": "+message[:min(len(message), 160)])
		}
		return found
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	return []string{message[:min(len(message), 200)]}
}
