package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// composeFile is the part of docker-compose.yml that these tests read.
type composeFile struct {
	Services map[string]struct {
		Build       string            `yaml:"build"`
		Environment map[string]string `yaml:"environment"`
	} `yaml:"services"`
}

func TestComposeSetsOnlyWhatConfigKnows(t *testing.T) {
	t.Parallel()
	nodes := 0
	for name, service := range compose(t).Services {
		if service.Build == "" {
			continue
		}
		nodes++
		for _, variable := range slices.Sorted(maps.Keys(service.Environment)) {
			if !slices.Contains(settingNames(), variable) {
				t.Errorf("docker-compose.yml: %s sets %s, which Config does not know", name, variable)
			}
		}
		for _, shared := range []string{"DATABASE_URL", "NATS_URL", "FIRSTDROPS_BASE_URL", "BLOB_URL"} {
			if service.Environment[shared] == "" {
				t.Errorf("docker-compose.yml: %s lacks %s, without which two nodes are two sites", name, shared)
			}
		}
	}
	if nodes != 2 {
		t.Errorf("docker-compose.yml builds %d nodes, want 2", nodes)
	}
}

func TestReadmeListsTheSettings(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(string(readme), -1) {
		listed = append(listed, row[1])
	}
	slices.Sort(listed)
	if known := slices.Sorted(slices.Values(settingNames())); !slices.Equal(listed, known) {
		t.Errorf("README.md lists the settings\n%s\nConfig has\n%s", strings.Join(listed, " "), strings.Join(known, " "))
	}
}

func compose(t *testing.T) composeFile {
	t.Helper()
	content, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file composeFile
	if err := yaml.Unmarshal(content, &file); err != nil {
		t.Fatalf("docker-compose.yml: %v", err)
	}
	return file
}

// settingNames are the environment variables that Config reads.
func settingNames() []string {
	var names []string
	for _, s := range settings() {
		names = append(names, s.name)
	}
	return names
}
