package token_test

import (
	"bytes"
	"testing"

	"firstdrops/server/platform/token"
)

func TestATokenHasOneHash(t *testing.T) {
	t.Parallel()
	secret, hash := token.New()
	if again, ok := token.Hash(secret); !ok || !bytes.Equal(again, hash) {
		t.Errorf("the hash of %q: %x, %v, want %x", secret, again, ok, hash)
	}
	other, _ := token.New()
	if other == secret {
		t.Error("two tokens are the same")
	}
	for _, never := range []string{"", "x", secret + "A", secret[:42], secret[:42] + "!", secret[:42] + "B"} {
		if _, ok := token.Hash(never); ok {
			t.Errorf("%q was taken for a token", never)
		}
	}
}
