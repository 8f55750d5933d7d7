package ui

import (
	"testing"
	"time"
)

func TestAgoWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 10, 30, 0, 0, time.UTC) // a Wednesday
	for _, c := range []struct {
		then time.Time
		want string
	}{
		{now.Add(time.Hour), "just now"}, // a clock that goes wrong
		{now, "just now"},
		{now.Add(-59 * time.Second), "just now"},
		{now.Add(-time.Minute), "1 min ago"},
		{now.Add(-12 * time.Minute), "12 min ago"},
		{now.Add(-59*time.Minute - 59*time.Second), "59 min ago"},
		{now.Add(-time.Hour), "1 h ago"},
		{now.Add(-10 * time.Hour), "10 h ago"},
		{now.Add(-11 * time.Hour), "yesterday"},
		{now.Add(-34 * time.Hour), "yesterday"},
		{now.Add(-35 * time.Hour), "Monday"},
		{now.AddDate(0, 0, -6), "Thursday"},
		{now.AddDate(0, 0, -7), "25 February"},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "1 January"},
		{time.Date(2025, 12, 31, 23, 59, 0, 0, time.UTC), "31 December 2025"},
	} {
		if got := AgoWords(c.then, now); got != c.want {
			t.Errorf("%s: %q, not %q", c.then, got, c.want)
		}
	}
}

func TestAgoWordsSoonAfterMidnight(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)
	if got := AgoWords(now.Add(-3*time.Hour), now); got != "3 h ago" {
		t.Errorf("three hours ago is %q", got)
	}
}

func TestAgoWordsCountDaysInTheZoneOfTheMoment(t *testing.T) {
	t.Parallel()
	auckland := time.FixedZone("Auckland", 13*60*60)
	then := time.Date(2026, 3, 4, 1, 0, 0, 0, auckland) // still the 3rd in UTC
	if got := AgoWords(then, then.Add(20*time.Hour).UTC()); got != "20 h ago" {
		t.Errorf("the same day is %q", got)
	}
}

func TestTimesAreForMachinesToo(t *testing.T) {
	t.Parallel()
	then := time.Date(2026, 3, 4, 10, 30, 0, 5000, time.FixedZone("Delhi", 19800))
	expect(t, render(t, Ago(then, then.Add(5*time.Minute))), `<time datetime="2026-03-04T05:00:00Z" data-time="ago">5 min ago</time>`)
	expect(t, render(t, Clock(then)), `<time datetime="2026-03-04T05:00:00Z" data-time="clock">10:30 Delhi</time>`)
	expect(t, render(t, Clock(then.UTC())), `<time datetime="2026-03-04T05:00:00Z" data-time="clock">05:00 UTC</time>`)
}

func TestAgoCountsDaysInTheReadersZone(t *testing.T) {
	t.Parallel()
	then := time.Date(2026, 3, 3, 23, 30, 0, 0, time.UTC)
	now := then.Add(10 * time.Hour)
	expect(t, render(t, Ago(then, now)), ">yesterday<")
	expect(t, render(t, Ago(then, now.In(time.FixedZone("Amsterdam", 60*60)))), ">10 h ago<")
}
