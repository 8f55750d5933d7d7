package main

import (
	"testing"

	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }
