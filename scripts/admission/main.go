// Applies a MutatingAdmissionPolicy to pods by the API server's own code, and prints what becomes of them:
//
//	go run . POLICY.yaml < pods.json > patched.json
//
// The tests read what it has printed (test/fixtures/admission), because building it takes minutes.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	apiservercel "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		return err
	}
	document, err := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text))).Read()
	if err != nil {
		return err
	}
	var policy admissionregistrationv1.MutatingAdmissionPolicy
	if err := yaml.UnmarshalStrict(document, &policy); err != nil {
		return err
	}
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		return err
	}
	options := cel.OptionalVariableDeclarations{HasAuthorizer: true}
	var variables []cel.NamedExpressionAccessor
	for _, variable := range policy.Spec.Variables {
		variables = append(variables, &validating.Variable{Name: variable.Name, Expression: variable.Expression})
	}
	compiler.CompileAndStoreVariables(variables, options, environment.StoredExpressions)
	options.HasPatchTypes = true
	var patchers []patch.Patcher
	for _, mutation := range policy.Spec.Mutations {
		condition := &patch.JSONPatchCondition{Expression: mutation.JSONPatch.Expression}
		patchers = append(patchers, patch.NewJSONPatcher(compiler.CompileMutatingEvaluator(condition, options, environment.StoredExpressions)))
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var pods []*corev1.Pod
	if err := json.Unmarshal(input, &pods); err != nil {
		return err
	}
	type outcome struct {
		Pod   runtime.Object `json:"pod,omitempty"`
		Error string         `json:"error,omitempty"`
	}
	outcomes := []outcome{}
	for _, pod := range pods {
		patched, err := apply(compiler, patchers, pod)
		if err != nil {
			outcomes = append(outcomes, outcome{Error: err.Error()})
		} else {
			outcomes = append(outcomes, outcome{Pod: patched})
		}
	}
	return json.NewEncoder(os.Stdout).Encode(outcomes)
}

func apply(compiler *cel.CompositedCompiler, patchers []patch.Patcher, pod *corev1.Pod) (runtime.Object, error) {
	kind := corev1.SchemeGroupVersion.WithKind("Pod")
	resource := corev1.SchemeGroupVersion.WithResource("pods")
	var current runtime.Object = pod
	current.GetObjectKind().SetGroupVersionKind(kind)
	for _, patcher := range patchers {
		attributes := admission.NewAttributesRecord(current, nil, kind, "default", pod.Name, resource, "", admission.Create, &metav1.CreateOptions{}, false, nil)
		versioned := &admission.VersionedAttributes{Attributes: attributes, VersionedKind: kind}
		versioned.VersionedObject.Set(current)
		patched, err := patcher.Patch(compiler.CreateContext(context.Background()), patch.Request{
			MatchedResource:     resource,
			VersionedAttributes: versioned,
			ObjectInterfaces:    admission.NewObjectInterfacesFromScheme(scheme.Scheme),
			Namespace:           &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}},
		}, apiservercel.RuntimeCELCostBudget)
		if err != nil {
			return nil, err
		}
		current = patched
	}
	return current, nil
}
