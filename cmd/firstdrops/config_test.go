package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// environment is a set of variables, for ReadConfig.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

func TestSettingsWhenEmpty(t *testing.T) {
	t.Parallel()
	c, err := ReadConfig(environment{}.get)
	if err != nil {
		t.Fatal(err)
	}
	if c.Database != nil || c.NATS != "" || c.NATSListen != "" || c.Mail != nil || len(c.Proxies) != 0 {
		t.Errorf("something outside is used by default: %+v", c)
	}
	if c.Listen != "127.0.0.1:8080" || c.Base.String() != "http://localhost:8080" || c.AdminListen != "127.0.0.1:9090" {
		t.Errorf("it listens on %s as %s, and %s", c.Listen, c.Base, c.AdminListen)
	}
	if !c.Limited || !strings.HasSuffix(c.Data, "/firstdrops") {
		t.Errorf("limited %v, in %s", c.Limited, c.Data)
	}
}

// rightly is a right value, and what the program makes of it.
type rightly struct {
	set  environment
	read func(Config) any
	want string
}

var rightlySet = []rightly{
	{environment{"DATABASE_URL": "postgres:///water?host=/run/here"}, func(c Config) any { return c.Database.Database() }, "water"},
	{environment{"DATABASE_URL": "postgresql://ada:secret@db:5433/water"}, func(c Config) any { return c.Database.URL() }, "postgres://ada:secret@/water?host=db&port=5433"},
	{environment{"NATS_URL": "nats://a:4222, tls://b:4222"}, func(c Config) any { return c.NATS }, "nats://a:4222, tls://b:4222"},
	{environment{"NATS_LISTEN": "127.0.0.1:4222"}, func(c Config) any { return c.NATSListen }, "127.0.0.1:4222"},
	{environment{"FIRSTDROPS_LISTEN": " localhost:8081 "}, func(c Config) any { return c.Listen + " " + c.Base.String() }, "localhost:8081 http://localhost:8081"},
	{environment{"FIRSTDROPS_LISTEN": "[::1]:80"}, func(c Config) any { return c.Base }, "http://localhost"},
	{environment{"FIRSTDROPS_LISTEN": "0.0.0.0:80", "FIRSTDROPS_BASE_URL": "https://Drops.Example:443/"}, func(c Config) any { return c.Base }, "https://drops.example"},
	{environment{"FIRSTDROPS_BASE_URL": "http://192.168.1.7:8080"}, func(c Config) any { return c.Base }, "http://192.168.1.7:8080"},
	{environment{"FIRSTDROPS_BASE_URL": "http://drops.example:80"}, func(c Config) any { return c.Base }, "http://drops.example"},
	{environment{"SMTP_URL": "smtp://ada:secret@mail:587"}, func(c Config) any { return c.Mail != nil }, "true"},
	{environment{"SMTP_URL": "smtps://mail:465"}, func(c Config) any { return c.Mail != nil }, "true"},
	{environment{"FIRSTDROPS_PROXIES": "10.1.2.3/8, 192.168.1.7,::1,"}, func(c Config) any { return c.Proxies }, "[10.0.0.0/8 192.168.1.7/32 ::1/128]"},
	{environment{"FIRSTDROPS_DATA": "/srv/drops/"}, func(c Config) any { return c.Data }, "/srv/drops"},
	{environment{"FIRSTDROPS_JOIN": "open"}, func(c Config) any { return c.Join }, "open"},
	{environment{"FIRSTDROPS_JOIN": " invite "}, func(c Config) any { return c.Join }, "invite"},
	{environment{"FIRSTDROPS_JOIN": "approve", "SMTP_URL": "smtp://mail"}, func(c Config) any { return c.Join }, "approve"},
	{environment{}, func(c Config) any { return c.Join + "/" + c.joinOtherwise() }, "/open"},
	{environment{"SMTP_URL": "smtp://mail"}, func(c Config) any { return c.Join + "/" + c.joinOtherwise() }, "/confirm"},
	{environment{"BLOB_URL": "file:///srv/blobs"}, func(c Config) any { return c.Blobs }, "file:///srv/blobs"},
	{environment{"BLOB_URL": "s3://drops?region=eu-north-1&endpoint=http://minio:9000"}, func(c Config) any { return c.Blobs.Host }, "drops"},
	{environment{"FIRSTDROPS_LIMITS": "off"}, func(c Config) any { return c.Limited }, "false"},
	{environment{"FIRSTDROPS_LIMITS": "off", "FIRSTDROPS_BASE_URL": "http://127.0.0.1:80"}, func(c Config) any { return c.Limited }, "false"},
	{environment{"FIRSTDROPS_ADMIN_LISTEN": ":9091"}, func(c Config) any { return c.AdminListen }, ":9091"},
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, name := range settingNames() {
		if !slices.ContainsFunc(rightlySet, func(r rightly) bool { return r.set[name] != "" }) {
			t.Errorf("no right value of %s is tried", name)
		}
	}
	for _, test := range rightlySet {
		c, err := ReadConfig(test.set.get)
		if err != nil {
			t.Errorf("%v: %v", test.set, err)
			continue
		}
		if got := fmt.Sprint(test.read(c)); got != test.want {
			t.Errorf("%v gives %s, want %s", test.set, got, test.want)
		}
	}
}

