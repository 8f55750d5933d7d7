//go:build linux

package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/signin"
	"firstdrops/web"
)

// quietBus is a bus that nobody listens to.
type quietBus struct{}

func (quietBus) Publish(string, []byte) error { return nil }

// benchHouse is the whole site on a database with one thread of 20 posts, a few of them quoting another.
type benchHouse struct {
	db     *db.DB
	site   http.Handler
	thread forum.Thread
	token  string
}

const benchBody = `I stopped when she was six weeks old. I had mastitis twice and was so *tired* that I could not think, and the
bottle was the first time either of us slept.

But last night she turned her head and rooted at my shirt, and I sat there and cried. Has anybody been here?

- pumping six times a day
- skin to skin in the evening`

func newBenchHouse(b *testing.B) benchHouse {
	b.Helper()
	h := benchHouse{db: testdb.New(b)}
	queue, err := jobs.NewQueue(h.db)
	if err != nil {
		b.Fatal(err)
	}
	people := accounts.New(h.db, queue, quietBus{}, time.Now)
	threads := forum.New(h.db, queue, time.Now)
	base := &url.URL{Scheme: "http", Host: "localhost:8080"}
	h.site = web.New(web.Deps{
		Accounts: people, Signin: signin.New(signin.Deps{DB: h.db, Queue: queue, Accounts: people, Base: base, Now: time.Now}), Forum: threads, Base: base,
		Ping: h.db.PingContext, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	tokens, err := people.CreatePeople(b.Context(), 1)
	if err != nil {
		b.Fatal(err)
	}
	h.token = tokens[0]
	writer, err := people.Viewer(b.Context(), h.token)
	if err != nil {
		b.Fatal(err)
	}
	h.thread, err = threads.Start(b.Context(), writer, forum.Opening{Category: "relactation", Title: "Is it too late?", Body: benchBody, Key: uuid.New()})
	if err != nil {
		b.Fatal(err)
	}
	first, err := threads.Page(b.Context(), writer, h.thread.ID, 0)
	if err != nil {
		b.Fatal(err)
	}
	for n := 2; n <= 20; n++ {
		answer := forum.Answer{ThreadID: h.thread.ID, Body: benchBody, Key: uuid.New()}
		if n%5 == 0 {
			answer.Body = "> Has anybody been here?\n\n" + benchBody
			answer.Quote.PostID = first.Posts[0].ID
		}
		if _, err := threads.Reply(b.Context(), writer, answer); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := h.db.ExecContext(b.Context(), "ANALYZE"); err != nil {
		b.Fatal(err)
	}
	return h
}

// discard is a browser that reads nothing; it counts the bytes.
type discard struct {
	header http.Header
	status int
	bytes  int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { d.bytes += len(p); return len(p), nil }

// BenchmarkThreadPage is a thread's page of 20 posts through the whole site.
func BenchmarkThreadPage(b *testing.B) {
	h := newBenchHouse(b)
	for name, token := range map[string]string{"guest": "", "member": h.token} {
		b.Run(name, func(b *testing.B) {
			h.measure(b, func() int {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://localhost:8080"+h.thread.Path(), nil)
				if token != "" {
					r.AddCookie(&http.Cookie{Name: "session", Value: token})
				}
				w := &discard{header: http.Header{}}
				h.site.ServeHTTP(w, r)
				if w.status != http.StatusOK {
					b.Fatalf("status %d", w.status)
				}
				return w.bytes
			})
		})
	}
}

// BenchmarkThreadPageBound is the least that such a page could cost with bun: one query for the 20 stored posts
// and who wrote them, written out.
func BenchmarkThreadPageBound(b *testing.B) {
	h := newBenchHouse(b)
	h.measure(b, func() int {
		var posts []boundPost
		err := h.db.NewSelect().Model(&posts).Relation("Author").
			Where("post.thread_id = ?", h.thread.ID).Where("post.deleted_at IS NULL").Order("post.n").Limit(20).Scan(b.Context())
		if err != nil || len(posts) != 20 {
			b.Fatal(len(posts), err)
		}
		w := &discard{header: http.Header{}}
		for _, p := range posts {
			_, _ = io.WriteString(w, p.Author.DisplayName)
			_, _ = io.WriteString(w, p.HTML)
		}
		return w.bytes
	})
}

// boundPost is a stored post and who wrote it, as bun reads them by itself.
type boundPost struct {
	bun.BaseModel `bun:"table:posts,alias:post"`

	ID        int64 `bun:",pk"`
	ThreadID  int64
	N         int
	AuthorID  int64
	Author    *boundPerson `bun:"rel:belongs-to,join:author_id=id"`
	Label     string
	HTML      string
	Version   int
	ReplyTo   *int64
	CreatedAt time.Time
	EditedAt  *time.Time
	DeletedAt *time.Time
}

type boundPerson struct {
	bun.BaseModel `bun:"table:people,alias:person"`

	ID          int64 `bun:",pk"`
	Handle      string
	DisplayName string
}

// measure runs page and reports, beside time and allocations, what it takes of the processor here and in Postgres.
func (h benchHouse) measure(b *testing.B, page func() int) {
	bytes := page() // warm: connected, prepared
	backends := h.backends(b)
	statements, here, there := h.db.Statements(), processor(b), running(b, backends)
	b.ReportAllocs()
	for b.Loop() {
		page()
	}
	per := func(amount float64, unit string) { b.ReportMetric(amount/float64(b.N), unit) }
	here, there = processor(b)-here, running(b, backends)-there
	per(float64(h.db.Statements()-statements), "statements/op")
	per(here.Seconds()*1000, "server-cpu-ms/op")
	per(there.Seconds()*1000, "postgres-cpu-ms/op")
	per((here+there).Seconds()*1000, "cpu-ms/op")
	b.ReportMetric(float64(bytes), "page-bytes")
}

// backends are the processes of Postgres that serve this database.
func (h benchHouse) backends(b *testing.B) []int {
	b.Helper()
	var pids []int
	err := h.db.NewRaw("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").Scan(context.Background(), &pids)
	if err != nil {
		b.Fatal(err)
	}
	return pids
}

// processor is the time that this process has had.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// running is the time that these processes have had.
func running(b *testing.B, pids []int) time.Duration {
	b.Helper()
	var sum time.Duration
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
		if err != nil {
			b.Fatal(err)
		}
		ns, err := strconv.ParseInt(strings.Fields(string(stat))[0], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(ns)
	}
	return sum
}
