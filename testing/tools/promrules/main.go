// Promrules reads Prometheus rule files as Prometheus itself does, and says what it would not take.
//
//	promrules FILE...   rule files
//	promrules -expr     one PromQL expression a line, from standard input
package main

import (
	"bufio"
	"fmt"
	"log/slog"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	promql := parser.NewParser(parser.Options{})
	bad := false
	if len(os.Args) == 2 && os.Args[1] == "-expr" {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			if _, err := promql.ParseExpr(lines.Text()); err != nil {
				fmt.Printf("%s: %v\n", lines.Text(), err)
				bad = true
			}
		}
	} else {
		for _, file := range os.Args[1:] {
			_, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, promql, slog.New(slog.DiscardHandler))
			for _, err := range errs {
				fmt.Println(err)
				bad = true
			}
		}
	}
	if bad {
		os.Exit(1)
	}
}
