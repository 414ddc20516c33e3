package near_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/near"
)

func TestWordsFindsWhatWasMeant(t *testing.T) {
	skills := []string{"kubernetes", "kotlin", "go", "c", "postgresql", "mysql", "react", "react-native"}
	for word, want := range map[string][]string{
		"kuberntes":  {"kubernetes"},
		"Kubernetse": {"kubernetes"},
		"kube":       {"kubernetes"},
		"raect":      {"react"},
		"g":          {"c", "go"},
		"postgres":   {"postgresql"},
		"zzzzzz":     nil,
		"":           nil,
	} {
		if got := near.Words(word, skills); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", word, got, want)
		}
	}
}

func TestWordsFindsAnyWordWithOneMistake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.StringMatching(`[a-zäöü]{4,20}`).Draw(t, "word"))
		typo := slices.Clone(word)
		i := rapid.IntRange(0, len(word)-2).Draw(t, "at")
		switch rapid.IntRange(0, 2).Draw(t, "mistake") {
		case 0:
			typo = slices.Delete(typo, i, i+1)
		case 1:
			typo[i], typo[i+1] = typo[i+1], typo[i]
		default:
			typo[i] = 'q'
		}
		if got := near.Words(string(typo), []string{string(word)}); len(got) != 1 {
			t.Fatalf("%q is not near %q", string(typo), string(word))
		}
	})
}
