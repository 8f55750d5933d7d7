package words_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/words"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// said is a sentence and the rules that find their words in it; "!" follows one that finds a dose.
type said struct {
	text  string
	rules string
}

func check(t *testing.T, w *words.Words, sentences []said) {
	t.Helper()
	for _, s := range sentences {
		if got := rulesIn(t, w, s.text); got != s.rules {
			t.Errorf("%q: found %q, want %q", s.text, got, s.rules)
		}
	}
}

func rulesIn(t *testing.T, w *words.Words, text string) string {
	t.Helper()
	notices, err := w.Notices(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, n := range notices {
		name := n.ID
		if n.Dosed {
			name += "!"
		}
		found = append(found, name)
	}
	return strings.Join(found, " ")
}

func TestMedicinesAreFoundAsWholeWords(t *testing.T) {
	t.Parallel()
	check(t, words.New(testdb.New(t)), []said{
		{"Has anybody asked about domperidone?", "domperidone"},
		{"motilium", "domperidone"},
		{"motiliumX", ""},
		{"xmotilium and promotilium", ""},
		{"My doctor said Reglan.", "metoclopramide"},
		{"reglan-free since May", "metoclopramide"},
		{"**Reglan**, _Maxolon_, (metoclopramide)", "metoclopramide"},
		{"metaclopramide", "metoclopramide"},
		{"Ronald Reagan, regal, raglan sleeves", ""},
		{"chlorpromazine or Largactil or thorazine", "chlorpromazine"},
		{"the pill", ""},
		{"I took a pill for the headache", ""},
		{"the birth control pills", "oral-contraceptives"},
		{"an oral contraceptive", "oral-contraceptives"},
		{"the combined oestrogen pill", "oral-contraceptives"},
		{"I combined naps. Pill bottles everywhere.", ""},
		{"mini-pill", "oral-contraceptives"},
		{"Yasmin is my midwife", ""},
		{"the Yasmin pill", "oral-contraceptives"},
		{"Fenugreek and blessed thistles", "fenugreek blessed-thistle"},
		{"milk thistle, or a blessed day", ""},
		{"goat's rue", "goats-rue"},
		{"goats-rue", "goats-rue"},
		{"Goat’s\nRue", "goats-rue"},
		{"the goat. Rue the day", ""},
		{"goat, rue", ""},
		{"goats rueful, blessed thistledown", ""},
		{"domperidone with reglan, fenugreek and goats rue", "domperidone metoclopramide fenugreek goats-rue"},
		{"> somebody wrote domperidone\n\nNever heard of it.", "domperidone"},
		{"", ""},
		{"\x00\xff", ""},
	})
}

func TestCaseAccentsAndFormsDoNotMatter(t *testing.T) {
	t.Parallel()
	check(t, words.New(testdb.New(t)), []said{
		{"DOMPERIDONE", "domperidone"},
		{"MOTİLİUM", "domperidone"},
		{"dompéridone", "domperidone"},
		{"dompe\u0301ridone", "domperidone"},
		{"ｄｏｍｐｅｒｉｄｏｎｅ", "domperidone"},
		{"dom\u00adperi\u200bdone", "domperidone"},
		{"domperidones", "domperidone"},
		{"domperidon", "domperidone"},
		{"fénugrec", "fenugreek"},
		{"oral contraceptives", "oral-contraceptives"},
		{"domperidoneβ", ""},
	})
}

func TestADoseNearAMedicineIsFound(t *testing.T) {
	t.Parallel()
	check(t, words.New(testdb.New(t)), []said{
		{"domperidone 10mg", "domperidone!"},
		{"domperidone10mg", "domperidone!"},
		{"domperidone, 10.5 mg", "domperidone!"},
		{"10–20 mg of Motilium", "domperidone!"},
		{"I took 30 ㎎ of domperidone", "domperidone!"},
		{"½ tablet of reglan", "metoclopramide!"},
		{"two tablets of reglan", "metoclopramide!"},
		{"Domperidone three times a day", "domperidone!"},
		{"Domperidone 3x daily", "domperidone!"},
		{"Domperidone twice a day", "domperidone!"},
		{"Domperidone. Every 8 hours.", "domperidone!"},
		{"three capsules of fenugreek", "fenugreek!"},
		{"5 ml of domperidone", "domperidone!"},
		{"2 g of fenugreek", "fenugreek!"},
		{"one birth control pill a day", "oral-contraceptives!"},
		{"She is 10 weeks old and I asked about domperidone", "domperidone"},
		{"domperidone since 2024", "domperidone"},
		{"how many mg of domperidone", "domperidone"},
		{"domperidone, she said, and then we spoke about the pump and about my sister who takes 10 mg", "domperidone"},
		{"domperidone. " + strings.Repeat("Words. ", 20) + "domperidone 10 mg", "domperidone!"},
		{"Reglan came up. " + strings.Repeat("Words. ", 20) + "domperidone 10 mg", "domperidone! metoclopramide"},
	})
}

func TestABabyWhoGetsTooLittle(t *testing.T) {
	t.Parallel()
	check(t, words.New(testdb.New(t)), []said{
		{"She has very few wet nappies since Sunday", "baby-nappies"},
		{"only two wet diapers today", "baby-nappies"},
		{"no wet nappy since noon", "baby-nappies"},
		{"his nappies are still dry", "baby-nappies"},
		{"he hasn't peed since six", "baby-nappies"},
		{"eight wet nappies a day", ""},
		{"no worries, six wet nappies", ""},
		{"wet flange, few drops", ""},
		{"poor weight gain", "baby-weight"},
		{"She's not gaining weight", "baby-weight"},
		{"my baby isn't gaining", "baby-weight"},
		{"the baby is losing weight", "baby-weight"},
		{"I am losing weight and sleep", ""},
		{"I am not gaining any confidence", ""},
		{"he gains 30 g a day", ""},
		{"We want to stop formula cold turkey", "baby-formula"},
		{"I stopped all formula yesterday", "baby-formula"},
		{"stopping the formula at once", "baby-formula"},
		{"going down with formula slowly", ""},
		{"we stop for coffee. Formula is fine today", ""},
	})
}

func TestSomebodyMayBeInDanger(t *testing.T) {
	t.Parallel()
	check(t, words.New(testdb.New(t)), []said{
		{"I want to die", "crisis"},
		{"Some nights I just don’t want to be alive.", "crisis"},
		{"I wish I was dead", "crisis"},
		{"I keep thinking of suicide", "crisis"},
		{"they would be better off without me", "crisis"},
		{"I am afraid that I hurt myself", "crisis"},
		{"self-harm", "crisis"},
		{"I am dying to know", ""},
		{"I want to take my life back", ""},
		{"my phone died and I want to sleep", ""},
		{"I want to let go. To die of laughter.", ""},
		{"> I want to die\n\nI am so glad that you wrote. Is somebody with you?", ""},
		{"> How are you?\n\nI want to die", "crisis"},
		{"I want to\n> die", ""},
		{"I want to die, and she has no wet nappies, after domperidone 10 mg", "crisis baby-nappies domperidone!"},
	})
}

// TestEveryTermIsFound says each term of each rule, in its plainest form.
func TestEveryTermIsFound(t *testing.T) {
	t.Parallel()
	database := testdb.New(t)
	w := words.New(database)
	for _, term := range allTerms(t, database) {
		for plain := range plainly(strings.Fields(term.Text)) {
			if got := strings.Fields(strings.ReplaceAll(rulesIn(t, w, plain), "!", "")); !slices.Contains(got, term.ID) {
				t.Errorf("%s does not find %q", term.ID, plain)
			}
		}
	}
}

type written struct{ ID, Text string }

func allTerms(t testing.TB, database *db.DB) []written {
	t.Helper()
	var terms []written
	err := database.NewRaw(`SELECT id, unnest(terms) AS text FROM word_rules`).Scan(context.Background(), &terms)
	if err != nil || len(terms) < 50 {
		t.Fatalf("%d terms: %v", len(terms), err)
	}
	return terms
}

// plainly gives every choice of words that a term allows.
func plainly(parts []string) map[string]bool {
	all := map[string]bool{"": true}
	for _, part := range parts {
		longer := map[string]bool{}
		for so := range all {
			for _, word := range strings.Split(strings.ReplaceAll(part, "…", "of"), "|") {
				longer[strings.TrimSpace(so+" "+word)] = true
			}
		}
		all = longer
	}
	return all
}

func TestEveryRuleIsComplete(t *testing.T) {
	t.Parallel()
	database := testdb.New(t)
	var rules []words.Rule
	err := database.NewRaw(`SELECT id, kind, title, text, dose_text, version::text AS version, approver FROM word_rules`).Scan(t.Context(), &rules)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[words.Kind]int{}
	for _, r := range rules {
		kinds[r.Kind]++
		if r.Title == "" || len(r.Text) < 60 || r.Version != "2026-11-21" || r.Approver != "" {
			t.Errorf("%s is not complete: %+v", r.ID, r)
		}
		if (r.Kind == words.Care) != (r.DoseText != "") {
			t.Errorf("%s: words about a dose belong to medicines and herbs", r.ID)
		}
		if strings.Contains(r.Text+r.Title+r.DoseText, "!") {
			t.Errorf("%s raises its voice", r.ID)
		}
	}
	if kinds[words.Care] != 7 || kinds[words.Baby] != 3 || kinds[words.Crisis] != 1 {
		t.Errorf("the rules are %v", kinds)
	}
}

func TestAChangedRuleCountsAtOnce(t *testing.T) {
	t.Parallel()
	database := testdb.New(t)
	w := words.New(database)
	check(t, w, []said{{"shatavari", ""}})
	_, err := database.NewRaw(`INSERT INTO word_rules (id, kind, terms, title, text, version, position)
		VALUES ('shatavari', 'notice', '{shatavari}', 'Care note: shatavari', 'Little is known.', '2026-12-01', 20)`).Exec(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	check(t, w, []said{{"shatavari", "shatavari"}})
}
