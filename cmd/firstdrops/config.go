package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"firstdrops/server/joining"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/mail"
	"firstdrops/web"
)

// Config is what the environment says; every value in it was checked.
type Config struct {
	Database    *db.Target  // nil: the embedded Postgres
	NATS        string      // servers to join; empty: the embedded NATS
	NATSListen  string      // where the embedded NATS listens too; empty: nowhere
	Mail        *mail.SMTP  // nil: letters are kept in the data folder
	Join        joining.Way // empty: what administrators choose
	Listen      string
	Base        *url.URL
	Proxies     []netip.Prefix
	Data        string
	Blobs       *url.URL // nil: a folder in the data folder
	Limited     bool
	AdminListen string
}

// setting is one environment variable: what it is when empty, and how it is read.
type setting struct {
	name, fallback, example string
	read                    func(*Config, string) error
}

// settings are all that the program reads from its environment, in an order in which each may rely
// on those before it.
func settings() []setting {
	return []setting{
		{"DATABASE_URL", "", "postgres://user:password@host:5432/firstdrops", readDatabase},
		{"NATS_URL", "", "nats://10.0.0.1:4222", readNATS},
		{"NATS_LISTEN", "", "127.0.0.1:4222", readNATSListen},
		{"FIRSTDROPS_LISTEN", "127.0.0.1:8080", "127.0.0.1:8080", readListen},
		{"FIRSTDROPS_BASE_URL", "", "https://firstdrops.example", readBase},
		{"SMTP_URL", "", "smtp://user:password@host:587", readMail},
		{"FIRSTDROPS_PROXIES", "", "10.0.0.0/8,192.168.1.7", readProxies},
		{"FIRSTDROPS_DATA", "", "/var/lib/firstdrops", readData},
		{"BLOB_URL", "", "s3://bucket?region=eu-north-1", readBlobs},
		{"FIRSTDROPS_JOIN", "", "confirm", readJoin},
		{"FIRSTDROPS_LIMITS", "on", "on", readLimits},
		{"FIRSTDROPS_ADMIN_LISTEN", "127.0.0.1:9090", "127.0.0.1:9090", readAdminListen},
	}
}

// ReadConfig reads the environment. Every wrong value is named, with what is wrong and an example.
func ReadConfig(environment func(string) string) (Config, error) {
	var config Config
	var faults []error
	for _, s := range settings() {
		value := strings.TrimSpace(environment(s.name))
		if value == "" {
			value = s.fallback
		}
		if err := s.read(&config, value); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w (for example %s=%s)", s.name, err, s.name, s.example))
		}
	}
	return config, errors.Join(faults...)
}

func readDatabase(c *Config, value string) error {
	if value == "" {
		return nil
	}
	target, err := db.Parse(value)
	if err != nil {
		return err
	}
	c.Database = &target
	return nil
}

func readNATS(c *Config, value string) error {
	if value == "" {
		return nil
	}
	for _, server := range strings.Split(value, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		if err != nil || u.Host == "" || (u.Scheme != "nats" && u.Scheme != "tls") {
			return errors.New("it must be one or more addresses like nats://host:4222, with commas between")
		}
	}
	c.NATS = value
	return nil
}

func readNATSListen(c *Config, value string) error {
	if value == "" {
		return nil
	}
	if c.NATS != "" {
		return errors.New("it is for the NATS inside this program, which is not used when NATS_URL is set")
	}
	c.NATSListen = value
	return checkAddress(value)
}

func checkAddress(value string) error {
	host, port, err := net.SplitHostPort(value)
	if err != nil {
		return errors.New("it must be an address with a port")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("its port must be a number up to 65535")
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && !web.Loopback(host) {
		return errors.New("its host must be an IP address of this machine, or localhost")
	}
	return nil
}

func readListen(c *Config, value string) error {
	if err := checkAddress(value); err != nil {
		return err
	}
	c.Listen = value
	return nil
}

func readAdminListen(c *Config, value string) error {
	c.AdminListen = value
	return checkAddress(value)
}

func readBase(c *Config, value string) error {
	if value == "" {
		host, port, err := net.SplitHostPort(c.Listen)
		if err != nil {
			return nil //nolint:nilerr // FIRSTDROPS_LISTEN has its own fault
		}
		if !web.Loopback(host) {
			return errors.New("it must be set when FIRSTDROPS_LISTEN is not on loopback")
		}
		if port == "0" {
			return errors.New("it must be set when FIRSTDROPS_LISTEN leaves the port to the system")
		}
		value = "http://localhost:" + port
	}
	u, err := url.Parse(value)
	if port, number := strconv.Atoi(u.Port()); err == nil && u.Port() != "" && (number != nil || port > 65535) {
		return errors.New("its port must be a number up to 65535")
	}
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("it must be http or https with a host")
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("it must be an origin only: no path, no query, no name")
	}
	c.Base = &url.URL{Scheme: u.Scheme, Host: origin(u)}
	return nil
}

// origin is the host as browsers say it: lower case, without the scheme's own port.
func origin(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

func readMail(c *Config, value string) error {
	if value == "" {
		return nil
	}
	host := "localhost"
	if c.Base != nil {
		host = c.Base.Hostname()
	}
	sender, err := mail.NewSMTP(value, host)
	c.Mail = sender
	return err
}

func readProxies(c *Config, value string) error {
	for _, part := range strings.Split(value, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if address, single := netip.ParseAddr(part); single == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return errors.New("it must be networks or addresses, with commas between")
		}
		c.Proxies = append(c.Proxies, prefix.Masked())
	}
	return nil
}

func readData(c *Config, value string) error {
	if value == "" {
		value = defaultData()
	}
	absolute, err := filepath.Abs(value)
	if err != nil {
		return fmt.Errorf("it is no path: %w", err)
	}
	c.Data = absolute
	return nil
}

func readBlobs(c *Config, value string) error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	file := err == nil && u.Scheme == "file" && u.Host == "" && filepath.IsAbs(u.Path) && u.RawQuery == ""
	bucket := err == nil && u.Scheme == "s3" && u.Host != "" && strings.Trim(u.Path, "/") == ""
	if !file && !bucket || u.User != nil || u.Fragment != "" {
		return errors.New("it must be a bucket like s3://bucket?region=eu-north-1, or a folder like file:///srv/blobs")
	}
	c.Blobs = u
	return nil
}

func defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/firstdrops"
	}
	if share := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(share) {
		return filepath.Join(share, "firstdrops")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "firstdrops")
	}
	return filepath.Join(home, ".local", "share", "firstdrops")
}

func readJoin(c *Config, value string) error {
	if c.Join = joining.Way(value); value != "" && !c.Join.Known() {
		return errors.New("it is open, confirm, approve or invite")
	}
	return nil
}

// joinOtherwise is how people join until an administrator chooses: a letter has to arrive for them to confirm anything.
func (c *Config) joinOtherwise() joining.Way {
	if c.Mail == nil {
		return joining.Open
	}
	return joining.Confirm
}

func readLimits(c *Config, value string) error {
	switch value {
	case "on":
		c.Limited = true
		return nil
	case "off":
		if !c.onLoopback() {
			return errors.New("off is for load tests: it works only when FIRSTDROPS_LISTEN and FIRSTDROPS_BASE_URL are both loopback")
		}
		return nil
	}
	return errors.New("it is either on or off")
}

// onLoopback reports whether nobody but this machine can come here.
func (c *Config) onLoopback() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	return err == nil && web.Loopback(host) && c.Base != nil && web.Loopback(c.Base.Hostname())
}
