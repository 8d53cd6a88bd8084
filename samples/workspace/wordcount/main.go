// Wordcount prints how often each word occurs in a text, the most frequent first.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
)

type entry struct {
	word  string
	count int
}

func countWords(scanner *bufio.Scanner) map[string]int {
	counts := make(map[string]int)
	scanner.Split(bufio.ScanWords)
	for scanner.Scan() {
		word := strings.ToLower(strings.Trim(scanner.Text(), ".,;:!?\"()"))
		if word != "" {
			counts[word]++
		}
	}
	return counts
}

func sortedByCount(counts map[string]int) []entry {
	entries := make([]entry, 0, len(counts))
	for word, count := range counts {
		entries = append(entries, entry{word, count})
	}
	sort.Slice(entries, func(i, j int) bool {
		return entries[i].count > entries[j].count
	})
	return entries
}

func main() {
	counts := countWords(bufio.NewScanner(os.Stdin))
	for _, entry := range sortedByCount(counts) {
		fmt.Printf("%6d %s\n", entry.count, entry.word)
	}
}