// wronglySet are wrong values, whose name, and what is said about them.
var wronglySet = []struct {
	name, words string
	set         environment
}{
	{"DATABASE_URL", "it must look like postgres://", environment{"DATABASE_URL": "mysql://ada:secret@db/water"}},
	{"DATABASE_URL", "it must look like postgres://", environment{"DATABASE_URL": "postgres://ada:secret@db:port/water"}},
	{"DATABASE_URL", "it cannot be read", environment{"DATABASE_URL": "postgres://ada:secret@db/water?sslmode=perhaps"}},
	{"NATS_URL", "nats://host:4222", environment{"NATS_URL": "10.0.0.1:4222"}},
	{"NATS_URL", "nats://host:4222", environment{"NATS_URL": "nats://a,http://b"}},
	{"NATS_URL", "nats://host:4222", environment{"NATS_URL": "nats://a,"}},
	{"NATS_LISTEN", "NATS_URL is set", environment{"NATS_URL": "nats://a", "NATS_LISTEN": "127.0.0.1:4222"}},
	{"NATS_LISTEN", "an address with a port", environment{"NATS_LISTEN": "4222"}},
	{"NATS_LISTEN", "its port must be a number", environment{"NATS_LISTEN": "127.0.0.1:http"}},
	{"FIRSTDROPS_LISTEN", "an address with a port", environment{"FIRSTDROPS_LISTEN": "8080"}},
	{"FIRSTDROPS_LISTEN", "its port must be a number", environment{"FIRSTDROPS_LISTEN": "127.0.0.1:65536"}},
	{"FIRSTDROPS_LISTEN", "its port must be a number", environment{"FIRSTDROPS_LISTEN": "127.0.0.1:"}},
	{"FIRSTDROPS_LISTEN", "its port must be a number", environment{"FIRSTDROPS_LISTEN": "127.0.0.1:-1"}},
	{"FIRSTDROPS_LISTEN", "its host must be", environment{"FIRSTDROPS_LISTEN": "drops.example:80", "FIRSTDROPS_BASE_URL": "http://drops.example"}},
	{"FIRSTDROPS_BASE_URL", "must be set", environment{"FIRSTDROPS_LISTEN": "0.0.0.0:8080"}},
	{"FIRSTDROPS_BASE_URL", "must be set", environment{"FIRSTDROPS_LISTEN": ":8080"}},
	{"FIRSTDROPS_BASE_URL", "must be set", environment{"FIRSTDROPS_LISTEN": "127.0.0.1:0"}},
	{"FIRSTDROPS_BASE_URL", "http or https", environment{"FIRSTDROPS_BASE_URL": "drops.example", "FIRSTDROPS_LISTEN": "0.0.0.0:80"}},
	{"FIRSTDROPS_BASE_URL", "http or https", environment{"FIRSTDROPS_BASE_URL": "ftp://drops.example"}},
	{"FIRSTDROPS_BASE_URL", "an origin only", environment{"FIRSTDROPS_BASE_URL": "https://drops.example/forum"}},
	{"FIRSTDROPS_BASE_URL", "an origin only", environment{"FIRSTDROPS_BASE_URL": "https://ada:secret@drops.example"}},
	{"SMTP_URL", "smtp://user:pass@host:587", environment{"SMTP_URL": "mail.example:587"}},
	{"SMTP_URL", "smtp://user:pass@host:587", environment{"SMTP_URL": "https://ada:secret@mail"}},
	{"FIRSTDROPS_PROXIES", "networks or addresses", environment{"FIRSTDROPS_PROXIES": "10.0.0.0/8,proxy.example"}},
	{"FIRSTDROPS_PROXIES", "networks or addresses", environment{"FIRSTDROPS_PROXIES": "10.0.0.0/33"}},
	{"FIRSTDROPS_JOIN", "open, confirm, approve or invite", environment{"FIRSTDROPS_JOIN": "closed"}},
	{"FIRSTDROPS_JOIN", "open, confirm, approve or invite", environment{"FIRSTDROPS_JOIN": "Open", "SMTP_URL": "smtp://mail"}},
	{"BLOB_URL", "s3://bucket", environment{"BLOB_URL": "/srv/blobs"}},
	{"BLOB_URL", "s3://bucket", environment{"BLOB_URL": "file://srv/blobs"}},
	{"BLOB_URL", "s3://bucket", environment{"BLOB_URL": "s3:///bucket"}},
	{"BLOB_URL", "s3://bucket", environment{"BLOB_URL": "s3://key:secret@bucket"}},
	{"BLOB_URL", "s3://bucket", environment{"BLOB_URL": "gs://bucket"}},
	{"FIRSTDROPS_LIMITS", "on or off", environment{"FIRSTDROPS_LIMITS": "no"}},
	{"FIRSTDROPS_LIMITS", "both loopback", environment{"FIRSTDROPS_LIMITS": "off", "FIRSTDROPS_LISTEN": "0.0.0.0:8080", "FIRSTDROPS_BASE_URL": "http://localhost:8080"}},
	{"FIRSTDROPS_LIMITS", "both loopback", environment{"FIRSTDROPS_LIMITS": "off", "FIRSTDROPS_BASE_URL": "https://drops.example"}},
	{"FIRSTDROPS_ADMIN_LISTEN", "an address with a port", environment{"FIRSTDROPS_ADMIN_LISTEN": "off"}},
}

