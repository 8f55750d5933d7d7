package live

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzFrame throws anything at the reader of frames: it takes exactly one JSON object in valid UTF-8,
// and what it takes says the same when it is written again.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		`{"t":"hello","v":1,"rooms":{"lounge":57}}`, `{"t":"send","id":"c","room":"lounge","cmid":"x","body":"hi","re":3}`,
		`{"t":"read","room":"lounge","n":41}`, ` {"t":"q"} `, `{"t":"q"}{"t":"q"}`, `[{"t":"q"}]`, `null`, `"t"`, ``, `{`, `{"t":1}`,
		`{"t":"sub","seq":-1}`, `{"t":"sub","seq":1e400}`, `{"t":"sub","seq":9223372036854775808}`, `{"t":"hello","rooms":[]}`,
		"{\"t\":\"\xff\"}", "{\"t\":\"\\u0000\\ud800\"}", strings.Repeat(`{"t":`, 10_000), `{"T":"q"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read, ok := parse(data)
		_ = idOf(data)
		if !ok {
			return
		}
		if !utf8.Valid(data) || !json.Valid(data) {
			t.Fatalf("took %q", data)
		}
		again, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		second, ok := parse(again)
		if third, err := json.Marshal(second); !ok || err != nil || string(third) != string(again) {
			t.Fatalf("%q became %q and then %q", data, again, third)
		}
	})
}
