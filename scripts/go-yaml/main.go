// Reads YAML as kubectl and the API server do, and prints what becomes of it:
//
//	go run . < documents.json > outcomes.json
//
// The tests read what it has printed (test/fixtures/check-read), so that they need no Go.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

type outcome struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	var documents []string
	if err := json.NewDecoder(os.Stdin).Decode(&documents); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	outcomes := make([]outcome, len(documents))
	for index, document := range documents {
		converted, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			outcomes[index].Error = err.Error()
		} else {
			outcomes[index].JSON = converted
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(outcomes); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