// TestWrongSettings: the name, the fault and an example are told; a password in a value is not.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	for _, test := range wronglySet {
		_, err := ReadConfig(test.set.get)
		if err == nil {
			t.Errorf("%v is taken", test.set)
			continue
		}
		said := err.Error()
		if !strings.HasPrefix(said, test.name+": ") || !strings.Contains(said, test.words) || !strings.Contains(said, "(for example "+test.name+"=") {
			t.Errorf("%v: %s", test.set, said)
		}
		if strings.Contains(said, "secret") || strings.Contains(said, "\n") {
			t.Errorf("%v says too much: %s", test.set, said)
		}
	}
}

func TestEverySettingCanBeWrong(t *testing.T) {
	t.Parallel()
	tried := environment{"FIRSTDROPS_DATA": "any path will do"}
	for _, test := range wronglySet {
		tried[test.name] = test.words
	}
	for _, name := range settingNames() {
		if tried[name] == "" {
			t.Errorf("no wrong value of %s is tried", name)
		}
	}
}

func TestExamplesAreRight(t *testing.T) {
	t.Parallel()
	for _, s := range settings() {
		if _, err := ReadConfig(environment{s.name: s.example}.get); err != nil {
			t.Errorf("the example %s=%s is wrong: %v", s.name, s.example, err)
		}
	}
}

func TestAllWrongSettingsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	wrong := environment{}
	for _, s := range settings() {
		wrong[s.name] = "?"
	}
	_, err := ReadConfig(wrong.get)
	if err == nil {
		t.Fatal("nothing was refused")
	}
	for _, s := range settings() {
		if told := strings.Contains(err.Error(), s.name+": "); told != (s.name != "FIRSTDROPS_DATA") {
			t.Errorf("%s: told %v in\n%v", s.name, told, err)
		}
	}
}

func TestTheProgramRefusesWrongSettings(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "FIRSTDROPS_JOIN=closed", "NATS_URL=?")
	for _, args := range [][]string{{}, {"migrate"}, {"admin", "create", "--handle", "ada", "--email", "ada@example.org"}} {
		stdout, stderr, code := h.run(args...)
		if code != 1 || stdout != "" || !strings.Contains(stderr, "FIRSTDROPS_JOIN: ") || !strings.Contains(stderr, "NATS_URL: ") {
			t.Errorf("%v ended with %d:\n%s%s", args, code, stdout, stderr)
		}
	}
}
